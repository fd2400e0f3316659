/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domains of a test host: finding, adding, removing, their figures. */
#include <stdlib.h>
#include <string.h>

#include "../call_check.h"
#include "../number.h"
#include "test.h"

#define BUCKETS_FIRST 16

static size_t
hash_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t h = 14695981039346656037u;	/* FNV-1a */

	while (n-- > 0)
		h = (h ^ *p++) * 1099511628211u;
	return h;
}

static struct test_domain **
name_slot(struct test_host *host, const char *name)
{
	return &host->by_name[hash_bytes(name, strlen(name)) &
	    (host->n_buckets - 1)];
}

static struct test_domain **
uuid_slot(struct test_host *host, const unsigned char *uuid)
{
	return &host->by_uuid[hash_bytes(uuid, UUID_SIZE) &
	    (host->n_buckets - 1)];
}

static struct test_domain **
id_slot(struct test_host *host, int id)
{
	return &host->by_id[(size_t)id & (host->n_buckets - 1)];
}

static void
chain(struct test_host *host, struct test_domain *dom)
{
	struct test_domain **p = name_slot(host, dom->name);

	dom->next_by_name = *p;
	*p = dom;
	p = uuid_slot(host, dom->uuid);
	dom->next_by_uuid = *p;
	*p = dom;
	if (dom->id < 0)
		return;
	p = id_slot(host, dom->id);
	dom->next_by_id = *p;
	*p = dom;
}

static void
unchain(struct test_host *host, struct test_domain *dom)
{
	struct test_domain **p;

	for (p = name_slot(host, dom->name); *p != dom;
	    p = &(*p)->next_by_name)
		continue;
	*p = dom->next_by_name;
	for (p = uuid_slot(host, dom->uuid); *p != dom;
	    p = &(*p)->next_by_uuid)
		continue;
	*p = dom->next_by_uuid;
	if (dom->id < 0)
		return;
	for (p = id_slot(host, dom->id); *p != dom; p = &(*p)->next_by_id)
		continue;
	*p = dom->next_by_id;
}

/* Room for one more in the tables. */
static int
grow(struct test_host *host, struct error *err)
{
	size_t n = host->n_buckets != 0 ? 2 * host->n_buckets : BUCKETS_FIRST;
	struct test_domain **tables;

	if (host->n_domains < host->n_buckets)
		return 0;
	tables = calloc(3 * n, sizeof(struct test_domain *));
	if (tables == NULL)
		return error_nomem(err);
	free(host->by_name);
	host->by_name = tables;
	host->by_uuid = tables + n;
	host->by_id = tables + 2 * n;
	host->n_buckets = n;
	for (struct test_domain *d = host->first; d != NULL; d = d->next)
		chain(host, d);
	return 0;
}

struct test_domain *
test_find_id(struct test_host *host, int id)
{
	struct test_domain *dom;

	if (host->n_buckets == 0 || id < 0)
		return NULL;
	for (dom = *id_slot(host, id); dom != NULL; dom = dom->next_by_id) {
		if (dom->id == id)
			return dom;
	}
	return NULL;
}

struct test_domain *
test_find_name(struct test_host *host, const char *name)
{
	struct test_domain *dom;

	if (host->n_buckets == 0)
		return NULL;
	for (dom = *name_slot(host, name); dom != NULL;
	    dom = dom->next_by_name) {
		if (strcmp(dom->name, name) == 0)
			return dom;
	}
	return NULL;
}

struct test_domain *
test_find_uuid(struct test_host *host, const unsigned char *uuid)
{
	struct test_domain *dom;

	if (host->n_buckets == 0)
		return NULL;
	for (dom = *uuid_slot(host, uuid); dom != NULL;
	    dom = dom->next_by_uuid) {
		if (memcmp(dom->uuid, uuid, UUID_SIZE) == 0)
			return dom;
	}
	return NULL;
}

struct test_domain *
test_domain_get(struct test_conn *tc, const struct xvm_domain *ref,
    struct error *err)
{
	struct test_domain *dom = test_find_uuid(tc->host,
	    UUID_BYTES(ref->uuid));
	char text[UUID_TEXT_SIZE];

	if (dom == NULL)
		error_set(err, XVM_FROM_TEST, XVM_ERR_NO_DOMAIN,
		    "no domain with matching uuid '%s' (%s)",
		    uuid_format(UUID_BYTES(ref->uuid), text), ref->name);
	return dom;
}

int
test_check_active(const struct test_domain *dom, struct error *err)
{
	if (dom->id >= 0)
		return 0;
	/* libvirt's part for domains of any kind reports this. */
	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OPERATION_INVALID,
	    "domain is not running");
}

struct test_domain *
test_domain_get_active(struct test_conn *tc, const struct xvm_domain *ref,
    struct error *err)
{
	struct test_domain *dom = test_domain_get(tc, ref, err);

	if (dom != NULL && test_check_active(dom, err) != 0)
		return NULL;
	return dom;
}

static void
domain_free(struct test_domain *dom)
{
	doc_free(dom->config);
	doc_free(dom->next_config);
	test_runtime_free(dom->runtime);
	free(dom->name);
	free(dom);
}

struct test_domain *
test_domain_new(const char *name, const unsigned char *uuid,
    struct error *err)
{
	struct test_domain *dom = calloc(1, sizeof(*dom));

	if (dom == NULL || (dom->name = strdup(name)) == NULL) {
		free(dom);
		error_nomem(err);
		return NULL;
	}
	memcpy(dom->uuid, uuid, UUID_SIZE);
	dom->id = -1;
	dom->state = XVM_DOMAIN_SHUTOFF;
	return dom;
}

int
test_domain_insert(struct test_host *host, struct test_domain *dom,
    struct error *err)
{
	if (grow(host, err) != 0) {
		domain_free(dom);
		return -1;
	}
	dom->prev = host->last;
	dom->next = NULL;
	if (host->last != NULL)
		host->last->next = dom;
	else
		host->first = dom;
	host->last = dom;
	host->n_domains++;
	chain(host, dom);
	return 0;
}

void
test_domain_set_id(struct test_host *host, struct test_domain *dom, int id)
{
	unchain(host, dom);
	dom->id = id;
	chain(host, dom);
}

struct test_domain *
test_domain_add(struct test_host *host, struct doc *config, struct error *err)
{
	const char *name = node_find_text(config->root, "name");
	const char *text = node_find_text(config->root, "uuid");
	unsigned char uuid[UUID_SIZE];
	struct test_domain *dom;

	if (name == NULL || text == NULL || uuid_parse(text, uuid) != 0) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "configuration without name or UUID");
		doc_free(config);
		return NULL;
	}
	dom = test_domain_new(name, uuid, err);
	if (dom == NULL) {
		doc_free(config);
		return NULL;
	}
	dom->config = config;
	if (test_domain_insert(host, dom, err) != 0)
		return NULL;
	if (test_domain_refresh(host, dom, err) != 0) {
		test_domain_remove(host, dom);
		return NULL;
	}
	return dom;
}

void
test_domain_remove(struct test_host *host, struct test_domain *dom)
{
	unchain(host, dom);
	if (dom->prev != NULL)
		dom->prev->next = dom->next;
	else
		host->first = dom->next;
	if (dom->next != NULL)
		dom->next->prev = dom->prev;
	else
		host->last = dom->prev;
	host->n_domains--;
	domain_free(dom);
}

/* An element's text as a number; 0 when it is missing or not one. */
static uint64_t
number_of(const struct node *root, const char *path)
{
	const char *text = node_find_text(root, path);
	uint64_t value;

	if (text == NULL || number_u64(text, 10, &value) != 0)
		return 0;
	return value;
}

int
test_domain_refresh(struct test_host *host, struct test_domain *dom,
    struct error *err)
{
	const struct node *root;
	const char *name, *current;
	uint32_t vcpus;
	char *copy;

	if (test_domain_config(dom, err) == NULL)
		return -1;
	root = dom->config->root;
	name = node_find_text(root, "name");
	if (name != NULL && strcmp(name, dom->name) != 0) {
		copy = strdup(name);
		if (copy == NULL)
			return error_nomem(err);
		unchain(host, dom);
		free(dom->name);
		dom->name = copy;
		chain(host, dom);
	}
	dom->memory_max_kib = number_of(root, "memory");
	dom->memory_kib = number_of(root, "currentMemory");
	dom->vcpus = dom->vcpus_max = (unsigned int)number_of(root, "vcpu");
	current = node_attr(node_child(root, "vcpu"), "current");
	if (current != NULL && number_u32(current, 10, &vcpus) == 0)
		dom->vcpus = vcpus;
	return 0;
}

int
test_domain_ref(const struct test_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	memcpy(out->uuid, dom->uuid, UUID_SIZE);
	out->id = dom->id;
	return test_text(dom->name, &out->name, err);
}

int
test_text(const char *s, char **out, struct error *err)
{
	*out = strdup(s);
	return *out != NULL ? 0 : error_nomem(err);
}

int
test_check_flags(unsigned int flags, unsigned int supported,
    const char *function, struct error *err)
{
	return call_check_flags(flags, supported, XVM_FROM_TEST, function, err);
}
