/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* freepages, allocpages: the pages that a NUMA cell keeps. */
#include <inttypes.h>
#include <stdlib.h>

#include "../lib/number.h"
#include "domain_options.h"
#include "host_caps.h"

/* --- freepages ------------------------------------------------------------ */

static int
compare_sizes(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a;
	unsigned int y = *(const unsigned int *)b;

	return x < y ? -1 : x > y;
}

/* The children <pages size=> of one element; NULL as sizes: count alone. */
static int
page_sizes_of(struct cmd *cmd, const struct node *parent,
    unsigned int *sizes, size_t *n)
{
	const struct node *pages = node_child(parent, "pages");

	for (; pages != NULL; pages = node_next(pages, "pages")) {
		const char *text = node_attr(pages, "size");

		if (sizes != NULL && (text == NULL ||
		    number_u32(text, 10, &sizes[*n]) != 0))
			return cmd_error(cmd, "unable to parse page size: %s",
			    text == NULL ? "(null)" : text);
		++*n;
	}
	return 0;
}

/* Those that the CPU has, or else those that the cells have. */
static int
collect_sizes(struct cmd *cmd, const struct node *caps, unsigned int *sizes,
    size_t *n)
{
	const struct node *cell;

	*n = 0;
	if (page_sizes_of(cmd, node_find(caps, "host/cpu"), sizes, n) != 0)
		return -1;
	if (*n > 0)
		return 0;
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell")) {
		if (page_sizes_of(cmd, cell, sizes, n) != 0)
			return -1;
	}
	return 0;
}

/* The page sizes of the host, sorted, each once. */
static int
host_page_sizes(struct cmd *cmd, const struct node *caps,
    struct xvm_node_get_free_pages_args *args)
{
	unsigned int *sizes, n_out = 0;
	size_t n;

	(void)collect_sizes(cmd, caps, NULL, &n);
	if (n == 0)
		return cmd_error(cmd, "could not get information about "
		    "supported page sizes");
	sizes = cmd_alloc(cmd, n * sizeof(*sizes));
	if (collect_sizes(cmd, caps, sizes, &n) != 0)
		return -1;
	qsort(sizes, n, sizeof(*sizes), compare_sizes);
	for (size_t i = 0; i < n; i++) {
		if (n_out == 0 || sizes[n_out - 1] != sizes[i])
			sizes[n_out++] = sizes[i];
	}
	args->pages.pages_val = sizes;
	args->pages.pages_len = n_out;
	return 0;
}

static void
print_pages(struct cmd *cmd, const struct xvm_node_get_free_pages_args *args,
    const struct xvm_node_get_free_pages_ret *ret)
{
	for (unsigned int i = 0; i < args->pages.pages_len &&
	    i < ret->counts.counts_len; i++) {
		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "page_size_kib",
		    value_uint(args->pages.pages_val[i]), "%uKiB: ",
		    args->pages.pages_val[i]);
		cmd_field(cmd, "free_pages",
		    value_uint(ret->counts.counts_val[i]), "%" PRId64 "\n",
		    (int64_t)ret->counts.counts_val[i]);
		cmd_object_end(cmd);
	}
}

static int
pages_of_all(struct cmd *cmd, struct xvm_node_get_free_pages_args *args)
{
	struct xvm_node_get_free_pages_args *each;
	const struct node *cell, *caps = host_capabilities(cmd, "capabilities",
	    "unable to parse node capabilities");
	struct call *calls;
	size_t n = 0;

	if (caps == NULL || (!cmd_has(cmd, "pagesize") &&
	    host_page_sizes(cmd, caps, args) != 0))
		return -1;
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell"))
		n++;
	each = cmd_alloc(cmd, n * sizeof(*each));
	calls = cmd_batch(cmd, n);
	n = 0;
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell")) {
		const char *id = node_attr(cell, "id");

		each[n] = *args;
		if (id == NULL || number_i32(id, 10, &each[n].start_cell) != 0)
			return cmd_error(cmd,
			    "unable to parse numa node id: %s",
			    id == NULL ? "(null)" : id);
		cmd_batch_set(cmd, &calls[n], XVM_CALL_NODE_GET_FREE_PAGES,
		    &each[n]);
		n++;
	}
	(void)cmd_submit(cmd, calls, n);
	cmd_array_begin(cmd, NULL);
	for (size_t i = 0; i < n; i++) {
		if (calls[i].rc != 0) {
			cmd_take_error(cmd, &calls[i]);
			return -1;
		}
		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "cell", value_int(each[i].start_cell),
		    "Node %d:\n", each[i].start_cell);
		cmd_array_begin(cmd, "pages");
		print_pages(cmd, &each[i], calls[i].ret);
		cmd_array_end(cmd);
		cmd_object_end(cmd);
		cmd_text(cmd, "\n");
	}
	cmd_array_end(cmd);
	return 0;
}

static int
freepages_run(struct cmd *cmd)
{
	struct xvm_node_get_free_pages_args args = { .cell_count = 1 };
	const struct xvm_node_get_free_pages_ret *ret;
	uint64_t bytes = 0;
	unsigned int size;
	int given;

	if (cmd_exclusive(cmd, "all", "cellno") != 0)
		return -1;
	given = cmd_scaled(cmd, "pagesize", &bytes, 1024, UINT32_MAX);
	if (given < 0)
		return -1;
	size = (unsigned int)((bytes + 1023) / 1024);
	args.pages.pages_val = &size;
	args.pages.pages_len = 1;
	if (cmd_has(cmd, "all"))
		return pages_of_all(cmd, &args);
	if (!cmd_has(cmd, "cellno"))
		return cmd_error(cmd, "missing cellno argument");
	if (cmd_int(cmd, "cellno", &args.start_cell) < 0)
		return -1;
	if (args.start_cell < -1)
		return cmd_error(cmd,
		    "cell number must be non-negative integer or -1");
	if (given == 0)
		return cmd_error(cmd, "missing pagesize argument");
	ret = cmd_call(cmd, XVM_CALL_NODE_GET_FREE_PAGES, &args);
	if (ret == NULL)
		return -1;
	print_pages(cmd, &args, ret);
	return 0;
}

static const struct option freepages_options[] = {
	{ .name = "cellno", .type = OPTION_INT, .help = "of this NUMA cell",
	    .complete = complete_cell },
	{ .name = "pagesize", .type = OPTION_INT,
	    .help = "pages of this size, in KiB", .complete = complete_pages },
	OPTION_SWITCH("all", "of every NUMA cell"),
	{ 0 },
};

const struct command command_freepages = {
	.name = "freepages",
	.summary = "show the free pages of NUMA cells",
	.description = "Shows how many pages of a size are free in a NUMA "
	    "cell.",
	.options = freepages_options,
	.run = freepages_run,
};

/* --- allocpages ----------------------------------------------------------- */

static int
allocpages_run(struct cmd *cmd)
{
	struct xvm_node_alloc_pages_args args = {
		.start_cell = -1,
		.cell_count = 1,
	};
	const struct node *cell, *caps;
	uint64_t bytes = 0, count = 0;
	unsigned int size;

	if (cmd_exclusive(cmd, "all", "cellno") != 0 ||
	    cmd_int(cmd, "cellno", &args.start_cell) < 0 ||
	    cmd_scaled(cmd, "pagesize", &bytes, 1024,
	    UINT32_MAX * (uint64_t)1024) < 0 ||
	    cmd_u64(cmd, "pagecount", &count) < 0)
		return -1;
	size = (unsigned int)((bytes + 1023) / 1024);
	args.page_sizes.page_sizes_val = &size;
	args.page_sizes.page_sizes_len = 1;
	args.page_counts.page_counts_val = &count;
	args.page_counts.page_counts_len = 1;
	args.flags = cmd_has(cmd, "add") ? XVM_NODE_ALLOC_PAGES_ADD :
	    XVM_NODE_ALLOC_PAGES_SET;
	if (!cmd_has(cmd, "all"))
		return cmd_call(cmd, XVM_CALL_NODE_ALLOC_PAGES, &args) == NULL
		    ? -1 : 0;
	caps = host_capabilities(cmd, "(capabilities)",
	    "unable to get node capabilities");
	if (caps == NULL)
		return -1;
	/* One after the other: the first that fails stops the rest. */
	for (cell = host_first_cell(caps); cell != NULL;
	    cell = node_next(cell, "cell")) {
		if (host_cell_id(cmd, cell, &args.start_cell) != 0 ||
		    cmd_call(cmd, XVM_CALL_NODE_ALLOC_PAGES, &args) == NULL)
			return -1;
	}
	return 0;
}

static const struct option allocpages_options[] = {
	{ .name = "pagesize", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "size of the pages, in KiB", .complete = complete_pages },
	{ .name = "pagecount", .type = OPTION_INT, .flags = OPTION_REQUIRED,
	    .help = "how many pages" },
	{ .name = "cellno", .type = OPTION_INT, .help = "in this NUMA cell",
	    .complete = complete_cell },
	OPTION_SWITCH("add", "so many more, not so many in all"),
	OPTION_SWITCH("all", "in every NUMA cell"),
	{ 0 },
};

const struct command command_allocpages = {
	.name = "allocpages",
	.summary = "set how many pages are reserved",
	.description = "Sets how many pages of a size a NUMA cell keeps for "
	    "domains.",
	.options = allocpages_options,
	.run = allocpages_run,
};
