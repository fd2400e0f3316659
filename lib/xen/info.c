/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain is: its state, its figures, its kind. */
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_edit.h"
#include "../number.h"
#include "defined.h"
#include "domains.h"
#include "figures.h"
#include "store.h"

int
xen_domain_get_state(void *state, struct call *call)
{
	const struct xvm_domain_get_state_args *args = call->args;
	struct xvm_domain_get_state_ret *ret = call->ret;
	struct xen_domain dom;

	if (xen_check_flags(args->flags, 0, "libxlDomainGetState",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->state = dom.state;
	ret->reason = dom.reason;
	xen_domain_release(&dom);
	return 0;
}

/*
 * What libxl lets every domain have beyond its maximum: its firmware's and its
 * device model's pages, which are no memory of the guest's.
 */
#define SLACK_KIB 1024

/* Memory and vcpus of one that does not run. */
static int
stored_figures(const struct xen_domain *dom, struct xen_figures *out,
    struct error *err)
{
	struct doc *doc = xen_domain_config(dom, err);

	if (doc == NULL)
		return -1;
	out->memory_max_kib = edit_get_u64(doc->root, "memory");
	out->memory_kib = edit_get_u64(doc->root, "currentMemory");
	if (out->memory_kib == 0)
		out->memory_kib = out->memory_max_kib;
	out->vcpus_max = edit_vcpus_max(doc->root);
	out->vcpus = edit_vcpus(doc->root);
	doc_free(doc);
	return 0;
}

/* A node's number, or fallback. */
static uint64_t
number_of(const struct store_batch *batch, unsigned int i, uint64_t fallback)
{
	const char *text = store_value(batch, i, NULL);
	uint64_t value;

	if (text == NULL || number_u64(text, 10, &value) != 0)
		return fallback;
	return value;
}

void
xen_figures_ask(struct store_batch *batch, const struct xen_domain *dom)
{
	(void)store_add(batch, STORE_READ,
	    "/local/domain/%d/memory/static-max", dom->id);
}

unsigned int
xen_vcpus_max(const struct xen_domain *dom)
{
	return dom->info.max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0 :
	    dom->info.max_vcpu_id + 1;
}

void
xen_figures_take(const struct store_batch *batch, unsigned int first,
    const struct xen_domain *dom, struct xen_figures *out)
{
	out->memory_kib = dom->info.tot_pages * HYPER_PAGE_KIB;
	out->memory_max_kib = number_of(batch, first,
	    dom->info.max_pages * HYPER_PAGE_KIB);
	if (out->memory_max_kib < out->memory_kib &&
	    store_value(batch, first, NULL) == NULL)
		out->memory_max_kib = out->memory_kib;
	if (out->memory_kib > out->memory_max_kib &&
	    out->memory_kib - out->memory_max_kib <= SLACK_KIB)
		out->memory_kib = out->memory_max_kib;
	out->vcpus = dom->info.nr_online_vcpus;
	out->vcpus_max = xen_vcpus_max(dom);
}

int
xen_figures(struct xen_conn *xen, const struct xen_domain *dom,
    struct xen_figures *out, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	int rc;

	if (dom->id < 0)
		return stored_figures(dom, out, err);
	xen_figures_ask(&batch, dom);
	rc = xen_store_run(xen, &batch, err);
	if (rc == 0)
		xen_figures_take(&batch, 0, dom, out);
	store_batch_release(&batch);
	return rc;
}

int
xen_domain_get_info(void *state, struct call *call)
{
	const struct xvm_domain_get_info_args *args = call->args;
	struct xvm_domain_get_info_ret *ret = call->ret;
	struct xen_figures f;
	struct xen_domain dom;
	int rc;

	if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_figures(state, &dom, &f, &call->err);
	if (rc == 0) {
		ret->state = (unsigned char)dom.state;
		ret->max_mem = f.memory_max_kib;
		ret->memory = f.memory_kib;
		ret->nr_virt_cpu = (unsigned short)f.vcpus;
		ret->cpu_time = dom.id >= 0 ? dom.info.cpu_time : 0;
	}
	xen_domain_release(&dom);
	return rc;
}

int
xen_domain_is_active(void *state, struct call *call)
{
	const struct xvm_domain_is_active_args *args = call->args;
	struct xvm_domain_is_active_ret *ret = call->ret;
	struct xen_domain dom;

	if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->active = dom.id >= 0;
	xen_domain_release(&dom);
	return 0;
}

/* The domain with what is stored of it. */
static int
find_stored(struct xen_conn *xen, const struct xvm_domain *ref,
    struct xen_domain *out, struct error *err)
{
	if (xen_domain_find(xen, ref, out, err) != 0)
		return -1;
	if (xen_domain_load(xen, out, XEN_LOAD_DEFINED, err) == 0)
		return 0;
	xen_domain_release(out);
	return -1;
}

int
xen_domain_is_persistent(void *state, struct call *call)
{
	const struct xvm_domain_is_persistent_args *args = call->args;
	struct xvm_domain_is_persistent_ret *ret = call->ret;
	struct xen_domain dom;

	if (find_stored(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->persistent = dom.persistent;
	xen_domain_release(&dom);
	return 0;
}

int
xen_domain_is_updated(void *state, struct call *call)
{
	const struct xvm_domain_is_updated_args *args = call->args;
	struct xvm_domain_is_updated_ret *ret = call->ret;
	struct xen_domain dom;

	if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->updated = 0;
	xen_domain_release(&dom);
	return 0;
}

int
xen_domain_get_autostart(void *state, struct call *call)
{
	const struct xvm_domain_get_autostart_args *args = call->args;
	struct xvm_domain_get_autostart_ret *ret = call->ret;
	struct xen_domain dom;

	if (find_stored(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->autostart = dom.autostart;
	xen_domain_release(&dom);
	return 0;
}

int
xen_domain_get_os_type(void *state, struct call *call)
{
	static const char *const names[] = {
		[HYPER_PV] = "xen",
		[HYPER_PVH] = "xenpvh",
		[HYPER_HVM] = "hvm",
	};
	const struct xvm_domain_get_os_type_args *args = call->args;
	struct xvm_domain_get_os_type_ret *ret = call->ret;
	struct doc *doc = NULL;
	struct xen_domain dom;
	const char *type;
	int rc = -1;

	if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (dom.id >= 0) {
		type = dom.id == 0 ? "xen" : names[hyper_kind(&dom.info)];
		rc = xen_text(type, &ret->type, &call->err);
	} else if ((doc = xen_domain_config(&dom, &call->err)) != NULL) {
		type = node_find_text(doc->root, "os/type");
		/* Documents say "linux" for it, as they always did. */
		if (type == NULL || strcmp(type, "linux") == 0)
			type = "xen";
		rc = xen_text(type, &ret->type, &call->err);
	}
	doc_free(doc);
	xen_domain_release(&dom);
	return rc;
}

/* There is nothing to warn of. */
int
xen_domain_get_messages(void *state, struct call *call)
{
	const struct xvm_domain_get_messages_args *args = call->args;
	struct xen_domain dom;

	if (xen_check_flags(args->flags, XVM_DOMAIN_MESSAGE_DEPRECATION |
	    XVM_DOMAIN_MESSAGE_TAINTING, "libxlDomainGetMessages",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	xen_domain_release(&dom);
	return 0;
}
