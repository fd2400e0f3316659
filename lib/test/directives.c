/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver's own elements in a domain's document. */
#include "directives.h"

#include <stdio.h>
#include <string.h>

#include "../number.h"

#define NAMESPACE "http://libvirt.org/schemas/domain/test/1.0"

/* Is the prefix (NULL: none) of n bytes the test driver's at this element? */
static bool
is_ours(const struct node *node, const char *prefix, size_t n)
{
	char name[64];
	const char *uri;
	int len;

	if (prefix == NULL)
		len = snprintf(name, sizeof(name), "xmlns");
	else
		len = snprintf(name, sizeof(name), "xmlns:%.*s", (int)n,
		    prefix);
	if (len < 0 || (size_t)len >= sizeof(name))
		return false;
	for (; node != NULL; node = node->parent) {
		uri = node_attr(node, name);
		if (uri != NULL)
			return strcmp(uri, NAMESPACE) == 0;
	}
	return false;
}

/* The name behind the prefix when the element is a directive, or NULL. */
static const char *
directive_name(const struct node *node)
{
	const char *colon = strchr(node->name, ':');

	if (colon != NULL && is_ours(node, node->name,
	    (size_t)(colon - node->name)))
		return colon + 1;
	if (colon == NULL && node_attr(node, "xmlns") != NULL &&
	    is_ours(node, NULL, 0))
		return node->name;
	return NULL;
}

static int
refuse(struct error *err, const char *what)
{
	return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR, "%s", what);
}

static int
read_run_state(const char *text, int *out, struct error *err)
{
	uint32_t value;

	if (text[0] == '\0')
		return 0;
	if (number_u32(text, 10, &value) != 0)
		return refuse(err, "invalid runstate");
	if (value > XVM_DOMAIN_PMSUSPENDED)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
		    "runstate '%d' out of range'", (int)value);
	*out = (int)value;
	return 0;
}

/* The declaration is of no use without the elements. */
static void
drop_declaration(struct node *domain)
{
	struct attr *a = domain->attrs, *next;

	for (; a != NULL; a = next) {
		next = a->next;
		if (strncmp(a->name, "xmlns:", 6) == 0 &&
		    strcmp(a->value, NAMESPACE) == 0)
			node_set_attr(domain, a->name, NULL);
	}
}

int
test_directives_take(struct node *domain, struct test_directives *out,
    struct error *err)
{
	struct node *n = node_child(domain, NULL), *next;
	bool has_state = false;

	memset(out, 0, sizeof(*out));
	out->run_state = XVM_DOMAIN_RUNNING;
	for (; n != NULL; n = next) {
		const char *name = directive_name(n);

		next = node_next(n, NULL);
		if (name == NULL)
			continue;
		out->any = true;
		if (strcmp(name, "domainsnapshot") == 0)
			out->n_snapshots++;
		else if (strcmp(name, "transient") == 0)
			out->transient = true;
		else if (strcmp(name, "hasmanagedsave") == 0)
			out->managed_save = true;
		else if (strcmp(name, "runstate") == 0 && !has_state) {
			has_state = true;
			if (read_run_state(node_text(n), &out->run_state,
			    err) != 0)
				return -1;
		}
		node_unlink(n);
	}
	drop_declaration(domain);
	if (out->transient && out->run_state == XVM_DOMAIN_SHUTOFF)
		return refuse(err,
		    "transient domain cannot have runstate 'shutoff'");
	if (out->managed_save && out->run_state != XVM_DOMAIN_SHUTOFF)
		return refuse(err, "domain with managedsave data can only "
		    "have runstate 'shutoff'");
	return 0;
}
