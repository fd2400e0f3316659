/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domains of a test host: finding, adding, removing, their trees. */
#include <stdlib.h>
#include <string.h>

#include "../domain_view.h"
#include "test.h"

#define BUCKETS_FIRST 64

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

static void
chain(struct test_host *host, struct test_domain *dom)
{
	struct test_domain **p = name_slot(host, dom->name);

	dom->next_by_name = *p;
	*p = dom;
	p = uuid_slot(host, dom->uuid);
	dom->next_by_uuid = *p;
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
}

/* Room for one more in the list and the tables. */
static int
grow(struct test_host *host, struct error *err)
{
	size_t n = host->domains_size ? 2 * host->domains_size : BUCKETS_FIRST;
	struct test_domain **list, **names, **uuids;

	if (host->n_domains < host->domains_size)
		return 0;
	list = reallocarray(host->domains, n, sizeof(*list));
	if (list == NULL)
		return error_nomem(err);
	host->domains = list;
	names = calloc(n, sizeof(*names));
	uuids = calloc(n, sizeof(*uuids));
	if (names == NULL || uuids == NULL) {
		free(names);
		free(uuids);
		return error_nomem(err);
	}
	free(host->by_name);
	free(host->by_uuid);
	host->by_name = names;
	host->by_uuid = uuids;
	host->n_buckets = host->domains_size = n;
	for (size_t i = 0; i < host->n_domains; i++)
		chain(host, host->domains[i]);
	return 0;
}

struct test_domain *
test_find_id(struct test_host *host, int id)
{
	for (size_t i = 0; i < host->n_domains; i++) {
		if (host->domains[i]->id == id && id >= 0)
			return host->domains[i];
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

struct test_domain *
test_domain_get_active(struct test_conn *tc, const struct xvm_domain *ref,
    struct error *err)
{
	struct test_domain *dom = test_domain_get(tc, ref, err);

	if (dom != NULL && dom->id < 0) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_OPERATION_INVALID,
		    "domain is not running");
		return NULL;
	}
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
	host->domains[host->n_domains++] = dom;
	chain(host, dom);
	return 0;
}

struct test_domain *
test_domain_add(struct test_host *host, struct doc *config, struct error *err)
{
	unsigned char uuid[UUID_SIZE];
	struct test_domain *dom;

	domain_view_uuid(config->root, uuid);
	dom = test_domain_new(domain_view_name(config->root), uuid, err);
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
	size_t i = 0;

	unchain(host, dom);
	while (host->domains[i] != dom)
		i++;
	host->n_domains--;
	memmove(&host->domains[i], &host->domains[i + 1],
	    (host->n_domains - i) * sizeof(dom));
	domain_free(dom);
}

struct doc *
test_domain_config(struct test_domain *dom, struct error *err)
{
	if (dom->config == NULL && dom->builtin)
		dom->config = test_default_config(err);
	return dom->config;
}

int
test_domain_set_config(struct test_host *host, struct test_domain *dom,
    struct doc *config, struct error *err)
{
	doc_free(dom->config);
	dom->config = config;
	return test_domain_refresh(host, dom, err);
}

int
test_domain_refresh(struct test_host *host, struct test_domain *dom,
    struct error *err)
{
	const struct node *root = dom->config->root;
	const char *name = domain_view_name(root);
	char *copy;

	if (strcmp(name, dom->name) != 0) {
		copy = strdup(name);
		if (copy == NULL)
			return error_nomem(err);
		unchain(host, dom);
		free(dom->name);
		dom->name = copy;
		chain(host, dom);
	}
	dom->memory_max_kib = domain_view_memory_max(root);
	dom->memory_kib = domain_view_memory(root);
	dom->vcpus_max = domain_view_vcpus_max(root);
	dom->vcpus = domain_view_vcpus(root);
	return 0;
}

int
test_domain_ref(const struct test_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	out->name = strdup(dom->name);
	if (out->name == NULL)
		return error_nomem(err);
	memcpy(out->uuid, dom->uuid, UUID_SIZE);
	out->id = dom->id;
	return 0;
}
