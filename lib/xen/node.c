/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine under Xen: CPUs, memory, NUMA cells. */
#include "node.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "domains.h"

#define PAGE_BYTES (HYPER_PAGE_KIB * UINT64_C(1024))

int
node_physinfo(struct xen_conn *xen, xc_physinfo_t *out, struct error *err)
{
	memset(out, 0, sizeof(*out));
	if (xc_physinfo(xen->xc, out) == 0)
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "libxl_get_physinfo_info failed");
}

xc_cputopo_t *
node_cpus(struct xen_conn *xen, unsigned int *n_out, struct error *err)
{
	unsigned int n = 0;
	xc_cputopo_t *v;

	if (xc_cputopoinfo(xen->xc, &n, NULL) != 0 || n == 0) {
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "libxl_get_cpu_topology failed");
		return NULL;
	}
	v = calloc(n, sizeof(*v));
	if (v == NULL) {
		error_nomem(err);
		return NULL;
	}
	*n_out = n;
	if (xc_cputopoinfo(xen->xc, n_out, v) == 0 && *n_out <= n)
		return v;
	error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "libxl_get_cpu_topology failed");
	free(v);
	return NULL;
}

xc_meminfo_t *
node_cells(struct xen_conn *xen, unsigned int *n_out,
    uint32_t **distances_out, struct error *err)
{
	uint32_t *distances = NULL;
	xc_meminfo_t *v = NULL;
	unsigned int n = 0, n_now;

	if (xc_numainfo(xen->xc, &n, NULL, NULL) != 0 || n == 0)
		goto failed;
	v = calloc(n, sizeof(*v));
	if (distances_out != NULL)
		distances = calloc((size_t)n * n, sizeof(*distances));
	if (v == NULL || (distances_out != NULL && distances == NULL)) {
		error_nomem(err);
		free(v);
		return NULL;
	}
	n_now = n;
	if (xc_numainfo(xen->xc, &n_now, v, distances) != 0 || n_now > n)
		goto failed;
	*n_out = n_now;
	if (distances_out != NULL)
		*distances_out = distances;
	return v;
failed:
	free(v);
	free(distances);
	error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "libxl_get_numainfo failed");
	return NULL;
}

const char *
node_arch(void)
{
	static const struct {
		const char *machine, *arch;
	} names[] = {
		{ "x86_64", "x86_64" },
		{ "i686", "i686" },
		{ "i586", "i686" },
		{ "aarch64", "aarch64" },
		{ "armv7l", "armv7l" },
	};
	struct utsname uts;

	if (uname(&uts) == 0) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (strcmp(uts.machine, names[i].machine) == 0)
				return names[i].arch;
		}
	}
	return "x86_64";
}

int
xen_node_get_info(void *state, struct call *call)
{
	struct xvm_node_get_info_ret *ret = call->ret;
	xc_physinfo_t info;

	if (node_physinfo(state, &info, &call->err) != 0)
		return -1;
	memcpy(ret->model, node_arch(), strlen(node_arch()));
	ret->memory = info.total_pages * HYPER_PAGE_KIB;
	ret->cpus = (int)info.nr_cpus;
	ret->mhz = (int)(info.cpu_khz / 1000);
	ret->nodes = (int)info.nr_nodes;
	ret->sockets = 1;
	ret->cores = (int)info.cores_per_socket;
	ret->threads = (int)info.threads_per_core;
	return 0;
}

int
xen_node_get_free_memory(void *state, struct call *call)
{
	struct xvm_node_get_free_memory_ret *ret = call->ret;
	xc_physinfo_t info;

	if (node_physinfo(state, &info, &call->err) != 0)
		return -1;
	ret->free_mem = info.free_pages * PAGE_BYTES;
	return 0;
}

int
xen_node_get_cells_free_memory(void *state, struct call *call)
{
	const struct xvm_node_get_cells_free_memory_args *args = call->args;
	struct xvm_node_get_cells_free_memory_ret *ret = call->ret;
	unsigned int n_all, n, first = (unsigned int)args->start_cell;
	xc_meminfo_t *cells = node_cells(state, &n_all, NULL, &call->err);

	if (cells == NULL)
		return -1;
	if (first >= n_all) {
		free(cells);
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INTERNAL_ERROR, "start cell %d out of range "
		    "(0-%d)", args->start_cell, (int)n_all - 1);
	}
	n = n_all - first;
	if (n > (unsigned int)args->maxcells)
		n = (unsigned int)args->maxcells;
	ret->cells.cells_val = calloc(n + 1, sizeof(uint64_t));
	ret->cells.cells_len = n;
	for (unsigned int i = 0; i < n && ret->cells.cells_val != NULL; i++) {
		if (cells[first + i].memsize != XEN_INVALID_MEM_SZ)
			ret->cells.cells_val[i] = cells[first + i].memfree;
	}
	free(cells);
	return ret->cells.cells_val != NULL ? 0 : error_nomem(&call->err);
}

/* Xen keeps no pools of larger pages: what is free is free as small ones. */
int
xen_node_get_free_pages(void *state, struct call *call)
{
	const struct xvm_node_get_free_pages_args *args = call->args;
	struct xvm_node_get_free_pages_ret *ret = call->ret;
	unsigned int n_all, n = args->pages.pages_len;
	xc_meminfo_t *cells;

	if (xen_check_flags(args->flags, 0, "libxlNodeGetFreePages",
	    &call->err) != 0)
		return -1;
	for (unsigned int i = 0; i < n; i++) {
		if (args->pages.pages_val[i] != HYPER_PAGE_KIB)
			return error_set(&call->err, XVM_FROM_LIBXL,
			    XVM_ERR_OPERATION_FAILED, "page size %u is not "
			    "available on Xen", args->pages.pages_val[i]);
	}
	cells = node_cells(state, &n_all, NULL, &call->err);
	if (cells == NULL)
		return -1;
	if (args->start_cell < 0 ||
	    (uint64_t)args->start_cell + args->cell_count > n_all) {
		free(cells);
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_INTERNAL_ERROR, "start cell %d out of range "
		    "(0-%d)", args->start_cell, (int)n_all - 1);
	}
	ret->counts.counts_val = calloc((size_t)n * args->cell_count + 1,
	    sizeof(uint64_t));
	for (unsigned int c = 0; c < args->cell_count &&
	    ret->counts.counts_val != NULL; c++) {
		const xc_meminfo_t *cell = &cells[args->start_cell + (int)c];

		for (unsigned int i = 0; i < n; i++)
			ret->counts.counts_val[ret->counts.counts_len++] =
			    cell->memsize == XEN_INVALID_MEM_SZ ? 0 :
			    cell->memfree / PAGE_BYTES;
	}
	free(cells);
	return ret->counts.counts_val != NULL ? 0 : error_nomem(&call->err);
}

int
xen_node_get_cpu_map(void *state, struct call *call)
{
	const struct xvm_node_get_cpu_map_args *args = call->args;
	struct xvm_node_get_cpu_map_ret *ret = call->ret;
	unsigned int n;
	xc_cputopo_t *cpus;
	char *map;

	if (xen_check_flags(args->flags, 0, "libxlNodeGetCPUMap",
	    &call->err) != 0 ||
	    (cpus = node_cpus(state, &n, &call->err)) == NULL)
		return -1;
	map = calloc(n / 8 + 1, 1);
	if (map == NULL) {
		free(cpus);
		return error_nomem(&call->err);
	}
	for (unsigned int i = 0; i < n; i++) {
		if (cpus[i].core == XEN_INVALID_CORE_ID)
			continue;
		map[i / 8] |= (char)(1 << i % 8);
		ret->online += args->need_online != 0;
	}
	free(cpus);
	if (args->need_map != 0) {
		ret->cpumap.cpumap_val = map;
		ret->cpumap.cpumap_len = (n + 7) / 8;
	} else {
		free(map);
	}
	ret->ret = (int)n;
	return 0;
}

/* What all domains, and the idle ones of Xen, have used since it started. */
static int
cpu_times(struct xen_conn *xen, int cpu, uint64_t *busy, uint64_t *idle,
    struct error *err)
{
	int n = 0, max = xc_get_max_cpus(xen->xc);
	xc_cpuinfo_t *v = max > 0 ? calloc((size_t)max, sizeof(*v)) : NULL;
	struct timespec now;
	uint64_t up;

	if (v == NULL || xc_getcpuinfo(xen->xc, max, v, &n) != 0) {
		free(v);
		return hyper_failed(err, "cannot ask Xen for its CPUs");
	}
	*busy = *idle = 0;
	if (cpu >= n) {
		free(v);
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "Invalid cpuNum in %s", "libxlNodeGetCPUStats");
	}
	/* Dom0 started moments after Xen. */
	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	up = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	for (int i = 0; i < n; i++) {
		if (cpu >= 0 && i != cpu)
			continue;
		*idle += v[i].idletime;
		if (up > v[i].idletime)
			*busy += up - v[i].idletime;
	}
	free(v);
	return 0;
}

int
xen_node_get_cpu_stats(void *state, struct call *call)
{
	const struct xvm_node_get_cpu_stats_args *args = call->args;
	struct xvm_node_get_cpu_stats_ret *ret = call->ret;
	uint64_t busy, idle;

	if (xen_check_flags(args->flags, 0, "libxlNodeGetCPUStats",
	    &call->err) != 0 ||
	    cpu_times(state, args->cpu_num, &busy, &idle, &call->err) != 0)
		return -1;
	const struct {
		const char *field;
		uint64_t value;
	} stats[] = {
		{ "kernel", 0 },
		{ "user", busy },	/* of domains, dom0's included */
		{ "idle", idle },
		{ "iowait", 0 },
	};
	const int n_stats = sizeof(stats) / sizeof(stats[0]);
	int n = args->nparams < n_stats ? args->nparams : n_stats;

	ret->nparams = n_stats;
	if (args->nparams <= 0)
		return 0;	/* only asked how many there are */
	ret->params.params_val = calloc((size_t)n,
	    sizeof(*ret->params.params_val));
	if (ret->params.params_val == NULL)
		return error_nomem(&call->err);
	ret->params.params_len = (unsigned int)n;
	ret->nparams = n;
	for (int i = 0; i < n; i++) {
		ret->params.params_val[i].value = stats[i].value;
		if (xen_text(stats[i].field, &ret->params.params_val[i].field,
		    &call->err) != 0)
			return -1;
	}
	return 0;
}

/* Memory in KiB: the host's, or a cell's. */
static int
memory_of(struct xen_conn *xen, int cell, uint64_t *total, uint64_t *free_kib,
    struct error *err)
{
	xc_physinfo_t info;
	xc_meminfo_t *cells;
	unsigned int n;
	int rc = 0;

	if (cell < 0) {
		if (node_physinfo(xen, &info, err) != 0)
			return -1;
		*total = info.total_pages * HYPER_PAGE_KIB;
		*free_kib = info.free_pages * HYPER_PAGE_KIB;
		return 0;
	}
	cells = node_cells(xen, &n, NULL, err);
	if (cells == NULL)
		return -1;
	if ((unsigned int)cell >= n ||
	    cells[cell].memsize == XEN_INVALID_MEM_SZ) {
		rc = error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "cellNum in %s must be less than or equal to %d",
		    "libxlNodeGetMemoryStats", (int)n - 1);
	} else {
		*total = cells[cell].memsize / 1024;
		*free_kib = cells[cell].memfree / 1024;
	}
	free(cells);
	return rc;
}

int
xen_node_get_memory_stats(void *state, struct call *call)
{
	const struct xvm_node_get_memory_stats_args *args = call->args;
	struct xvm_node_get_memory_stats_ret *ret = call->ret;
	uint64_t total = 0, free_kib = 0;
	int n = args->nparams < 2 ? args->nparams : 2;

	if (xen_check_flags(args->flags, 0, "libxlNodeGetMemoryStats",
	    &call->err) != 0 || memory_of(state, args->cell_num, &total,
	    &free_kib, &call->err) != 0)
		return -1;
	ret->nparams = 2;
	if (args->nparams <= 0)
		return 0;
	ret->params.params_val = calloc(2, sizeof(*ret->params.params_val));
	if (ret->params.params_val == NULL)
		return error_nomem(&call->err);
	ret->params.params_len = (unsigned int)n;
	ret->nparams = n;
	ret->params.params_val[0].value = total;
	if (xen_text("total", &ret->params.params_val[0].field,
	    &call->err) != 0)
		return -1;
	ret->params.params_val[1].value = free_kib;
	return n < 2 ? 0 : xen_text("free", &ret->params.params_val[1].field,
	    &call->err);
}

/* No model, told as success: clients ask for it often. */
int
xen_node_get_security_model(void *state, struct call *call)
{
	struct xvm_node_get_security_model_ret *ret = call->ret;

	(void)state;
	ret->model.model_len = ret->doi.doi_len = 1;
	if (xen_text("", &ret->model.model_val, &call->err) != 0)
		return -1;
	return xen_text("", &ret->doi.doi_val, &call->err);
}
