/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands about limits of a domain's devices: disks, interfaces. */
#include <limits.h>

#include "params.h"
#include "rates.h"

/* --- blkdeviotune --------------------------------------------------------- */

static const struct option blkdeviotune_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("device", "target or source of the disk",
	    complete_disk_target),
	OPTION_OLD_NAME("total_bytes_sec", "total-bytes-sec"),
	OPTION_NUMBER("total-bytes-sec", "the most bytes read and written a second"),
	OPTION_OLD_NAME("read_bytes_sec", "read-bytes-sec"),
	OPTION_NUMBER("read-bytes-sec", "the most bytes read a second"),
	OPTION_OLD_NAME("write_bytes_sec", "write-bytes-sec"),
	OPTION_NUMBER("write-bytes-sec", "the most bytes written a second"),
	OPTION_OLD_NAME("total_iops_sec", "total-iops-sec"),
	OPTION_NUMBER("total-iops-sec", "the most I/O operations a second"),
	OPTION_OLD_NAME("read_iops_sec", "read-iops-sec"),
	OPTION_NUMBER("read-iops-sec", "the most reads a second"),
	OPTION_OLD_NAME("write_iops_sec", "write-iops-sec"),
	OPTION_NUMBER("write-iops-sec", "the most writes a second"),
	OPTION_OLD_NAME("total_bytes_sec_max", "total-bytes-sec-max"),
	OPTION_NUMBER("total-bytes-sec-max", "total-bytes-sec in a burst"),
	OPTION_OLD_NAME("read_bytes_sec_max", "read-bytes-sec-max"),
	OPTION_NUMBER("read-bytes-sec-max", "read-bytes-sec in a burst"),
	OPTION_OLD_NAME("write_bytes_sec_max", "write-bytes-sec-max"),
	OPTION_NUMBER("write-bytes-sec-max", "write-bytes-sec in a burst"),
	OPTION_OLD_NAME("total_iops_sec_max", "total-iops-sec-max"),
	OPTION_NUMBER("total-iops-sec-max", "total-iops-sec in a burst"),
	OPTION_OLD_NAME("read_iops_sec_max", "read-iops-sec-max"),
	OPTION_NUMBER("read-iops-sec-max", "read-iops-sec in a burst"),
	OPTION_OLD_NAME("write_iops_sec_max", "write-iops-sec-max"),
	OPTION_NUMBER("write-iops-sec-max", "write-iops-sec in a burst"),
	OPTION_OLD_NAME("size_iops_sec", "size-iops-sec"),
	OPTION_NUMBER("size-iops-sec", "bytes that count as one operation"),
	OPTION_OLD_NAME("group_name", "group-name"),
	OPTION_TEXT("group-name", "disks with this name share the limits",
	    NULL),
	OPTION_OLD_NAME("total_bytes_sec_max_length", "total-bytes-sec-max-length"),
	OPTION_NUMBER("total-bytes-sec-max-length",
	    "seconds that total-bytes-sec-max may last"),
	OPTION_OLD_NAME("read_bytes_sec_max_length", "read-bytes-sec-max-length"),
	OPTION_NUMBER("read-bytes-sec-max-length",
	    "seconds that read-bytes-sec-max may last"),
	OPTION_OLD_NAME("write_bytes_sec_max_length", "write-bytes-sec-max-length"),
	OPTION_NUMBER("write-bytes-sec-max-length",
	    "seconds that write-bytes-sec-max may last"),
	OPTION_OLD_NAME("total_iops_sec_max_length", "total-iops-sec-max-length"),
	OPTION_NUMBER("total-iops-sec-max-length",
	    "seconds that total-iops-sec-max may last"),
	OPTION_OLD_NAME("read_iops_sec_max_length", "read-iops-sec-max-length"),
	OPTION_NUMBER("read-iops-sec-max-length",
	    "seconds that read-iops-sec-max may last"),
	OPTION_OLD_NAME("write_iops_sec_max_length", "write-iops-sec-max-length"),
	OPTION_NUMBER("write-iops-sec-max-length",
	    "seconds that write-iops-sec-max may last"),
	OPTIONS_AFFECT,
	{ 0 }
};

static int
read_size(struct cmd *cmd, const struct param_option *o, struct params *params)
{
	uint64_t value;
	int rc = cmd_scaled(cmd, o->option, &value, 1, UINT64_MAX);

	if (rc < 0)
		return cmd_error(cmd, "Unable to parse integer parameter");
	if (rc > 0)
		params_add_ullong(params, o->field, value);
	return 0;
}

static int
read_count(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	uint64_t value;
	int rc = cmd_u64(cmd, o->option, &value);

	if (rc < 0)
		return cmd_error(cmd, "Unable to parse integer parameter");
	if (rc > 0)
		params_add_ullong(params, o->field, value);
	return 0;
}

static int
read_group(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	const char *name;

	if (cmd_string(cmd, o->option, &name) != 0)
		return cmd_error(cmd, "Unable to parse group-name parameter");
	if (name != NULL)
		params_add_string(params, o->field, name);
	return 0;
}

static const struct tune blkdeviotune = {
	.get = {
		TUNE_GET(XVM_CALL_DOMAIN_GET_BLOCK_IO_TUNE,
		    domain_get_block_io_tune),
		.target = TUNE_AT(domain_get_block_io_tune_args, disk),
		.target_optional = true,
	},
	.result = TUNE_RESULT(domain_get_block_io_tune),
	.set = {
		TUNE_SET(XVM_CALL_DOMAIN_SET_BLOCK_IO_TUNE,
		    domain_set_block_io_tune),
		.target = TUNE_AT(domain_set_block_io_tune_args, disk),
	},
	.max = 32,
	.target = "device",
	.options = (const struct param_option[]){
		{ "total-bytes-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC, read_size },
		{ "read-bytes-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC, read_size },
		{ "write-bytes-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC, read_size },
		{ "total-bytes-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX, read_size },
		{ "read-bytes-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX, read_size },
		{ "write-bytes-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX, read_size },
		{ "total-iops-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC, read_count },
		{ "read-iops-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC, read_count },
		{ "write-iops-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC, read_count },
		{ "total-iops-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX, read_count },
		{ "read-iops-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX, read_count },
		{ "write-iops-sec-max",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX, read_count },
		{ "size-iops-sec",
		    XVM_DOMAIN_BLOCK_IOTUNE_SIZE_IOPS_SEC, read_count },
		{ "total-bytes-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX_LENGTH,
		    read_count },
		{ "read-bytes-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX_LENGTH,
		    read_count },
		{ "write-bytes-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX_LENGTH,
		    read_count },
		{ "total-iops-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX_LENGTH,
		    read_count },
		{ "read-iops-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX_LENGTH,
		    read_count },
		{ "write-iops-sec-max-length",
		    XVM_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX_LENGTH,
		    read_count },
		{ "group-name",
		    XVM_DOMAIN_BLOCK_IOTUNE_GROUP_NAME, read_group },
		{ 0 }
	},
	.views = (const struct param_view[]){
		{ XVM_DOMAIN_BLOCK_IOTUNE_SIZE_IOPS_SEC, "size_iops_sec_bytes",
		    NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX_LENGTH,
		    "total_bytes_sec_max_length_seconds", NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX_LENGTH,
		    "read_bytes_sec_max_length_seconds", NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX_LENGTH,
		    "write_bytes_sec_max_length_seconds", NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX_LENGTH,
		    "total_iops_sec_max_length_seconds", NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX_LENGTH,
		    "read_iops_sec_max_length_seconds", NULL },
		{ XVM_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX_LENGTH,
		    "write_iops_sec_max_length_seconds", NULL },
		{ 0 }
	},
	.cannot_count =
	    "Unable to get number of block I/O throttle parameters",
	.cannot_get = "Unable to get block I/O throttle parameters",
	.cannot_set = "Unable to change block I/O throttle",
};

static int
blkdeviotune_run(struct cmd *cmd)
{
	return tune_run(cmd, &blkdeviotune);
}

const struct command command_blkdeviotune = {
	.name = "blkdeviotune",
	.summary = "show or set limits of a disk's I/O",
	.description = "Show the limits of the I/O of one of the domain's "
	    "disks, or set those that are given.",
	.options = blkdeviotune_options,
	.run = blkdeviotune_run,
};

/* --- domiftune ------------------------------------------------------------ */

static const struct option domiftune_options[] = {
	OPTION_DOMAIN(0),
	OPTION_WORD("interface", "target or MAC address of the interface",
	    complete_interface),
	OPTION_TEXT("inbound", "limits of what comes in, in KiB and seconds: "
	    "average,peak,burst,floor", NULL),
	OPTION_TEXT("outbound", "limits of what goes out: average,peak,burst",
	    NULL),
	OPTIONS_AFFECT,
	{ 0 }
};

/* Those that the direction has; only the average may be 0. */
static void
add_rates(struct params *params, const char *const fields[N_RATES],
    const uint64_t rates[N_RATES])
{
	for (size_t i = 0; i < N_RATES; i++) {
		if (fields[i] != NULL && (i == AVERAGE || rates[i] != 0))
			params_add_uint(params, fields[i],
			    (unsigned int)rates[i]);
	}
}

static int
too_large(struct cmd *cmd, const char *direction,
    const uint64_t rates[N_RATES])
{
	if (rates[AVERAGE] <= UINT_MAX && rates[PEAK] <= UINT_MAX &&
	    rates[BURST] <= UINT_MAX)
		return 0;
	return cmd_error(cmd, "%s rate larger than maximum %u", direction,
	    UINT_MAX);
}

static int
read_inbound(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	static const char *const fields[N_RATES] = {
		XVM_DOMAIN_BANDWIDTH_IN_AVERAGE, XVM_DOMAIN_BANDWIDTH_IN_PEAK,
		XVM_DOMAIN_BANDWIDTH_IN_BURST, XVM_DOMAIN_BANDWIDTH_IN_FLOOR
	};
	uint64_t rates[N_RATES];
	const char *text, *other;

	/* An empty one of the other direction is said first. */
	if (cmd_string(cmd, o->option, &text) != 0 ||
	    cmd_string(cmd, "outbound", &other) != 0)
		return -1;
	if (text == NULL)
		return 0;
	if (rates_parse(cmd, text, rates) != 0 ||
	    too_large(cmd, o->option, rates) != 0)
		return -1;
	if (rates[AVERAGE] == 0 && (rates[BURST] != 0 || rates[PEAK] != 0) &&
	    rates[FLOOR] == 0)
		return cmd_error(cmd,
		    "either inbound average or floor is mandatory");
	add_rates(params, fields, rates);
	return 0;
}

static int
read_outbound(struct cmd *cmd, const struct param_option *o,
    struct params *params)
{
	static const char *const fields[N_RATES] = {
		XVM_DOMAIN_BANDWIDTH_OUT_AVERAGE,
		XVM_DOMAIN_BANDWIDTH_OUT_PEAK, XVM_DOMAIN_BANDWIDTH_OUT_BURST,
		NULL
	};
	uint64_t rates[N_RATES];
	const char *text;

	if (cmd_string(cmd, o->option, &text) != 0)
		return -1;
	if (text == NULL)
		return 0;
	if (rates_parse(cmd, text, rates) != 0 ||
	    too_large(cmd, o->option, rates) != 0)
		return -1;
	if (rates[AVERAGE] == 0 && (rates[BURST] != 0 || rates[PEAK] != 0))
		return cmd_error(cmd, "outbound average is mandatory");
	if (rates[FLOOR] != 0)
		return cmd_error(cmd, "outbound floor is unsupported yet");
	add_rates(params, fields, rates);
	return 0;
}

static const struct tune domiftune = {
	.get = {
		TUNE_GET(XVM_CALL_DOMAIN_GET_INTERFACE_PARAMETERS,
		    domain_get_interface_parameters),
		.target = TUNE_AT(domain_get_interface_parameters_args, device),
	},
	.result = TUNE_RESULT(domain_get_interface_parameters),
	.set = {
		TUNE_SET(XVM_CALL_DOMAIN_SET_INTERFACE_PARAMETERS,
		    domain_set_interface_parameters),
		.target = TUNE_AT(domain_set_interface_parameters_args, device),
	},
	.max = 16,
	.target = "interface",
	.options = (const struct param_option[]){
		{ "inbound", NULL, read_inbound },
		{ "outbound", NULL, read_outbound },
		{ 0 }
	},
	.views = (const struct param_view[]){
		{ XVM_DOMAIN_BANDWIDTH_IN_AVERAGE,
		    "inbound_average_kib_per_second", NULL },
		{ XVM_DOMAIN_BANDWIDTH_IN_PEAK, "inbound_peak_kib_per_second",
		    NULL },
		{ XVM_DOMAIN_BANDWIDTH_IN_BURST, "inbound_burst_kib", NULL },
		{ XVM_DOMAIN_BANDWIDTH_IN_FLOOR,
		    "inbound_floor_kib_per_second", NULL },
		{ XVM_DOMAIN_BANDWIDTH_OUT_AVERAGE,
		    "outbound_average_kib_per_second", NULL },
		{ XVM_DOMAIN_BANDWIDTH_OUT_PEAK,
		    "outbound_peak_kib_per_second", NULL },
		{ XVM_DOMAIN_BANDWIDTH_OUT_BURST, "outbound_burst_kib", NULL },
		{ 0 }
	},
	.cannot_count = "Unable to get number of interface parameters",
	.cannot_get = "Unable to get interface parameters",
	.cannot_set = "Unable to set interface parameters",
};

static int
domiftune_run(struct cmd *cmd)
{
	return tune_run(cmd, &domiftune);
}

const struct command command_domiftune = {
	.name = "domiftune",
	.summary = "show or set limits of an interface's traffic",
	.description = "Show the limits of the traffic of one of the domain's "
	    "interfaces, or set those that are given.",
	.options = domiftune_options,
	.run = domiftune_run,
};
