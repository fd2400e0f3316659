/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver's answers about the host: CPUs, memory, security. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

int
test_node_get_info(void *state, struct call *call)
{
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_node_get_info_ret *ret = call->ret;

	memcpy(ret->model, host->model, sizeof(ret->model));
	ret->memory = host->memory_kib;
	ret->cpus = host->cpus;
	ret->mhz = host->mhz;
	ret->nodes = host->nodes;
	ret->sockets = host->sockets;
	ret->cores = host->cores;
	ret->threads = host->threads;
	return 0;
}

int
test_node_get_cells_free_memory(void *state, struct call *call)
{
	const struct test_host *host = ((struct test_conn *)state)->host;
	const struct xvm_node_get_cells_free_memory_args *args = call->args;
	struct xvm_node_get_cells_free_memory_ret *ret = call->ret;
	unsigned int n;

	if (args->start_cell >= host->n_cells)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "Range exceeds available cells");
	n = (unsigned int)(host->n_cells - args->start_cell);
	if (n > (unsigned int)args->maxcells)
		n = (unsigned int)args->maxcells;
	ret->cells.cells_val = calloc(n + 1, sizeof(uint64_t));
	if (ret->cells.cells_val == NULL)
		return error_nomem(&call->err);
	ret->cells.cells_len = n;
	/* The memory, not what is free of it: so does libvirt's driver. */
	for (unsigned int i = 0; i < n; i++)
		ret->cells.cells_val[i] =
		    host->cells[(unsigned int)args->start_cell + i].memory_kib;
	return 0;
}

int
test_node_get_free_memory(void *state, struct call *call)
{
	const struct test_host *host = ((struct test_conn *)state)->host;
	struct xvm_node_get_free_memory_ret *ret = call->ret;

	for (int i = 0; i < host->n_cells; i++)
		ret->free_mem += host->cells[i].free_kib;
	return 0;
}

int
test_node_get_free_pages(void *state, struct call *call)
{
	const struct xvm_node_get_free_pages_args *args = call->args;
	struct xvm_node_get_free_pages_ret *ret = call->ret;
	size_t n = (size_t)args->cell_count * args->pages.pages_len;
	unsigned int count = 6;

	(void)state;
	if (test_check_flags(args->flags, 0, "testNodeGetFreePages",
	    &call->err) != 0)
		return -1;
	if (n > TEST_PAGE_COUNTS_MAX)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_INVALID_ARG, "too many cells or page sizes");
	ret->counts.counts_val = calloc(n + 1, sizeof(uint64_t));
	if (ret->counts.counts_val == NULL)
		return error_nomem(&call->err);
	ret->counts.counts_len = (unsigned int)n;
	for (size_t i = 0; i < n; i++) {
		count = count * 2 + 7;
		/* Counted in an int there: it turns over. */
		ret->counts.counts_val[i] = (uint64_t)(int64_t)(int32_t)count;
	}
	return 0;
}

int
test_node_get_cpu_map(void *state, struct call *call)
{
	const struct xvm_node_get_cpu_map_args *args = call->args;
	struct xvm_node_get_cpu_map_ret *ret = call->ret;

	(void)state;
	if (test_check_flags(args->flags, 0, "testNodeGetCPUMap",
	    &call->err) != 0)
		return -1;
	if (args->need_map != 0) {
		ret->cpumap.cpumap_val = malloc(1);
		if (ret->cpumap.cpumap_val == NULL)
			return error_nomem(&call->err);
		ret->cpumap.cpumap_val[0] = 0x15;
		ret->cpumap.cpumap_len = 1;
	}
	if (args->need_online != 0)
		ret->online = 3;
	ret->ret = 8;
	return 0;
}

int
test_node_get_cpu_stats(void *state, struct call *call)
{
	static const struct {
		const char *field;
		uint64_t value;
	} stats[] = {
		{ "user", 9797400000 },
		{ "kernel", 34678723400000 },
		{ "idle", 87264900000 },
		{ "iowait", 763600000 },
	};
	const int n_stats = sizeof(stats) / sizeof(stats[0]);
	const struct xvm_node_get_cpu_stats_args *args = call->args;
	struct xvm_node_get_cpu_stats_ret *ret = call->ret;
	xvm_node_get_cpu_stats *v;
	int n;

	(void)state;
	if (test_check_flags(args->flags, 0, "testNodeGetCPUStats",
	    &call->err) != 0)
		return -1;
	ret->nparams = n_stats;
	if (args->nparams <= 0)
		return 0;	/* only asked how many there are */
	n = args->nparams < n_stats ? args->nparams : n_stats;
	v = calloc((size_t)n, sizeof(*v));
	if (v == NULL)
		return error_nomem(&call->err);
	ret->params.params_val = v;
	ret->params.params_len = (unsigned int)n;
	ret->nparams = n;
	for (int i = 0; i < n; i++) {
		if (test_text(stats[i].field, &v[i].field, &call->err) != 0)
			return -1;
		v[i].value = stats[i].value;
	}
	return 0;
}

/* A text as an array of char with its NUL. */
static int
set_chars(const char *s, char **out, unsigned int *n_out, struct error *err)
{
	if (test_text(s, out, err) != 0)
		return -1;
	*n_out = (unsigned int)strlen(s) + 1;
	return 0;
}

int
test_node_get_security_model(void *state, struct call *call)
{
	struct xvm_node_get_security_model_ret *ret = call->ret;

	(void)state;
	if (set_chars("testSecurity", &ret->model.model_val,
	    &ret->model.model_len, &call->err) != 0)
		return -1;
	return set_chars("", &ret->doi.doi_val, &ret->doi.doi_len, &call->err);
}
