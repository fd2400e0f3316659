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

#include "../buf.h"
#include "../file.h"
#include "../number.h"
#include "../xml.h"
#include "directives.h"
#include "plain.h"
#include "runtime.h"
#include "test.h"

/* A file's bytes. Errors are those of libvirt's parser. */
static int
read_file(const char *path, struct buf *out, struct error *err)
{
	if (file_read(path, XML_SIZE_MAX, out, err) == 0)
		return 0;
	if (err->int1 == EISDIR)
		return 0;	/* for the parser an empty document */
	return error_set(err, XVM_FROM_TEST, XVM_ERR_XML_ERROR,
	    "failed to parse xml document '%s'", path);
}

static int
check_root(const struct node *root, const char *name, struct error *err)
{
	if (node_is(root, name))
		return 0;
	return error_set(err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
	    "expecting root element of '%s', not '%s'", name, root->name);
}

/* A domain's document from a file. */
static struct doc *
parse_file(const char *path, struct error *err)
{
	struct buf text = BUF_INIT;
	struct doc *doc = NULL;

	if (read_file(path, &text, err) == 0)
		doc = xml_parse(buf_str(&text), text.len, path, XVM_FROM_TEST,
		    err);
	buf_release(&text);
	if (doc != NULL && check_root(doc->root, "domain", err) != 0) {
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
load_node_info(struct test_host *host, const struct node *root,
    struct error *err)
{
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
		return parse_file(file, err);
	if (asprintf(&path, "%.*s/%s",
	    slash == node_path ? 1 : (int)(slash - node_path), node_path,
	    file) < 0) {
		error_nomem(err);
		return NULL;
	}
	doc = parse_file(path, err);
	free(path);
	return doc;
}

/* The domains of one file on their way to the host. */
struct loader {
	struct test_host *host;
	const char *path;
	struct error err;	/* the first one; the rest is not loaded then */
};

/*
 * Put a plain domain on the host with no more than its figures: 1, 0 when it
 * is not plain or the host has something of that name or UUID, -1.
 */
static int
load_plain(struct test_host *host, const struct node *node,
    const char *source, size_t n, struct test_domain **dom_out,
    struct error *err)
{
	unsigned char uuid[UUID_SIZE];
	struct plain_domain plain;
	struct test_domain *dom;

	if (source == NULL || !plain_domain_read(node, &plain))
		return 0;
	if (plain.uuid != NULL ? uuid_parse(plain.uuid, uuid) != 0 :
	    uuid_generate(uuid) != 0)
		return 0;
	if (test_find_uuid(host, uuid) != NULL ||
	    test_find_name(host, plain.name) != NULL)
		return 0;
	dom = test_domain_new(plain.name, uuid, err);
	if (dom == NULL)
		return -1;
	dom->source = source;
	dom->source_len = n;
	dom->memory_max_kib = plain.memory_max_kib;
	dom->memory_kib = plain.memory_kib;
	dom->vcpus = dom->vcpus_max = plain.vcpus;
	if (test_domain_insert(host, dom, err) != 0)
		return -1;
	*dom_out = dom;
	return 1;
}

/* A domain by its whole configuration (handed over, also on failure). */
static struct test_domain *
load_config(struct test_host *host, struct doc *config, struct error *err)
{
	struct test_domain *dom;
	bool updated;

	if (test_normalise_config(config, err) != 0) {
		doc_free(config);
		return NULL;
	}
	dom = test_domain_assign(host, config, false, &updated, err);
	if (dom == NULL || test_runtime_load(dom, err) != 0)
		return NULL;
	return dom;
}

/* One domain's document (handed over, also on failure). */
static int
load_domain(struct loader *l, struct doc *doc, const char *source, size_t n)
{
	bool declares = doc->root->parent->attrs != NULL;
	const char *file = node_attr(doc->root, "file");
	struct test_directives what;
	struct test_domain *dom = NULL;
	struct doc *other;
	int rc;

	if (file != NULL) {
		other = load_domain_file(l->path, file, &l->err);
		doc_free(doc);
		if (other == NULL)
			return -1;
		doc = other;
		source = NULL;
	}
	rc = test_directives_take(doc->root, &what, &l->err);
	doc->root->parent = NULL;
	/* Their prefix may be declared above: its text alone is not enough. */
	if (what.any && declares)
		source = NULL;
	if (rc == 0)
		rc = load_plain(l->host, doc->root, source, n, &dom, &l->err);
	if (rc != 0)
		doc_free(doc);
	else
		dom = load_config(l->host, doc, &l->err);
	if (dom == NULL)
		return -1;
	dom->n_snapshots = what.n_snapshots;
	dom->persistent = !what.transient;
	dom->managed_save = what.managed_save;
	if (what.run_state != XVM_DOMAIN_SHUTOFF)
		test_domain_start(l->host, dom, XVM_DOMAIN_RUNNING_BOOTED);
	dom->state = what.run_state;
	dom->reason = 0;
	return 0;
}

/*
 * The parser's next domain. What is wrong with it counts only if the file is
 * a well-formed <node>, so reading goes on.
 */
static bool
on_domain(void *arg, struct doc *doc, const char *source, size_t n)
{
	struct loader *l = arg;

	if (l->err.code != XVM_ERR_OK || !node_is(doc->root->parent, "node"))
		doc_free(doc);
	else
		(void)load_domain(l, doc, source, n);
	return true;
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
	struct loader l = { .host = host, .path = path, .err = ERROR_INIT };
	struct buf text = BUF_INIT;
	int rc = -1;

	if (read_file(path, &text, err) != 0) {
		buf_release(&text);
		return -1;
	}
	host->file = xml_parse_children(buf_str(&text), text.len, path,
	    XVM_FROM_TEST, "domain", on_domain, &l, err);
	host->file_text = buf_detach(&text);
	if (host->file == NULL ||
	    check_root(host->file->root, "node", err) != 0 ||
	    load_node_info(host, host->file->root, err) != 0)
		goto out;
	if (l.err.code != XVM_ERR_OK) {
		error_move(err, &l.err);
		goto out;
	}
	rc = check_users(host->file->root, err);
out:
	error_release(&l.err);
	return rc;
}
