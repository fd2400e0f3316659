/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test domain has beside its configuration. */
#include "runtime.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../number.h"

#define CLOCK_START 627319920	/* what a domain's clock shows at first */
#define POLL_MAX_NS 32768
#define IOTHREADS_MAX 16384	/* that can be told */

struct test_runtime *
test_runtime(struct test_domain *dom, struct error *err)
{
	if (dom->runtime == NULL) {
		dom->runtime = calloc(1, sizeof(*dom->runtime));
		if (dom->runtime == NULL) {
			error_nomem(err);
			return NULL;
		}
		dom->runtime->seconds = CLOCK_START;
	}
	return dom->runtime;
}

void
test_runtime_free(struct test_runtime *rt)
{
	if (rt != NULL)
		free(rt->iothreads);
	free(rt);
}

int
test_runtime_add_iothread(struct test_domain *dom, unsigned int id,
    struct error *err)
{
	struct test_runtime *rt = test_runtime(dom, err);
	struct test_iothread *list;

	if (rt == NULL)
		return -1;
	list = reallocarray(rt->iothreads, rt->n_iothreads + 1,
	    sizeof(*list));
	if (list == NULL)
		return error_nomem(err);
	rt->iothreads = list;
	list[rt->n_iothreads++] = (struct test_iothread) {
		.id = id,
		.poll_max_ns = POLL_MAX_NS,
	};
	return 0;
}

void
test_runtime_del_iothread(struct test_domain *dom, unsigned int id)
{
	struct test_runtime *rt = dom->runtime;

	for (unsigned int i = 0; rt != NULL && i < rt->n_iothreads; i++) {
		if (rt->iothreads[i].id != id)
			continue;
		rt->n_iothreads--;
		memmove(&rt->iothreads[i], &rt->iothreads[i + 1],
		    (rt->n_iothreads - i) * sizeof(rt->iothreads[0]));
		return;
	}
}

/* What one device says about the whole. */
static unsigned int
device_taint(const struct node *device)
{
	unsigned int taint = 0;

	if (node_is(device, "disk")) {
		if (node_attr_is(device, "rawio", "yes"))
			taint |= TEST_TAINT_HIGH_PRIVILEGES;
		if (node_attr_is(device, "device", "cdrom") &&
		    node_attr_is(device, "type", "block") &&
		    node_attr(node_child(device, "source"), "dev") != NULL)
			taint |= TEST_TAINT_CDROM_PASSTHROUGH;
	} else if (node_is(device, "hostdev")) {
		if (node_attr_is(device, "type", "scsi") &&
		    node_attr_is(device, "rawio", "yes"))
			taint |= TEST_TAINT_HIGH_PRIVILEGES;
	} else if (node_is(device, "interface")) {
		if (node_child(device, "script") != NULL)
			taint |= TEST_TAINT_SHELL_SCRIPTS;
	}
	return taint;
}

static unsigned int
config_taint(const struct node *root)
{
	const struct node *cpu = node_child(root, "cpu");
	const char *model = node_find_text(cpu, "model");
	unsigned int taint = 0;

	for (const struct node *d = node_child(node_child(root, "devices"),
	    NULL); d != NULL; d = node_next(d, NULL))
		taint |= device_taint(d);
	if (node_attr_is(cpu, "mode", "custom") && model != NULL &&
	    strcmp(model, "Deprecated-Test") == 0)
		taint |= TEST_TAINT_DEPRECATED_CONFIG;
	if (node_find(root, "os/dtb") != NULL)
		taint |= TEST_TAINT_CUSTOM_DTB;
	return taint;
}

int
test_runtime_load(struct test_domain *dom, struct error *err)
{
	const struct doc *config = test_domain_config(dom, err);
	const struct node *root;
	struct iothread_ids ids;
	unsigned int taint;
	int rc = 0;

	if (config == NULL)
		return -1;
	root = config->root;
	taint = config_taint(root);
	if (taint != 0) {
		if (test_runtime(dom, err) == NULL)
			return -1;
		dom->runtime->taint = taint;
	}
	if (node_child(root, "iothreads") == NULL)
		return 0;
	if (iothread_ids_read(root, &ids, err) != 0)
		return -1;
	for (unsigned int i = 0; rc == 0 && i < ids.n; i++)
		rc = test_runtime_add_iothread(dom, ids.id[i], err);
	iothread_ids_release(&ids);
	return rc;
}

void
iothread_ids_release(struct iothread_ids *ids)
{
	free(ids->id);
	memset(ids, 0, sizeof(*ids));
}

bool
iothread_ids_has(const struct iothread_ids *ids, unsigned int id)
{
	for (unsigned int i = 0; i < ids->n; i++) {
		if (ids->id[i] == id)
			return true;
	}
	return false;
}

int
iothread_ids_add(struct iothread_ids *ids, unsigned int id, struct error *err)
{
	unsigned int size = ids->size > 0 ? 2 * ids->size : 8, *list;

	if (ids->n == ids->size) {
		list = reallocarray(ids->id, size, sizeof(*list));
		if (list == NULL)
			return error_nomem(err);
		ids->id = list;
		ids->size = size;
	}
	ids->id[ids->n++] = id;
	return 0;
}

void
iothread_ids_del(struct iothread_ids *ids, unsigned int id)
{
	for (unsigned int i = 0; i < ids->n; i++) {
		if (ids->id[i] != id)
			continue;
		ids->n--;
		memmove(&ids->id[i], &ids->id[i + 1],
		    (ids->n - i) * sizeof(ids->id[0]));
		return;
	}
}

int
iothread_ids_read(const struct node *root, struct iothread_ids *out,
    struct error *err)
{
	struct iothread_ids named;
	const char *text;
	unsigned int n = 0, id;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	for (const struct node *t = node_find(root, "iothreadids/iothread");
	    rc == 0 && t != NULL; t = node_next(t, "iothread")) {
		text = node_attr(t, "id");
		if (text != NULL && number_u32(text, 10, &id) == 0)
			rc = iothread_ids_add(out, id, err);
	}
	text = node_find_text(root, "iothreads");
	if (text == NULL || number_u32(text, 10, &n) != 0)
		n = 0;
	if (n > IOTHREADS_MAX)
		n = IOTHREADS_MAX;
	/* The others have the lowest numbers that are free. */
	named = *out;
	for (id = 1; rc == 0 && out->n < n; id++) {
		named.id = out->id;
		if (!iothread_ids_has(&named, id))
			rc = iothread_ids_add(out, id, err);
	}
	if (rc != 0)
		iothread_ids_release(out);
	return rc;
}

struct test_domain *
test_enter(void *state, const struct xvm_domain *ref, unsigned int flags,
    unsigned int supported, const char *function, struct error *err)
{
	if (test_check_flags(flags, supported, function, err) != 0)
		return NULL;
	return test_domain_get(state, ref, err);
}

struct test_domain *
test_enter_active(void *state, const struct xvm_domain *ref,
    unsigned int flags, unsigned int supported, const char *function,
    struct error *err)
{
	if (test_check_flags(flags, supported, function, err) != 0)
		return NULL;
	return test_domain_get_active(state, ref, err);
}

uint64_t
test_statbase(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
