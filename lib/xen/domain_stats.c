/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of one domain: CPUs, memory, a disk, an interface, NUMA. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "../cpuset.h"
#include "../local_answers.h"
#include "../typed_param.h"
#include "devices.h"
#include "domains.h"
#include "figures.h"
#include "vcpu.h"

#define CPU_STATS_MAX 2048	/* that fit into the result */
#define N_NUMA 2

static int
per_vcpu_stats(struct xen_conn *xen, const struct xen_domain *dom,
    const struct xvm_domain_get_cpu_stats_args *args, struct params *params,
    struct error *err)
{
	unsigned int max = xen_vcpus_max(dom);
	struct xen_domctl_getvcpuinfo info;
	int rc;

	for (unsigned int i = (unsigned int)args->start_cpu; i < max &&
	    i - (unsigned int)args->start_cpu < args->ncpus &&
	    params->n < CPU_STATS_MAX; i++) {
		rc = xen_vcpu_info(xen, dom->id, i, &info, err);
		if (rc < 0)
			return -1;
		params_add_ullong(params, XVM_DOMAIN_CPU_STATS_CPUTIME,
		    rc == 1 ? info.cpu_time : 0);
	}
	return 0;
}

int
xen_domain_get_cpu_stats(void *state, struct call *call)
{
	const struct xvm_domain_get_cpu_stats_args *args = call->args;
	struct xvm_domain_get_cpu_stats_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	struct xen_domain dom;
	int rc = 0;

	if (xen_check_flags(args->flags, XVM_TYPED_PARAM_STRING_OKAY,
	    "libxlDomainGetCPUStats", &call->err) != 0 ||
	    xen_domain_find_active(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	ret->nparams = 1;
	if (args->start_cpu == -1) {
		if (args->nparams > 0)
			params_add_ullong(&params,
			    XVM_DOMAIN_CPU_STATS_CPUTIME, dom.info.cpu_time);
	} else if (args->nparams == 0) {
		if (args->ncpus == 0)
			ret->nparams = (int)xen_vcpus_max(&dom);
	} else {
		rc = per_vcpu_stats(state, &dom, args, &params, &call->err);
	}
	xen_domain_release(&dom);
	if (rc == 0)
		return params_detach(&params, &ret->params.params_len,
		    &ret->params.params_val, &call->err);
	params_release(&params);
	return -1;
}

int
xen_domain_memory_stats(void *state, struct call *call)
{
	const struct xvm_domain_memory_stats_args *args = call->args;
	struct xvm_domain_memory_stats_ret *ret = call->ret;
	struct xen_domain dom;
	struct xen_figures f;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainMemoryStats",
	    &call->err) != 0 ||
	    xen_domain_find_active(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_figures(state, &dom, &f, &call->err);
	xen_domain_release(&dom);
	if (rc != 0)
		return -1;
	const struct xvm_domain_memory_stat stats[] = {
		{ XVM_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON, f.memory_kib },
		{ XVM_DOMAIN_MEMORY_STAT_AVAILABLE, f.memory_max_kib },
	};

	return local_give_memory_stats(stats, sizeof(stats) / sizeof(stats[0]),
	    args->max_stats, ret, &call->err);
}

/* The devices of a running domain. */
static int
load_devices(struct xen_conn *xen, const struct xvm_domain *ref, bool disks,
    bool nets, struct xen_devices *out, struct error *err)
{
	struct xen_domain dom;
	int id;

	memset(out, 0, sizeof(*out));
	if (xen_domain_find_active(xen, ref, &dom, err) != 0)
		return -1;
	id = dom.id;
	xen_domain_release(&dom);
	return xen_devices_load(xen, id, disks, nets, out, err);
}

/* By the host's name of it, or by its MAC address. */
static const struct xen_device *
find_net(const struct xen_devices *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct xen_device *d = &list->v[i];

		if (strcmp(d->name, name) == 0 || (d->mac != NULL &&
		    strcasecmp(d->mac, name) == 0))
			return d;
	}
	return NULL;
}

int
xen_domain_interface_stats(void *state, struct call *call)
{
	const struct xvm_domain_interface_stats_args *args = call->args;
	struct xvm_domain_interface_stats_ret *ret = call->ret;
	const struct xen_device *dev;
	struct xen_devices list;
	struct xen_net_stats s;
	int rc;

	rc = load_devices(state, &args->dom, false, true, &list, &call->err);
	dev = rc == 0 ? find_net(&list, args->device) : NULL;
	if (rc == 0 && dev == NULL)
		rc = error_set(&call->err, XVM_FROM_DOMAIN,
		    XVM_ERR_INVALID_ARG, "'%s' is not a known interface",
		    args->device);
	else if (rc == 0 && !xen_net_stats(dev->name, &s))
		rc = error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INTERNAL_ERROR,
		    "/proc/net/dev: Interface not found");
	if (rc == 0) {
		ret->rx_bytes = (int64_t)s.rx_bytes;
		ret->rx_packets = (int64_t)s.rx_packets;
		ret->rx_errs = (int64_t)s.rx_errs;
		ret->rx_drop = (int64_t)s.rx_drop;
		ret->tx_bytes = (int64_t)s.tx_bytes;
		ret->tx_packets = (int64_t)s.tx_packets;
		ret->tx_errs = (int64_t)s.tx_errs;
		ret->tx_drop = (int64_t)s.tx_drop;
	}
	xen_devices_release(&list);
	return rc;
}

/* Add what is known; -1 stays when nothing is. */
static void
add_up(int64_t *sum, int64_t value)
{
	if (value >= 0)
		*sum = *sum < 0 ? value : *sum + value;
}

/* Those of one disk, by target or source, or (path "") of all together. */
static int
gather(const struct xen_devices *list, const char *path,
    struct xen_disk_stats *out, struct error *err)
{
	struct xen_disk_stats s;
	bool found = *path == '\0';

	memset(out, -1, sizeof(*out));
	for (size_t i = 0; i < list->n; i++) {
		const struct xen_device *d = &list->v[i];

		if (*path != '\0' && strcmp(d->name, path) != 0 &&
		    (d->source == NULL || strcmp(d->source, path) != 0))
			continue;
		found = true;
		if (!d->counted)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_OPERATION_UNSUPPORTED,
			    "unsupported disk driver %s", "qemu");
		xen_disk_stats(d, &s);
		if (s.rd_req < 0)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_OPERATION_FAILED, "cannot open bus path");
		add_up(&out->rd_req, s.rd_req);
		add_up(&out->rd_bytes, s.rd_bytes);
		add_up(&out->wr_req, s.wr_req);
		add_up(&out->wr_bytes, s.wr_bytes);
		add_up(&out->flush_req, s.flush_req);
		add_up(&out->errors, s.errors);
	}
	if (!found)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "invalid path: %s", path);
	return 0;
}

static void
add_known(struct params *params, const char *name, int64_t value)
{
	if (value >= 0)
		params_add_llong(params, name, value);
}

int
xen_domain_block_stats_flags(void *state, struct call *call)
{
	const struct xvm_domain_block_stats_flags_args *args = call->args;
	struct xvm_domain_block_stats_flags_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	struct xen_devices list;
	struct xen_disk_stats s;
	int rc;

	if (xen_check_flags(args->flags, XVM_TYPED_PARAM_STRING_OKAY,
	    "libxlDomainBlockStatsFlags", &call->err) != 0)
		return -1;
	rc = load_devices(state, &args->dom, true, false, &list, &call->err);
	if (rc == 0 && args->nparams == 0) {
		ret->nparams = 6;
		xen_devices_release(&list);
		return 0;
	}
	if (rc == 0)
		rc = gather(&list, args->path, &s, &call->err);
	xen_devices_release(&list);
	if (rc != 0)
		return -1;
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_WRITE_BYTES, s.wr_bytes);
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_WRITE_REQ, s.wr_req);
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_READ_BYTES, s.rd_bytes);
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_READ_REQ, s.rd_req);
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_FLUSH_REQ, s.flush_req);
	add_known(&params, XVM_DOMAIN_BLOCK_STATS_ERRS, s.errors);
	params_truncate(&params, (unsigned int)args->nparams);
	if (params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, &call->err) != 0)
		return -1;
	ret->nparams = (int)ret->params.params_len;
	return 0;
}

/* Xen spreads a domain over the nodes of its affinity. */
int
xen_domain_get_numa_parameters(void *state, struct call *call)
{
	const struct xvm_domain_get_numa_parameters_args *args = call->args;
	struct xvm_domain_get_numa_parameters_ret *ret = call->ret;
	struct params params = PARAMS_INIT;
	struct xen_conn *xen = state;
	struct xen_domain dom;
	struct buf text = BUF_INIT;
	struct cpuset nodes = { .end = 0 };
	xc_nodemap_t map;
	int n;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_TYPED_PARAM_STRING_OKAY, "libxlDomainGetNumaParameters",
	    &call->err) != 0 ||
	    xen_domain_find_active(xen, &args->dom, &dom, &call->err) != 0)
		return -1;
	xen_domain_release(&dom);
	ret->nparams = N_NUMA;
	if (args->nparams == 0)
		return 0;
	n = xc_get_max_nodes(xen->xc);
	map = xc_nodemap_alloc(xen->xc);
	if (map == NULL || n <= 0 || xc_domain_node_getaffinity(xen->xc,
	    (uint32_t)dom.id, map) != 0) {
		(void)error_system(&call->err, XVM_FROM_LIBXL, errno,
		    "unable to get numa affinity");
		free(map);
		return -1;
	}
	for (int i = 0; i < n; i++) {
		if ((map[i / 8] >> i % 8 & 1) != 0)
			cpuset_add(&nodes, (unsigned int)i);
	}
	free(map);
	cpuset_print(&nodes, &text);
	params_add_int(&params, XVM_DOMAIN_NUMA_MODE,
	    XVM_DOMAIN_NUMATUNE_MEM_INTERLEAVE);
	params_add_string(&params, XVM_DOMAIN_NUMA_NODESET, buf_str(&text));
	buf_release(&text);
	params_truncate(&params, (unsigned int)args->nparams);
	if (params_detach(&params, &ret->params.params_len,
	    &ret->params.params_val, &call->err) != 0)
		return -1;
	ret->nparams = (int)ret->params.params_len;
	return 0;
}
