/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statistics of many domains in one pass: one hypercall for all and one for
 * each vcpu, a fixed number of exchanges with xenstored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../domain/domain_filter.h"
#include "../typed_param.h"
#include "devices.h"
#include "domains.h"
#include "figures.h"
#include "store.h"
#include "vcpu.h"

#define STATS \
	(XVM_DOMAIN_STATS_STATE | XVM_DOMAIN_STATS_CPU_TOTAL | \
	XVM_DOMAIN_STATS_BALLOON | XVM_DOMAIN_STATS_VCPU | \
	XVM_DOMAIN_STATS_INTERFACE | XVM_DOMAIN_STATS_BLOCK)

/* What is known of the chosen domains together. */
struct pass {
	struct xen_conn *xen;
	unsigned int stats;
	struct xen_domains list;
	struct store_batch figures;
	struct xen_devices devices;
};

/* Append a figure "GROUP.I.NAME". */
static void
add(struct params *params, const char *group, unsigned int i,
    const char *name, uint64_t value)
{
	char field[64];

	(void)snprintf(field, sizeof(field), "%s.%u.%s", group, i, name);
	params_add_ullong(params, field, value);
}

static void
add_text(struct params *params, const char *group, unsigned int i,
    const char *name, const char *value)
{
	char field[64];

	(void)snprintf(field, sizeof(field), "%s.%u.%s", group, i, name);
	params_add_string(params, field, value);
}

static int
vcpu_stats(struct xen_conn *xen, const struct xen_domain *dom,
    struct params *params, struct error *err)
{
	unsigned int max = xen_vcpus_max(dom);
	struct xen_domctl_getvcpuinfo info;
	char field[64];
	int rc;

	params_add_uint(params, "vcpu.current", dom->info.nr_online_vcpus);
	params_add_uint(params, "vcpu.maximum", max);
	for (unsigned int i = 0; i < max; i++) {
		rc = xen_vcpu_info(xen, dom->id, i, &info, err);
		if (rc < 0)
			return -1;
		if (rc == 0 || !info.online)
			continue;
		(void)snprintf(field, sizeof(field), "vcpu.%u.state", i);
		params_add_int(params, field, xen_vcpu_state(&info));
		add(params, "vcpu", i, "time", info.cpu_time);
	}
	return 0;
}

static void
net_stats(const struct xen_device *dev, unsigned int at,
    struct params *params)
{
	struct xen_net_stats s;

	add_text(params, "net", at, "name", dev->name);
	if (!xen_net_stats(dev->name, &s))
		return;
	add(params, "net", at, "rx.bytes", s.rx_bytes);
	add(params, "net", at, "rx.pkts", s.rx_packets);
	add(params, "net", at, "rx.errs", s.rx_errs);
	add(params, "net", at, "rx.drop", s.rx_drop);
	add(params, "net", at, "tx.bytes", s.tx_bytes);
	add(params, "net", at, "tx.pkts", s.tx_packets);
	add(params, "net", at, "tx.errs", s.tx_errs);
	add(params, "net", at, "tx.drop", s.tx_drop);
}

static void
add_known(struct params *params, unsigned int at, const char *name,
    int64_t value)
{
	if (value >= 0)
		add(params, "block", at, name, (uint64_t)value);
}

static void
block_stats(const struct xen_device *dev, unsigned int at,
    struct params *params)
{
	struct xen_disk_stats s;

	add_text(params, "block", at, "name", dev->name);
	if (dev->source != NULL)
		add_text(params, "block", at, "path", dev->source);
	xen_disk_stats(dev, &s);
	add_known(params, at, "rd.reqs", s.rd_req);
	add_known(params, at, "rd.bytes", s.rd_bytes);
	add_known(params, at, "wr.reqs", s.wr_req);
	add_known(params, at, "wr.bytes", s.wr_bytes);
	add_known(params, at, "fl.reqs", s.flush_req);
	add_known(params, at, "errors", s.errors);
}

/* "GROUP.count" of a domain's devices of the kind, and of each what tell adds. */
static void
device_stats(const struct xen_device *dev, size_t n,
    enum xen_device_kind kind, const char *group,
    void (*tell)(const struct xen_device *, unsigned int, struct params *),
    struct params *params)
{
	unsigned int count = 0;
	char field[64];

	for (size_t i = 0; i < n; i++)
		count += dev[i].kind == kind;
	(void)snprintf(field, sizeof(field), "%s.count", group);
	params_add_uint(params, field, count);
	count = 0;
	for (size_t i = 0; i < n; i++) {
		if (dev[i].kind == kind)
			tell(&dev[i], count++, params);
	}
}

/* The devices of one domain: they are sorted. */
static const struct xen_device *
devices_of(const struct xen_devices *all, int id, size_t *n_out)
{
	size_t first = 0, end = all->n, last;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (all->v[middle].domain < id)
			first = middle + 1;
		else
			end = middle;
	}
	for (last = first; last < all->n && all->v[last].domain == id; last++)
		continue;
	*n_out = last - first;
	return all->v != NULL ? all->v + first : NULL;
}

/* Of one that does not run: what it will have. A file that is wrong: nothing. */
static void
stored_stats(const struct pass *pass, const struct xen_domain *dom,
    struct params *params)
{
	struct error ignored = ERROR_INIT;
	struct xen_figures f;

	if ((pass->stats & (XVM_DOMAIN_STATS_BALLOON |
	    XVM_DOMAIN_STATS_VCPU)) == 0 ||
	    xen_figures(pass->xen, dom, &f, &ignored) != 0) {
		error_release(&ignored);
		return;
	}
	if ((pass->stats & XVM_DOMAIN_STATS_BALLOON) != 0) {
		params_add_ullong(params, "balloon.current", f.memory_kib);
		params_add_ullong(params, "balloon.maximum",
		    f.memory_max_kib);
	}
	if ((pass->stats & XVM_DOMAIN_STATS_VCPU) != 0) {
		params_add_uint(params, "vcpu.current", f.vcpus);
		params_add_uint(params, "vcpu.maximum", f.vcpus_max);
	}
}

/* figure: the place of its question. */
static int
fill_record(struct pass *pass, const struct xen_domain *dom,
    unsigned int figure, struct xvm_domain_stats_record *record,
    struct error *err)
{
	struct params params = PARAMS_INIT;
	const struct xen_device *dev;
	struct xen_figures f;
	size_t n_dev;

	if (xen_domain_ref(dom, &record->dom, err) != 0)
		return -1;
	if ((pass->stats & XVM_DOMAIN_STATS_STATE) != 0) {
		params_add_int(&params, "state.state", dom->state);
		params_add_int(&params, "state.reason", dom->reason);
	}
	if (dom->id < 0) {
		stored_stats(pass, dom, &params);
		goto out;
	}
	if ((pass->stats & XVM_DOMAIN_STATS_CPU_TOTAL) != 0)
		params_add_ullong(&params, "cpu.time", dom->info.cpu_time);
	if ((pass->stats & XVM_DOMAIN_STATS_BALLOON) != 0) {
		xen_figures_take(&pass->figures, figure, dom, &f);
		params_add_ullong(&params, "balloon.current", f.memory_kib);
		params_add_ullong(&params, "balloon.maximum",
		    f.memory_max_kib);
	}
	if ((pass->stats & XVM_DOMAIN_STATS_VCPU) != 0 &&
	    vcpu_stats(pass->xen, dom, &params, err) != 0) {
		params_release(&params);
		return -1;
	}
	dev = devices_of(&pass->devices, dom->id, &n_dev);
	if ((pass->stats & XVM_DOMAIN_STATS_INTERFACE) != 0)
		device_stats(dev, n_dev, XEN_NET, "net", net_stats, &params);
	if ((pass->stats & XVM_DOMAIN_STATS_BLOCK) != 0)
		device_stats(dev, n_dev, XEN_DISK, "block", block_stats,
		    &params);
out:
	return params_detach(&params, &record->params.params_len,
	    &record->params.params_val, err);
}

/* Is it one of those that were named? None named: every one is. */
static bool
is_named(const struct xen_domain *dom, const struct xvm_domain *v,
    unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (memcmp(dom->uuid, v[i].uuid, UUID_SIZE) == 0)
			return true;
	}
	return n == 0;
}

/* Which domains, and what is asked in one go for all of them. */
static int
prepare(struct pass *pass,
    const struct xvm_connect_get_all_domain_stats_args *args,
    struct error *err)
{
	unsigned int flags = args->flags & DOMAIN_FILTERS_STATS;
	struct xen_domains *list = &pass->list;
	size_t n = 0;
	int id = -1, rc;

	if (xen_domains_load(pass->xen, xen_filter_load(flags) &
	    ~(unsigned int)XEN_LOAD_NAMES, list, err) != 0)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		if (is_named(&list->v[i], args->doms.doms_val,
		    args->doms.doms_len) &&
		    xen_domain_matches(&list->v[i], flags))
			list->v[n++] = list->v[i];
		else
			xen_domain_release(&list->v[i]);
	}
	list->n = n;
	rc = xen_domains_name(pass->xen, list, err);
	if (rc == 0 && (pass->stats & XVM_DOMAIN_STATS_BALLOON) != 0) {
		for (size_t i = 0; i < n; i++) {
			if (list->v[i].id >= 0)
				xen_figures_ask(&pass->figures, &list->v[i]);
		}
		rc = xen_store_run(pass->xen, &pass->figures, err);
	}
	if (n == 1)
		id = list->v[0].id;
	if (rc == 0 && (n > 1 || id >= 0) && (pass->stats &
	    (XVM_DOMAIN_STATS_INTERFACE | XVM_DOMAIN_STATS_BLOCK)) != 0)
		rc = xen_devices_load(pass->xen, id,
		    (pass->stats & XVM_DOMAIN_STATS_BLOCK) != 0,
		    (pass->stats & XVM_DOMAIN_STATS_INTERFACE) != 0,
		    &pass->devices, err);
	return rc;
}

int
xen_connect_get_all_domain_stats(void *state, struct call *call)
{
	const struct xvm_connect_get_all_domain_stats_args *args = call->args;
	struct xvm_connect_get_all_domain_stats_ret *ret = call->ret;
	struct pass pass = {
		.xen = state,
		.stats = args->stats != 0 ? args->stats : STATS,
	};
	struct xvm_domain_stats_record *records;
	unsigned int figure = 0;
	int rc;

	if (xen_check_flags(args->flags, DOMAIN_FILTERS_STATS |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_BACKING |
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS,
	    "libxlConnectGetAllDomainStats", &call->err) != 0)
		return -1;
	if ((args->flags &
	    XVM_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS) != 0 &&
	    (pass.stats & ~(unsigned int)STATS) != 0)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_ARGUMENT_UNSUPPORTED, "Stats types bits 0x%x are "
		    "not supported by this daemon",
		    pass.stats & ~(unsigned int)STATS);
	rc = prepare(&pass, args, &call->err);
	if (rc == 0) {
		records = calloc(pass.list.n + 1, sizeof(*records));
		ret->ret_stats.ret_stats_val = records;
		if (records == NULL)
			rc = error_nomem(&call->err);
	}
	for (size_t i = 0; i < pass.list.n && rc == 0; i++) {
		const struct xen_domain *dom = &pass.list.v[i];

		rc = fill_record(&pass, dom, figure,
		    &records[ret->ret_stats.ret_stats_len++], &call->err);
		figure += dom->id >= 0;
	}
	xen_devices_release(&pass.devices);
	store_batch_release(&pass.figures);
	xen_domains_release(&pass.list);
	return rc;
}
