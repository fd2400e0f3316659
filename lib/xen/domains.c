/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's domains, from Xen, xenstore and the store of defined ones. */
#include "domains.h"

#include <stdlib.h>
#include <string.h>

#include <xen/sched.h>

#include "../xml.h"
#include "defined.h"
#include "store.h"
#include "userdata.h"

int
xen_text(const char *s, char **out, struct error *err)
{
	*out = strdup(s);
	return *out != NULL ? 0 : error_nomem(err);
}

int
xen_store_run(struct xen_conn *xen, struct store_batch *batch,
    struct error *err)
{
	if (xen->store == NULL)
		xen->store = store_open(err);
	if (xen->store == NULL)
		return -1;
	if (store_run(xen->store, batch, err) == 0)
		return 0;
	store_close(xen->store);
	xen->store = NULL;
	return -1;
}

void
xen_domain_release(struct xen_domain *dom)
{
	free(dom->name);
	dom->name = NULL;
}

void
xen_domains_release(struct xen_domains *list)
{
	for (size_t i = 0; i < list->n; i++)
		xen_domain_release(&list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = 0;
}

int
xen_check_active(const struct xen_domain *dom, struct error *err)
{
	if (dom->id >= 0)
		return 0;
	/* libvirt's part for domains of any kind reports this. */
	return error_set(err, XVM_FROM_DOMAIN, XVM_ERR_OPERATION_INVALID,
	    "domain is not running");
}

int
xen_check_built(const struct xen_domain *dom, struct error *err)
{
	if (dom->id < 0 || dom->state != XVM_DOMAIN_PAUSED ||
	    dom->reason != XVM_DOMAIN_PAUSED_STARTING_UP)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
	    "domain %d is being built, or was left half built", dom->id);
}

int
xen_domain_ref(const struct xen_domain *dom, struct xvm_domain *out,
    struct error *err)
{
	memcpy(out->uuid, dom->uuid, UUID_SIZE);
	out->id = dom->id;
	return xen_text(dom->name, &out->name, err);
}

/* --- states --------------------------------------------------------------- */

/* It is not dying, and has stopped by itself. */
static void
tell_shutdown(struct xen_domain *dom, unsigned int why)
{
	switch (why) {
	case SHUTDOWN_crash:
		dom->state = XVM_DOMAIN_CRASHED;
		dom->reason = XVM_DOMAIN_CRASHED_PANICKED;
		break;
	case SHUTDOWN_watchdog:
		dom->state = XVM_DOMAIN_CRASHED;
		dom->reason = XVM_DOMAIN_CRASHED_UNKNOWN;
		break;
	case SHUTDOWN_suspend:
		dom->state = XVM_DOMAIN_PAUSED;
		dom->reason = XVM_DOMAIN_PAUSED_SAVE;
		break;
	case SHUTDOWN_soft_reset:
		dom->state = XVM_DOMAIN_PAUSED;
		dom->reason = XVM_DOMAIN_PAUSED_STARTING_UP;
		break;
	default:
		dom->state = XVM_DOMAIN_SHUTDOWN;
		dom->reason = XVM_DOMAIN_SHUTDOWN_USER;
		break;
	}
}

void
xen_domain_tell_state(struct xen_domain *dom)
{
	uint32_t flags = dom->info.flags;

	if ((flags & XEN_DOMINF_dying) != 0) {
		dom->state = XVM_DOMAIN_SHUTDOWN;
		dom->reason = XVM_DOMAIN_SHUTDOWN_UNKNOWN;
	} else if ((flags & XEN_DOMINF_shutdown) != 0) {
		tell_shutdown(dom, flags >> XEN_DOMINF_shutdownshift &
		    XEN_DOMINF_shutdownmask);
	} else if ((flags & XEN_DOMINF_paused) != 0) {
		dom->state = XVM_DOMAIN_PAUSED;
		/* Whoever builds one lets it run last. */
		dom->reason = userdata_exists(dom->id, dom->uuid,
		    USERDATA_CONFIG) ? XVM_DOMAIN_PAUSED_USER :
		    XVM_DOMAIN_PAUSED_STARTING_UP;
	} else {
		dom->state = XVM_DOMAIN_RUNNING;
		dom->reason = dom->id == 0 ? XVM_DOMAIN_RUNNING_BOOTED :
		    XVM_DOMAIN_RUNNING_UNKNOWN;
	}
}

static void
fill_running(struct xen_domain *dom, const xen_domctl_getdomaininfo_t *info)
{
	memset(dom, 0, sizeof(*dom));
	dom->id = info->domain;
	dom->info = *info;
	memcpy(dom->uuid, info->handle, UUID_SIZE);
	/* The control domain cannot be undefined either. */
	dom->persistent = dom->id == 0;
	xen_domain_tell_state(dom);
}

/* --- loading --------------------------------------------------------------- */

/* The names of n domains that run, in one exchange. */
static int
load_names(struct xen_conn *xen, struct xen_domain *v, size_t n,
    struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	unsigned int q = 0;
	int rc;

	for (size_t i = 0; i < n; i++) {
		if (v[i].name == NULL)
			(void)store_add(&batch, STORE_READ,
			    "/local/domain/%d/name", v[i].id);
	}
	rc = xen_store_run(xen, &batch, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *name;

		if (v[i].name != NULL)
			continue;
		name = store_value(&batch, q++, NULL);
		v[i].nameless = name == NULL || *name == '\0';
		rc = xen_text(v[i].nameless ? XEN_NAMELESS : name, &v[i].name,
		    err);
	}
	store_batch_release(&batch);
	return rc;
}

int
xen_domains_name(struct xen_conn *xen, struct xen_domains *list,
    struct error *err)
{
	return load_names(xen, list->v, list->n, err);
}

static int
compare_uuids(const void *a, const void *b)
{
	return memcmp((*(struct xen_domain *const *)a)->uuid,
	    (*(struct xen_domain *const *)b)->uuid, UUID_SIZE);
}

/* Add what is defined behind the n_running domains that room was made for. */
static int
merge_defined(struct xen_domains *list, const struct defined *v, size_t n,
    struct error *err)
{
	size_t n_running = list->n;
	struct xen_domain **by_uuid = calloc(n_running + 1,
	    sizeof(*by_uuid));
	int rc = 0;

	if (by_uuid == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < n_running; i++)
		by_uuid[i] = &list->v[i];
	qsort(by_uuid, n_running, sizeof(*by_uuid), compare_uuids);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct xen_domain key = { 0 }, *k = &key, **found, *dom;

		memcpy(key.uuid, v[i].uuid, UUID_SIZE);
		found = bsearch(&k, by_uuid, n_running, sizeof(*by_uuid),
		    compare_uuids);
		dom = found != NULL ? *found : &list->v[list->n];
		if (found == NULL) {
			memset(dom, 0, sizeof(*dom));
			dom->id = -1;
			dom->state = XVM_DOMAIN_SHUTOFF;
			memcpy(dom->uuid, v[i].uuid, UUID_SIZE);
			rc = xen_text(v[i].name, &dom->name, err);
			list->n++;
		}
		dom->persistent = true;
		dom->autostart = v[i].autostart;
	}
	free(by_uuid);
	return rc;
}

int
xen_domains_load(struct xen_conn *xen, unsigned int what,
    struct xen_domains *out, struct error *err)
{
	struct defined *defined = NULL;
	size_t n_defined = 0;
	int rc;

	memset(out, 0, sizeof(*out));
	if ((what & XEN_LOAD_DEFINED) != 0 &&
	    defined_list(&defined, &n_defined, err) != 0)
		return -1;
	rc = hyper_list(xen->xc, &xen->list, err);
	if (rc != 0)
		goto out;
	out->v = calloc(xen->list.n + n_defined + 1, sizeof(*out->v));
	if (out->v == NULL) {
		rc = error_nomem(err);
		goto out;
	}
	for (unsigned int i = 0; i < xen->list.n; i++)
		fill_running(&out->v[out->n++], &xen->list.v[i]);
	if ((what & XEN_LOAD_NAMES) != 0)
		rc = xen_domains_name(xen, out, err);
	if (rc == 0 && n_defined > 0)
		rc = merge_defined(out, defined, n_defined, err);
out:
	defined_list_free(defined, n_defined);
	return rc;
}

/*
 * One that is dying has left when another with its UUID is there already. Dom0
 * has a UUID of zeros, as domains without one have: it is asked by id.
 */
static int
find_running(struct xen_conn *xen, int id, const unsigned char *uuid,
    struct xen_domain *out, struct error *err)
{
	static const unsigned char zeros[UUID_SIZE];
	xen_domctl_getdomaininfo_t info;
	int rc, found = 0;

	if (id < 0 && memcmp(uuid, zeros, UUID_SIZE) == 0)
		id = 0;
	if (id >= 0) {
		rc = hyper_get(xen->xc, id, &info, err);
		if (rc < 0)
			return -1;
		if (rc == 1 && memcmp(info.handle, uuid, UUID_SIZE) == 0 &&
		    (info.flags & XEN_DOMINF_dying) == 0) {
			fill_running(out, &info);
			return 1;
		}
	}
	if (hyper_list(xen->xc, &xen->list, err) != 0)
		return -1;
	for (unsigned int i = 0; i < xen->list.n; i++) {
		if (memcmp(xen->list.v[i].handle, uuid, UUID_SIZE) != 0)
			continue;
		fill_running(out, &xen->list.v[i]);
		found = 1;
		if ((out->info.flags & XEN_DOMINF_dying) == 0)
			break;
	}
	return found;
}

int
xen_domain_find(struct xen_conn *xen, const struct xvm_domain *ref,
    struct xen_domain *out, struct error *err)
{
	char text[UUID_TEXT_SIZE];
	struct defined defined;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = find_running(xen, ref->id, UUID_BYTES(ref->uuid), out, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = defined_find(NULL, UUID_BYTES(ref->uuid), &defined, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_NO_DOMAIN,
		    "no domain with matching uuid '%s' (%s)",
		    uuid_format(UUID_BYTES(ref->uuid), text), ref->name);
	out->id = -1;
	out->state = XVM_DOMAIN_SHUTOFF;
	memcpy(out->uuid, defined.uuid, UUID_SIZE);
	out->persistent = true;
	out->autostart = defined.autostart;
	out->name = defined.name;
	defined.name = NULL;
	defined_release(&defined);
	return 0;
}

int
xen_domain_find_active(struct xen_conn *xen, const struct xvm_domain *ref,
    struct xen_domain *out, struct error *err)
{
	if (xen_domain_find(xen, ref, out, err) != 0)
		return -1;
	if (xen_check_active(out, err) == 0)
		return 0;
	xen_domain_release(out);
	return -1;
}

int
xen_domain_load(struct xen_conn *xen, struct xen_domain *dom,
    unsigned int what, struct error *err)
{
	struct defined defined;
	int rc;

	if (dom->id < 0)
		return 0;
	if ((what & XEN_LOAD_NAMES) != 0 && dom->name == NULL &&
	    load_names(xen, dom, 1, err) != 0)
		return -1;
	if ((what & XEN_LOAD_DEFINED) == 0 || dom->id == 0)
		return 0;
	rc = defined_find(NULL, dom->uuid, &defined, err);
	if (rc < 0)
		return -1;
	dom->persistent = rc == 1;
	if (rc == 1) {
		dom->autostart = defined.autostart;
		defined_release(&defined);
	}
	return 0;
}

int
xen_domain_impact(struct xen_conn *xen, struct xen_domain *dom,
    unsigned int flags, bool *live_out, bool *config_out, struct error *err)
{
	bool live = (flags & XVM_DOMAIN_AFFECT_LIVE) != 0;
	bool config = (flags & XVM_DOMAIN_AFFECT_CONFIG) != 0;

	if (!live && !config)
		live = dom->id >= 0;
	config |= !live;
	if (live && xen_check_active(dom, err) != 0)
		return -1;
	if (config && xen_domain_load(xen, dom,
	    XEN_LOAD_NAMES | XEN_LOAD_DEFINED, err) != 0)
		return -1;
	if (config && (!dom->persistent || dom->id == 0))
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID, "transient domains do not have "
		    "any persistent config");
	*live_out = live;
	*config_out = config;
	return 0;
}

struct doc *
xen_domain_config(const struct xen_domain *dom, struct error *err)
{
	char *text = defined_text(dom->name, err);
	struct doc *doc;

	if (text == NULL)
		return NULL;
	doc = xml_parse(text, strlen(text), "(domain_definition)",
	    XVM_FROM_LIBXL, err);
	free(text);
	if (doc != NULL)
		defined_name(doc, dom->name);
	return doc;
}
