/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about limits of a domain: memory, NUMA, block I/O. */
#include <errno.h>
#include <stdlib.h>

#include "../lib/number.h"
#include "input.h"
#include "params.h"

/* --- memtune -------------------------------------------------------------- */

#define UNLIMITED 9007199254740991u	/* KiB: 2^53 - 1 */
#define KIB 1024u

static const struct option memtune_options[] = {
	OPTION_DOMAIN(0),
	OPTION_NUMBER("hard-limit",
	    "the most memory, in KiB unless a unit is given; -1: no limit"),
	OPTION_NUMBER("soft-limit", "the most memory when memory is short"),
	OPTION_NUMBER("swap-hard-limit", "the most memory and swap together"),
	OPTION_NUMBER("min-guarantee", "memory that it gets in any case"),
	OPTIONS_AFFECT,
	{ 0 }
};

/* A number of KiB; -1 when it is none, with the reason where there is one. */
static int
parse_limit(struct cmd *cmd, const char *word, uint64_t *out)
{
	char *unit;
	uint64_t bytes;

	/* Whatever is negative means no limit. */
	errno = 0;
	if (strtoll(word, &unit, 10) < 0 && errno == 0) {
		*out = UNLIMITED;
		return 0;
	}
	if (cmd_read_size(cmd, word, KIB, INT64_MAX, &bytes) != 0)
		return -1;
	*out = bytes / KIB + (bytes % KIB != 0);
	return 0;
}

static int
read_limit(struct cmd *cmd, const struct param_option *o, struct params *params)
{
	const char *word = cmd_word(cmd, o->option);
	uint64_t kib;

	if (word == NULL)
		return 0;
	if (parse_limit(cmd, word, &kib) != 0)
		return cmd_error(cmd, "Unable to parse integer parameter %s",
		    o->option);
	params_add_ullong(params, o->field, kib);
	return 0;
}

static bool
show_limit(const struct xvm_typed_param *param, const char **text_out,
    struct value *value_out)
{
	if (param->value.type != XVM_TYPED_ULLONG ||
	    param->value.xvm_typed_value_u.ul != UNLIMITED)
		return false;
	*text_out = "unlimited";
	*value_out = value_null();
	return true;
}

static const struct tune memtune = {
	.get = { TUNE_GET(XVM_CALL_DOMAIN_GET_MEMORY_PARAMETERS,
	    domain_get_memory_parameters) },
	.result = TUNE_RESULT(domain_get_memory_parameters),
	.set = { TUNE_SET(XVM_CALL_DOMAIN_SET_MEMORY_PARAMETERS,
	    domain_set_memory_parameters) },
	.max = 16,
	.options = (const struct param_option[]){
		{ "hard-limit", XVM_DOMAIN_MEMORY_HARD_LIMIT, read_limit },
		{ "soft-limit", XVM_DOMAIN_MEMORY_SOFT_LIMIT, read_limit },
		{ "swap-hard-limit", XVM_DOMAIN_MEMORY_SWAP_HARD_LIMIT,
		    read_limit },
		{ "min-guarantee", XVM_DOMAIN_MEMORY_MIN_GUARANTEE,
		    read_limit },
		{ 0 }
	},
	.views = (const struct param_view[]){
		{ XVM_DOMAIN_MEMORY_HARD_LIMIT, "hard_limit_kib", show_limit },
		{ XVM_DOMAIN_MEMORY_SOFT_LIMIT, "soft_limit_kib", show_limit },
		{ XVM_DOMAIN_MEMORY_SWAP_HARD_LIMIT, "swap_hard_limit_kib",
		    show_limit },
		{ XVM_DOMAIN_MEMORY_MIN_GUARANTEE, "min_guarantee_kib",
		    show_limit },
		{ 0 }
	},
	.cannot_count = "Unable to get number of memory parameters",
	.cannot_get = "Unable to get memory parameters",
	.cannot_set = "Unable to change memory parameters",
};

static int
memtune_run(struct cmd *cmd)
{
	return tune_run(cmd, &memtune);
}

const struct command command_memtune = {
	.name = "memtune",
	.summary = "show or set limits of a domain's memory",
	.description = "Show the limits of the memory that the domain takes "
	    "from the host, or set those that are given.",
	.options = memtune_options,
	.run = memtune_run,
};

/* --- numatune ------------------------------------------------------------- */

static const struct option numatune_options[] = {
	OPTION_DOMAIN(0),
	OPTION_TEXT("mode", "strict, preferred, interleave, restrictive, or a "
	    "number", complete_numatune_mode),
	OPTION_TEXT("nodeset", "the NUMA nodes, as 0-3,^2", NULL),
	OPTIONS_AFFECT,
	{ 0 }
};

/* By XVM_DOMAIN_NUMATUNE_MEM_*. */
static const char *const numatune_modes[] = {
	"strict", "preferred", "interleave", "restrictive"
};

static int
read_nodeset(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	const char *word;

	if (cmd_string(cmd, o->option, &word) != 0)
		return -1;
	if (word != NULL)
		params_add_string(params, o->field, word);
	return 0;
}

static int
read_numa_mode(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	const char *word;
	int mode;

	if (cmd_string(cmd, o->option, &word) != 0)
		return -1;
	if (word == NULL)
		return 0;
	mode = NUMBER_OF(numatune_modes, word);
	if (mode < 0 && number_i32(word, 0, &mode) != 0)
		return cmd_error(cmd, "Invalid mode: %s", word);
	params_add_int(params, o->field, mode);
	return 0;
}

static bool
show_numa_mode(const struct xvm_typed_param *param, const char **text_out,
    struct value *value_out)
{
	if (param->value.type != XVM_TYPED_INT)
		return false;
	*text_out = NAME_OF(numatune_modes, param->value.xvm_typed_value_u.i,
	    "(null)");
	*value_out = value_string(*text_out);
	return true;
}

static const struct tune numatune = {
	.get = { TUNE_GET(XVM_CALL_DOMAIN_GET_NUMA_PARAMETERS,
	    domain_get_numa_parameters) },
	.result = TUNE_RESULT(domain_get_numa_parameters),
	.set = { TUNE_SET(XVM_CALL_DOMAIN_SET_NUMA_PARAMETERS,
	    domain_set_numa_parameters) },
	.max = 16,
	.options = (const struct param_option[]){
		{ "nodeset", XVM_DOMAIN_NUMA_NODESET, read_nodeset },
		{ "mode", XVM_DOMAIN_NUMA_MODE, read_numa_mode },
		{ 0 }
	},
	.views = (const struct param_view[]){
		{ XVM_DOMAIN_NUMA_MODE, NULL, show_numa_mode },
		{ 0 }
	},
	/* virsh says "memory" here as well. */
	.cannot_count = "Unable to get number of memory parameters",
	.cannot_get = "Unable to get numa parameters",
	.cannot_set = "Unable to change numa parameters",
};

static int
numatune_run(struct cmd *cmd)
{
	return tune_run(cmd, &numatune);
}

const struct command command_numatune = {
	.name = "numatune",
	.summary = "show or set the NUMA nodes of a domain's memory",
	.description = "Show from which NUMA nodes the domain's memory comes, "
	    "or set it.",
	.options = numatune_options,
	.run = numatune_run,
};

/* --- blkiotune ------------------------------------------------------------ */

static const struct option blkiotune_options[] = {
	OPTION_DOMAIN(0),
	OPTION_NUMBER("weight", "the domain's share of I/O"),
	OPTION_TEXT("device-weights", "shares by device: /dev/a,100,/dev/b,200",
	    NULL),
	OPTION_TEXT("device-read-iops-sec",
	    "the most reads a second by device: /dev/a,100,...", NULL),
	OPTION_TEXT("device-write-iops-sec",
	    "the most writes a second by device: /dev/a,100,...", NULL),
	OPTION_TEXT("device-read-bytes-sec",
	    "the most bytes read a second by device: /dev/a,4096,...", NULL),
	OPTION_TEXT("device-write-bytes-sec",
	    "the most bytes written a second by device: /dev/a,4096,...",
	    NULL),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
read_weight(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	int weight, rc = cmd_int(cmd, o->option, &weight);

	if (rc <= 0)
		return rc;
	if (weight <= 0)
		return cmd_error(cmd, "Invalid value of %d for I/O weight",
		    weight);
	params_add_uint(params, o->field, (unsigned int)weight);
	return 0;
}

static int
read_devices(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	const char *word = cmd_word(cmd, o->option);

	if (word == NULL)
		return 0;
	if (word[0] == '\0')
		return cmd_error(cmd, "Unable to parse string parameter");
	params_add_string(params, o->field, word);
	return 0;
}

static const struct tune blkiotune = {
	.get = { TUNE_GET(XVM_CALL_DOMAIN_GET_BLKIO_PARAMETERS,
	    domain_get_blkio_parameters) },
	.result = TUNE_RESULT(domain_get_blkio_parameters),
	.set = { TUNE_SET(XVM_CALL_DOMAIN_SET_BLKIO_PARAMETERS,
	    domain_set_blkio_parameters) },
	.max = 16,
	.options = (const struct param_option[]){
		{ "weight", XVM_DOMAIN_BLKIO_WEIGHT, read_weight },
		{ "device-weights", XVM_DOMAIN_BLKIO_DEVICE_WEIGHT,
		    read_devices },
		{ "device-read-iops-sec", XVM_DOMAIN_BLKIO_DEVICE_READ_IOPS,
		    read_devices },
		{ "device-write-iops-sec", XVM_DOMAIN_BLKIO_DEVICE_WRITE_IOPS,
		    read_devices },
		{ "device-read-bytes-sec", XVM_DOMAIN_BLKIO_DEVICE_READ_BPS,
		    read_devices },
		{ "device-write-bytes-sec", XVM_DOMAIN_BLKIO_DEVICE_WRITE_BPS,
		    read_devices },
		{ 0 }
	},
	.cannot_count = "Unable to get number of blkio parameters",
	.cannot_get = "Unable to get blkio parameters",
	.cannot_set = "Unable to change blkio parameters",
};

static int
blkiotune_run(struct cmd *cmd)
{
	return tune_run(cmd, &blkiotune);
}

const struct command command_blkiotune = {
	.name = "blkiotune",
	.summary = "show or set a domain's share of block I/O",
	.description = "Show the domain's share of block I/O and its limits by "
	    "device, or set those that are given.",
	.options = blkiotune_options,
	.run = blkiotune_run,
};
