/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host from a node file: <node> with <cpu>, <memory> and <domain>s, in it or
 * in files of their own. What else a node has (networks, pools, interfaces,
 * devices) is accepted and not used.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../number.h"
#include "../xml.h"
#include "directives.h"
#include "plain.h"
#include "runtime.h"
#include "test.h"

/* A document from a file, with the root that is expected. */
static struct doc *
load_file(const char *path, const char *root, struct error *err)
{
	struct doc *doc = xml_parse_file(path, XVM_FROM_TEST, err);

	if (doc == NULL) {
		if (err->int1 == EISDIR)
			return xml_parse("", 0, path, XVM_FROM_TEST, err);
		if (err->code == XVM_ERR_SYSTEM_ERROR)
			error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
			    "failed to parse xml document '%s'", path);
		return NULL;
	}
	if (!node_is(doc->root, root)) {
		error_set(err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "expecting root element of '%s', not '%s'", root,
		    doc->root->name);
		doc_free(doc);
		return NULL;
	}
	return doc;
}

/* The text of the first <cpu>'s child of the name; "" when there is none. */
static const char *
cpu_text(const struct node *root, const char *name)
{
	const struct node *cpu = node_child(root, "cpu");

	for (; cpu != NULL; cpu = node_next(cpu, "cpu")) {
		if (node_child(cpu, name) != NULL)
			return node_text(node_child(cpu, name));
	}
	return "";
}

/* One of its numbers: 1 and *out set, 0: none, -1. */
static int
cpu_number(const struct node *root, const char *name, int *out,
    struct error *err)
{
	const char *text = cpu_text(root, name);
	uint32_t value;

	if (text[0] == '\0')
		return 0;
	if (number_u32(text, 10, &value) != 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
		    "invalid node cpu %s value", name);
	*out = (int)value;
	return 1;
}

static int
load_node_info(struct test_host *host, struct error *err)
{
	const struct node *root = host->file->root;
	const char *text;
	uint64_t memory;
	int active, rc;

	if (cpu_number(root, "nodes", &host->nodes, err) < 0 ||
	    cpu_number(root, "sockets", &host->sockets, err) < 0 ||
	    cpu_number(root, "cores", &host->cores, err) < 0 ||
	    cpu_number(root, "threads", &host->threads, err) < 0)
		return -1;
	host->cpus = (int)((unsigned int)host->nodes *
	    (unsigned int)host->sockets * (unsigned int)host->cores *
	    (unsigned int)host->threads);
	rc = cpu_number(root, "active", &active, err);
	if (rc > 0 && (unsigned int)active < (unsigned int)host->cpus)
		host->cpus = active;
	if (rc < 0 || cpu_number(root, "mhz", &host->mhz, err) < 0)
		return -1;
	text = cpu_text(root, "model");
	if (strlen(text) >= sizeof(host->model))
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "Model %s too big for destination", text);
	if (text[0] != '\0') {
		memset(host->model, 0, sizeof(host->model));
		memcpy(host->model, text, strlen(text));
	}
	text = node_find_text(root, "memory");
	if (text == NULL || text[0] == '\0')
		return 0;
	if (number_u64(text, 10, &memory) != 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
		    "invalid node memory value");
	host->memory_kib = memory;
	return 0;
}

/* The document of <domain file='...'>, beside the node file. */
static struct doc *
load_domain_file(const char *node_path, const char *file, struct error *err)
{
	const char *slash = strrchr(node_path, '/');
	struct doc *doc;
	char *path;

	if (file[0] == '/' || slash == NULL)
		return load_file(file, "domain", err);
	if (asprintf(&path, "%.*s/%s",
	    slash == node_path ? 1 : (int)(slash - node_path), node_path,
	    file) < 0) {
		error_nomem(err);
		return NULL;
	}
	doc = load_file(path, "domain", err);
	free(path);
	return doc;
}

/* The document that has the node as its root, whose memory is elsewhere. */
static struct doc *
borrow(struct node *node, struct error *err)
{
	struct doc *doc = doc_new();

	if (doc == NULL) {
		error_nomem(err);
		return NULL;
	}
	node_unlink(node);
	doc->root = node;
	return doc;
}

/*
 * Put a plain domain on the host as it is: 1, 0 when it is not plain or the
 * host has something of that name or UUID, -1.
 */
static int
load_plain(struct test_host *host, struct doc *config,
    struct test_domain **dom_out, struct error *err)
{
	struct plain_domain plain;
	struct test_domain *dom;

	if (!plain_domain_read(config->root, &plain) ||
	    test_find_uuid(host, plain.uuid) != NULL ||
	    test_find_name(host, plain.name) != NULL)
		return 0;
	dom = test_domain_new(plain.name, plain.uuid, err);
	if (dom == NULL) {
		doc_free(config);
		return -1;
	}
	dom->config = config;
	dom->raw = true;
	dom->memory_max_kib = plain.memory_max_kib;
	dom->memory_kib = plain.memory_kib;
	dom->vcpus = dom->vcpus_max = plain.vcpus;
	if (test_domain_insert(host, dom, err) != 0)
		return -1;
	*dom_out = dom;
	return 1;
}

/* The domain of a document (handed over, also on failure). */
static struct test_domain *
load_config(struct test_host *host, struct doc *config, struct error *err)
{
	struct test_domain *dom;
	bool updated;
	int rc = load_plain(host, config, &dom, err);

	if (rc < 0)
		return NULL;
	if (rc > 0)
		return dom;
	if (test_normalise_config(config, err) != 0) {
		doc_free(config);
		return NULL;
	}
	dom = test_domain_assign(host, config, false, &updated, err);
	if (dom == NULL || test_runtime_load(dom, err) != 0)
		return NULL;
	return dom;
}

/* One that has no UUID gets one, which may not change from now on. */
static int
need_uuid(struct node *domain, struct error *err)
{
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];

	if (node_child(domain, "uuid") != NULL)
		return 0;
	if (uuid_generate(uuid) != 0)
		return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_INTERNAL_ERROR,
		    "Failed to generate UUID");
	if (node_add_text(domain, "uuid", uuid_format(uuid, text)) == NULL)
		return error_nomem(err);
	return 0;
}

static int
load_domain(struct test_host *host, struct node *node, const char *path,
    struct error *err)
{
	const char *file = node_attr(node, "file");
	struct test_directives what;
	struct test_domain *dom;
	struct doc *config;

	config = file != NULL ? load_domain_file(path, file, err) : NULL;
	if (file != NULL && config == NULL)
		return -1;
	if (config != NULL)
		node = config->root;
	/* The prefixes may be declared further up: look before it is cut. */
	if (test_directives_take(node, &what, err) != 0 ||
	    need_uuid(node, err) != 0) {
		doc_free(config);
		return -1;
	}
	if (config == NULL && (config = borrow(node, err)) == NULL)
		return -1;
	dom = load_config(host, config, err);
	if (dom == NULL)
		return -1;
	dom->n_snapshots = what.n_snapshots;
	dom->persistent = !what.transient;
	dom->managed_save = what.managed_save;
	if (what.run_state != XVM_DOMAIN_SHUTOFF)
		test_domain_start(host, dom, XVM_DOMAIN_RUNNING_BOOTED);
	dom->state = what.run_state;
	dom->reason = 0;
	return 0;
}

/*
 * Users that must log in: nobody is asked here, so there is no way in. (The
 * name of each must be there.)
 */
static int
check_users(const struct node *root, struct error *err)
{
	const struct node *auth = node_child(root, "auth"), *user;
	bool any = false;

	for (; auth != NULL; auth = node_next(auth, "auth")) {
		user = node_child(auth, "user");
		for (; user != NULL; user = node_next(user, "user")) {
			if (node_text(user)[0] == '\0')
				return error_set(err, XVM_FROM_TEST,
				    XVM_ERR_XML_ERROR, "missing username in "
				    "/node/auth/user field");
			any = true;
		}
	}
	if (any)
		return error_set(err, XVM_FROM_AUTH, XVM_ERR_INVALID_ARG,
		    "Missing authentication credentials");
	return 0;
}

int
test_host_load(struct test_host *host, const char *path, struct error *err)
{
	struct node *node, *next;

	host->file = load_file(path, "node", err);
	if (host->file == NULL || load_node_info(host, err) != 0)
		return -1;
	node = node_child(host->file->root, "domain");
	for (; node != NULL; node = next) {
		next = node_next(node, "domain");
		if (load_domain(host, node, path, err) != 0)
			return -1;
	}
	return check_users(host->file->root, err);
}
