/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* freecell, nodememstats, node-memory-tune: the memory of the host. */
#include <inttypes.h>

#include "domain_options.h"
#include "host_caps.h"

/* --- freecell ------------------------------------------------------------- */

static int
free_of_all(struct cmd *cmd)
{
	struct xvm_node_get_cells_free_memory_args *args;
	const struct node *cell, *caps;
	struct call *calls;
	uint64_t total = 0;
	size_t n = 0;

	caps = host_capabilities(cmd, "(capabilities)",
	    "unable to get node capabilities");
	if (caps == NULL)
		return -1;
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell"))
		n++;
	args = cmd_alloc(cmd, n * sizeof(*args));
	calls = cmd_batch(cmd, n);
	n = 0;
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell")) {
		if (host_cell_id(cmd, cell, &args[n].start_cell) != 0)
			return -1;
		args[n].maxcells = 1;
		cmd_batch_set(cmd, &calls[n],
		    XVM_CALL_NODE_GET_CELLS_FREE_MEMORY, &args[n]);
		n++;
	}
	(void)cmd_submit(cmd, calls, n);
	for (size_t i = 0; i < n; i++) {
		const struct xvm_node_get_cells_free_memory_ret *ret =
		    calls[i].ret;

		if (calls[i].rc == 0 && ret->cells.cells_len == 1)
			continue;
		cmd_take_error(cmd, &calls[i]);
		return cmd_error(cmd, "failed to get free memory for NUMA "
		    "node number: %d", args[i].start_cell);
	}
	cmd_array_begin(cmd, "cells");
	for (size_t i = 0; i < n; i++) {
		const struct xvm_node_get_cells_free_memory_ret *ret =
		    calls[i].ret;
		uint64_t bytes = ret->cells.cells_val[0];

		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "cell", value_int(args[i].start_cell), "%5d: ",
		    args[i].start_cell);
		cmd_field(cmd, "free_kib", value_uint(bytes / 1024),
		    "%10" PRIu64 " KiB\n", bytes / 1024);
		cmd_object_end(cmd);
		total += bytes;
	}
	cmd_array_end(cmd);
	cmd_extra(cmd, "--------------------\n");
	cmd_extra(cmd, "%5s: %10" PRIu64 " KiB\n", "Total", total / 1024);
	cmd_datum(cmd, "total_free_kib", value_uint(total / 1024));
	return 0;
}

static int
free_of_cell(struct cmd *cmd, int cell)
{
	struct xvm_node_get_cells_free_memory_args args = { cell, 1 };
	const struct xvm_node_get_cells_free_memory_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_NODE_GET_CELLS_FREE_MEMORY, &args);
	if (ret == NULL || ret->cells.cells_len != 1)
		return -1;
	cmd_field(cmd, "cell", value_int(cell), "%d: ", cell);
	cmd_field(cmd, "free_kib", value_uint(ret->cells.cells_val[0] / 1024),
	    "%" PRIu64 " KiB\n", ret->cells.cells_val[0] / 1024);
	return 0;
}

static int
freecell_run(struct cmd *cmd)
{
	const struct xvm_node_get_free_memory_ret *ret;
	int cell = -1, given;

	if (cmd_exclusive(cmd, "all", "cellno") != 0)
		return -1;
	given = cmd_int(cmd, "cellno", &cell);
	if (given < 0)
		return -1;
	if (cmd_has(cmd, "all"))
		return free_of_all(cmd);
	if (given > 0)
		return free_of_cell(cmd, cell);
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_FREE_MEMORY, NULL);
	if (ret == NULL)
		return -1;
	if (ret->free_mem == 0)
		return cmd_error(cmd,
		    "An error occurred, but the cause is unknown");
	cmd_field(cmd, "total_free_kib", value_uint(ret->free_mem / 1024),
	    "%s: %" PRIu64 " KiB\n", "Total", ret->free_mem / 1024);
	return 0;
}

static const struct option freecell_options[] = {
	{ .name = "cellno", .type = OPTION_INT, .help = "of this NUMA cell",
	    .complete = complete_cell },
	OPTION_SWITCH("all", "of every NUMA cell"),
	{ 0 },
};

const struct command command_freecell = {
	.name = "freecell",
	.summary = "show the free memory of NUMA cells",
	.description = "Shows how much memory of the host, or of its NUMA "
	    "cells, is free.",
	.options = freecell_options,
	.run = freecell_run,
};

/* --- nodememstats --------------------------------------------------------- */

static int
nodememstats_run(struct cmd *cmd)
{
	struct xvm_node_get_memory_stats_args args = {
		.cell_num = XVM_NODE_MEMORY_STATS_ALL_CELLS,
	};
	const struct xvm_node_get_memory_stats_ret *ret;

	if (cmd_int(cmd, "cell", &args.cell_num) < 0)
		return -1;
	/* First how many there are: another number is refused. */
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_MEMORY_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get number of memory stats");
	cmd_object_begin(cmd, NULL);
	if (ret->nparams == 0)
		return 0;
	args.nparams = ret->nparams;
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_MEMORY_STATS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get memory stats");
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_node_get_memory_stats *s =
		    &ret->params.params_val[i];

		cmd_field(cmd, cmd_printf(cmd, "%s_kib", s->field),
		    value_uint(s->value), "%-7s: %20" PRIu64 " KiB\n",
		    s->field, s->value);
	}
	return 0;
}

static const struct option nodememstats_options[] = {
	OPTION_NUMBER("cell", "of this NUMA cell"),
	{ 0 },
};

const struct command command_nodememstats = {
	.name = "nodememstats",
	.summary = "show how the host uses its memory",
	.description = "Shows memory statistics of the host, in KiB.",
	.options = nodememstats_options,
	.run = nodememstats_run,
};

/* --- node-memory-tune ----------------------------------------------------- */

static const struct {
	const char *option, *field;
} tunables[] = {
	{ "shm-pages-to-scan", XVM_NODE_MEMORY_SHARED_PAGES_TO_SCAN },
	{ "shm-sleep-millisecs", XVM_NODE_MEMORY_SHARED_SLEEP_MILLISECS },
	{ "shm-merge-across-nodes",
	    XVM_NODE_MEMORY_SHARED_MERGE_ACROSS_NODES },
};

#define N_TUNABLES (sizeof(tunables) / sizeof(tunables[0]))

static int
show_tunables(struct cmd *cmd)
{
	struct xvm_node_get_memory_parameters_args args = { 0 };
	const struct xvm_node_get_memory_parameters_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_NODE_GET_MEMORY_PARAMETERS, &args);
	if (ret == NULL)
		return cmd_error(cmd,
		    "Unable to get number of memory parameters");
	cmd_object_begin(cmd, NULL);
	if (ret->nparams == 0)
		return 0;
	args.nparams = ret->nparams;
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_MEMORY_PARAMETERS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Unable to get memory parameters");
	cmd_text(cmd, "Shared memory:\n");
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_typed_param *p = &ret->params.params_val[i];

		cmd_field(cmd, p->field, param_value(p), "\t%-15s %s\n",
		    p->field, param_text(cmd, p));
	}
	return 0;
}

static int
node_memory_tune_run(struct cmd *cmd)
{
	struct xvm_typed_param params[N_TUNABLES];
	struct xvm_node_set_memory_parameters_args args = { 0 };

	args.params.params_val = params;
	for (size_t i = 0; i < N_TUNABLES; i++) {
		struct xvm_typed_param *p =
		    &params[args.params.params_len];
		int given = cmd_uint(cmd, tunables[i].option,
		    &p->value.xvm_typed_value_u.ui);

		if (given < 0)
			return -1;
		if (given == 0)
			continue;
		p->field = (char *)(size_t)tunables[i].field;
		p->value.type = XVM_TYPED_UINT;
		args.params.params_len++;
	}
	if (args.params.params_len == 0)
		return show_tunables(cmd);
	if (cmd_call(cmd, XVM_CALL_NODE_SET_MEMORY_PARAMETERS, &args) == NULL)
		return cmd_error(cmd, "Unable to change memory parameters");
	return 0;
}

static const struct option node_memory_tune_options[] = {
	OPTION_NUMBER("shm-pages-to-scan",
	    "pages that are compared before the next sleep"),
	OPTION_NUMBER("shm-sleep-millisecs",
	    "milliseconds to sleep between two scans"),
	OPTION_NUMBER("shm-merge-across-nodes",
	    "1: merge pages of different NUMA cells, 0: do not"),
	{ 0 },
};

const struct command command_node_memory_tune = {
	.name = "node-memory-tune",
	.summary = "show or set how the host shares memory",
	.description = "Shows how the host merges equal pages of domains, or "
	    "changes it.",
	.options = node_memory_tune_options,
	.run = node_memory_tune_run,
};
