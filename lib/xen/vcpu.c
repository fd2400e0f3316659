/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual CPUs: how many, where they run, where they may run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../cpumap.h"
#include "../domain/domain_edit.h"
#include "domains.h"
#include "figures.h"
#include "store.h"
#include "vcpu.h"

/* --- how many --------------------------------------------------------------- */

/* How many the guest is asked to have: "cpu/N/availability" is "online". */
static int
count_wanted(struct xen_conn *xen, const struct xen_domain *dom,
    unsigned int *out, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	unsigned int max = xen_vcpus_max(dom), n = 0;
	bool told = false;
	int rc;

	for (unsigned int i = 0; i < max; i++)
		(void)store_add(&batch, STORE_READ,
		    "/local/domain/%d/cpu/%u/availability", dom->id, i);
	rc = xen_store_run(xen, &batch, err);
	for (unsigned int i = 0; i < max && rc == 0; i++) {
		const char *value = store_value(&batch, i, NULL);

		told |= value != NULL;
		n += value != NULL && strcmp(value, "online") == 0;
	}
	store_batch_release(&batch);
	*out = told && dom->id != 0 ? n : dom->info.nr_online_vcpus;
	return rc;
}

unsigned int
xen_vcpus_wanted(struct xen_conn *xen, const struct xen_domain *dom,
    struct error *err)
{
	unsigned int n = 0;

	return count_wanted(xen, dom, &n, err) == 0 ? n : 0;
}

int
xen_domain_get_vcpus_flags(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpus_flags_args *args = call->args;
	struct xvm_domain_get_vcpus_flags_ret *ret = call->ret;
	bool maximum = (args->flags & XVM_DOMAIN_VCPU_MAXIMUM) != 0;
	const unsigned int both = XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG;
	struct doc *doc = NULL;
	struct xen_domain dom;
	bool live, config;
	unsigned int n = 0;
	int rc;

	if (xen_check_flags(args->flags, both | XVM_DOMAIN_VCPU_MAXIMUM,
	    "libxlDomainGetVcpusFlags", &call->err) != 0)
		return -1;
	if ((args->flags & both) == both)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INVALID_ARG, "invalid flag combination: (0x%x)",
		    args->flags);
	if (xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_domain_impact(state, &dom, args->flags & both, &live,
	    &config, &call->err);
	if (rc == 0 && live && maximum) {
		n = xen_vcpus_max(&dom);
	} else if (rc == 0 && live) {
		rc = count_wanted(state, &dom, &n, &call->err);
	} else if (rc == 0) {
		doc = xen_domain_config(&dom, &call->err);
		rc = doc != NULL ? 0 : -1;
		if (doc != NULL)
			n = maximum ? edit_vcpus_max(doc->root) :
			    edit_vcpus(doc->root);
	}
	ret->num = (int)n;
	doc_free(doc);
	xen_domain_release(&dom);
	return rc;
}

/* --- where they run ---------------------------------------------------------- */

/* Of one: 1, 0 when it is not there (any more), -1. */
int
xen_vcpu_info(struct xen_conn *xen, int id, unsigned int vcpu,
    struct xen_domctl_getvcpuinfo *out, struct error *err)
{
	if (xc_vcpu_getinfo(xen->xc, (uint32_t)id, vcpu, out) == 0)
		return 1;
	if (errno == ESRCH || errno == EINVAL)
		return 0;
	return hyper_failed(err, "cannot ask Xen for a virtual CPU");
}

int
xen_vcpu_state(const struct xen_domctl_getvcpuinfo *info)
{
	if (!info->online)
		return XVM_VCPU_OFFLINE;
	return info->blocked && !info->running ? XVM_VCPU_BLOCKED :
	    XVM_VCPU_RUNNING;
}

/* Where one may run: the host's CPUs as bits, for at most len bytes of out. */
static int
get_affinity(struct xen_conn *xen, int id, unsigned int vcpu, char *out,
    size_t len, struct error *err)
{
	int size = xc_get_cpumap_size(xen->xc), cpus, rc = 0;
	xc_cpumap_t map = xc_cpumap_alloc(xen->xc);

	cpus = xc_get_max_cpus(xen->xc);
	if (map == NULL || size <= 0 || cpus <= 0) {
		free(map);
		return hyper_failed(err, "cannot ask Xen for its CPUs");
	}
	if (xc_vcpu_getaffinity(xen->xc, (uint32_t)id, (int)vcpu, map, NULL,
	    XEN_VCPUAFFINITY_HARD) != 0) {
		if (errno != ESRCH && errno != EINVAL)
			rc = hyper_failed(err,
			    "cannot ask Xen for a virtual CPU's affinity");
		memset(map, 0, (size_t)size);
	}
	/* "Everywhere" has bits for CPUs that the host cannot have. */
	for (int i = cpus; i < size * 8; i++)
		map[i / 8] &= (uint8_t)~(1u << i % 8);
	if (len > (size_t)size)
		len = (size_t)size;
	memcpy(out, map, len);
	free(map);
	return rc;
}

static int
fill_vcpu(struct xen_conn *xen, int id, unsigned int vcpu,
    struct xvm_vcpu_info *out, char *map, size_t maplen, struct error *err)
{
	struct xen_domctl_getvcpuinfo info;
	int rc = xen_vcpu_info(xen, id, vcpu, &info, err);

	out->number = vcpu;
	out->cpu = -1;
	if (rc <= 0)
		return rc;
	out->state = xen_vcpu_state(&info);
	out->cpu_time = info.cpu_time;
	if (info.online)
		out->cpu = (int)info.cpu;
	return get_affinity(xen, id, vcpu, map, maplen, err);
}

int
xen_domain_get_vcpus(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpus_args *args = call->args;
	struct xvm_domain_get_vcpus_ret *ret = call->ret;
	unsigned int n, maplen = (unsigned int)args->maplen;
	struct xen_domain dom;
	int rc = 0;

	if (xen_domain_find_active(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	n = xen_vcpus_max(&dom);
	if (n > (unsigned int)args->maxinfo)
		n = (unsigned int)args->maxinfo;
	ret->info.info_val = calloc((size_t)n + 1,
	    sizeof(struct xvm_vcpu_info));
	ret->cpumaps.cpumaps_val = cpumap_alloc((int)n, args->maplen,
	    &call->err);
	if (ret->info.info_val == NULL || ret->cpumaps.cpumaps_val == NULL)
		rc = error_nomem(&call->err);
	ret->info.info_len = n;
	ret->cpumaps.cpumaps_len = n * maplen;
	for (unsigned int i = 0; i < n && rc == 0; i++)
		rc = fill_vcpu(state, dom.id, i, &ret->info.info_val[i],
		    ret->cpumaps.cpumaps_val + i * maplen, maplen,
		    &call->err);
	xen_domain_release(&dom);
	return rc < 0 ? -1 : 0;
}

/* Where the vcpus of one that does not run will be allowed. */
static int
stored_affinity(struct xen_conn *xen, const struct xen_domain *dom,
    const struct xvm_domain_get_vcpu_pin_info_args *args,
    struct xvm_domain_get_vcpu_pin_info_ret *ret, struct error *err)
{
	struct doc *doc = xen_domain_config(dom, err);
	int cpus = xc_get_max_cpus(xen->xc);
	struct cpuset set;

	if (doc == NULL)
		return -1;
	ret->num = (int)edit_vcpus_max(doc->root);
	if (ret->num > args->ncpumaps)
		ret->num = args->ncpumaps;
	ret->cpumaps.cpumaps_val = cpumap_alloc(ret->num, args->maplen, err);
	if (ret->cpumaps.cpumaps_val == NULL) {
		doc_free(doc);
		return -1;
	}
	ret->cpumaps.cpumaps_len = (unsigned int)(ret->num * args->maplen);
	for (unsigned int i = 0; i < (unsigned int)ret->num; i++) {
		cpumap_effective(doc->root, cpumap_find_pin(doc->root,
		    "vcpupin", "vcpu", i), cpus > 0 ? (unsigned int)cpus : 1,
		    &set);
		cpumap_write(&set, ret->cpumaps.cpumaps_val +
		    i * (unsigned int)args->maplen, (size_t)args->maplen);
	}
	doc_free(doc);
	return 0;
}

int
xen_domain_get_vcpu_pin_info(void *state, struct call *call)
{
	const struct xvm_domain_get_vcpu_pin_info_args *args = call->args;
	struct xvm_domain_get_vcpu_pin_info_ret *ret = call->ret;
	unsigned int maplen = (unsigned int)args->maplen;
	struct xen_domain dom;
	bool live, config;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG, "libxlDomainGetVcpuPinInfo",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_domain_impact(state, &dom, args->flags, &live, &config,
	    &call->err);
	if (rc == 0 && config) {
		rc = stored_affinity(state, &dom, args, ret, &call->err);
	} else if (rc == 0) {
		ret->num = (int)xen_vcpus_max(&dom);
		if (ret->num > args->ncpumaps)
			ret->num = args->ncpumaps;
		ret->cpumaps.cpumaps_val = cpumap_alloc(ret->num,
		    args->maplen, &call->err);
		rc = ret->cpumaps.cpumaps_val != NULL ? 0 : -1;
		ret->cpumaps.cpumaps_len = (unsigned int)ret->num * maplen;
		for (unsigned int i = 0; i < (unsigned int)ret->num &&
		    rc == 0; i++)
			rc = get_affinity(state, dom.id, i,
			    ret->cpumaps.cpumaps_val + i * maplen, maplen,
			    &call->err);
	}
	xen_domain_release(&dom);
	return rc;
}
