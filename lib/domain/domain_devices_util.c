/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small things that several kinds of devices need. */
#include "domain_devices.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <string.h>

#include "../number.h"

static bool
in_table(const struct rule_attr *table, const char *name)
{
	for (; table != NULL && table->name != NULL; table++) {
		if (strcmp(table->name, name) == 0)
			return true;
	}
	return false;
}

void
drop_attrs(
    struct node *node, const struct rule_attr *table, const char *const *known)
{
	struct attr **p = &node->attrs;

	while (*p != NULL) {
		if (enum_index(known, (*p)->name) >= 0 &&
		    !in_table(table, (*p)->name))
			*p = (*p)->next;
		else
			p = &(*p)->next;
	}
}

void
drop_children(struct node *node, const char *name)
{
	struct node *next;

	for (struct node *c = node_child(node, name); c != NULL; c = next) {
		next = node_next(c, name);
		node_unlink(c);
	}
}

void
zero_attrs(struct node *node, const struct rule_attr *table)
{
	for (; table->name != NULL; table++) {
		if (table->kind == VALUE_UINT)
			(void)node_default_attr(node, table->name, "0");
	}
}

uint64_t
attr_number(const struct node *node, const char *name, uint64_t fallback)
{
	const char *value = node_attr(node, name);
	uint64_t n;

	if (value == NULL || number_u64_wrap(value, 0, &n) != 0)
		return fallback;
	return n;
}

bool
attr_starts(const struct node *node, const char *name, const char *prefix)
{
	const char *value = node_attr(node, name);

	return value != NULL && strncmp(value, prefix, strlen(prefix)) == 0;
}

int
sanitise_path(struct rule_ctx *ctx, struct node *node, const char *name)
{
	const char *path = node_attr(node, name), *uri;
	char *clean, *to;

	if (path == NULL ||
	    ((uri = strstr(path, "://")) != NULL && strchr(path, '/') > uri))
		return 0;
	clean = to = doc_strdup(ctx->doc, path);
	if (clean == NULL)
		return error_nomem(ctx->err);
	if (path[0] == '/' && path[1] == '/' && path[2] != '/') {
		path += 2;
		to += 2;
	}
	while (*path != '\0') {
		if (*path != '/') {
			*to++ = *path++;
			continue;
		}
		path += strspn(path, "/");
		if (to != clean && *path == '\0')
			break;
		*to++ = '/';
	}
	*to = '\0';
	if (strcmp(clean, node_attr(node, name)) != 0)
		node_set_attr(node, name, clean);
	return 0;
}

int
check_no_virtio(struct rule_ctx *ctx, const struct node *driver)
{
	if (node_attr(driver, "iommu") != NULL)
		return refuse_config(ctx,
		    "iommu driver option is only supported for virtio devices");
	if (node_attr(driver, "ats") != NULL)
		return refuse_config(ctx,
		    "ats driver option is only supported for virtio devices");
	if (node_attr(driver, "packed") != NULL)
		return refuse_config(ctx,
		    "packed driver option is only supported for virtio "
		    "devices");
	if (node_attr(driver, "page_per_vq") != NULL)
		return refuse_config(ctx,
		    "page_per_vq option is only supported for virtio devices");
	return 0;
}

const char *
child_text(const struct node *node, const char *name)
{
	const char *text = node_text(node_child(node, name));

	return text == NULL || text[0] == '\0' ? NULL : text;
}

int
bytes_child(struct rule_ctx *ctx, struct node *node, const char *xpath)
{
	static const char *const order[] = {"unit", NULL};
	uint64_t bytes = 0;

	if (element_bytes(ctx, node, xpath, 1, UINT64_MAX, &bytes) < 0)
		return -1;
	if (bytes == 0) {
		node_unlink(node);
		return 0;
	}
	node_set_attr(node, "unit", "bytes");
	node_order_attrs(node, order);
	node_set_text(
	    node, doc_printf(ctx->doc, "%llu", (unsigned long long)bytes));
	return 0;
}

int
numeric_family(const char *address)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found;
	int family;

	if (getaddrinfo(address, NULL, &hints, &found) != 0)
		return -1;
	family = found->ai_family;
	freeaddrinfo(found);
	return family;
}

int
canonical_ip(
    struct rule_ctx *ctx, struct node *node, const char *name, int family)
{
	const char *address = node_attr(node, name);
	struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST,
	    .ai_family = family,
	};
	struct addrinfo *found;
	char text[NI_MAXHOST];
	int rc;

	rc = getaddrinfo(address, NULL, &hints, &found);
	if (rc != 0)
		return refuse(ctx, XVM_ERR_SYSTEM_ERROR,
		    "Cannot parse socket address '%s': %s", address,
		    gai_strerror(rc));
	rc = getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof(text),
	    NULL, 0, NI_NUMERICHOST);
	family = found->ai_family;
	freeaddrinfo(found);
	if (rc != 0)
		return refuse(ctx, XVM_ERR_SYSTEM_ERROR,
		    "Cannot convert socket address to string: %s",
		    gai_strerror(rc));
	if (strcmp(text, address) != 0)
		node_set_attr(node, name, text);
	return family;
}

bool
is_virtio_model(const char *model)
{
	return model != NULL && strncmp(model, "virtio", 6) == 0 &&
	       (model[6] == '\0' || strcmp(model + 6, "-transitional") == 0 ||
		   strcmp(model + 6, "-non-transitional") == 0);
}

int
disk_index(const char *name)
{
	static const char *const prefixes[] = {
	    "fd", "hd", "vd", "sd", "xvd", "ubd", NULL};
	const char *p = NULL;
	int n = 0;

	for (size_t i = 0; p == NULL && prefixes[i] != NULL; i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			p = name + strlen(prefixes[i]);
	}
	if (p == NULL || !islower((unsigned char)*p))
		return -1;
	for (bool more = false; islower((unsigned char)*p); p++, more = true) {
		n = (n + more) * 26 + *p - 'a';
		if (n > INT32_MAX / 32)
			return -1;
	}
	p += strspn(p, "0123456789");
	return *p == '\0' ? n : -1;
}
