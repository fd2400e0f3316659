/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domblkerror, domblklist, domblkinfo: the disks of a domain. */
#include <inttypes.h>
#include <string.h>

#include "../lib/number.h"
#include "domain_doc.h"
#include "domain_options.h"

static int
domblkerror_run(struct cmd *cmd)
{
	static const char *const names[] = {
		[XVM_DOMAIN_DISK_ERROR_NONE] = "no error",
		[XVM_DOMAIN_DISK_ERROR_UNSPEC] = "unspecified error",
		[XVM_DOMAIN_DISK_ERROR_NO_SPACE] = "no space",
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	struct xvm_domain_get_disk_errors_args args = { 0 };
	const struct xvm_domain_get_disk_errors_ret *ret;

	if (dom == NULL)
		return -1;
	/* How many there are at most, then those that there are. */
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_DISK_ERRORS, &args);
	if (ret != NULL && ret->nerrors > 0) {
		args.maxerrors = (unsigned int)ret->nerrors;
		ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_DISK_ERRORS, &args);
	}
	if (ret == NULL)
		return -1;
	cmd_array_begin(cmd, NULL);
	if (ret->nerrors == 0)
		cmd_text(cmd, "No errors found\n");
	for (unsigned int i = 0; i < ret->errors.errors_len; i++) {
		const struct xvm_domain_disk_error *e =
		    &ret->errors.errors_val[i];
		const char *name = NAME_OF(names, e->error, "unknown error");

		cmd_object_begin(cmd, NULL);
		cmd_field(cmd, "disk", value_string(e->disk), "%s", e->disk);
		cmd_field(cmd, "error", value_string(name), ": %s\n", name);
		cmd_object_end(cmd);
	}
	cmd_array_end(cmd);
	return 0;
}

static const struct option domblkerror_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	{ 0 },
};

const struct command command_domblkerror = {
	.name = "domblkerror",
	.summary = "show errors of a domain's disks",
	.description = "Shows which disks of a domain are in error.",
	.options = domblkerror_options,
	.run = domblkerror_run,
};

/* "nvme://0000:01:00.0/1"; NULL: the address is not complete. */
static const char *
nvme_source(struct cmd *cmd, const struct node *disk)
{
	static const char *const parts[] = {
		"domain", "bus", "slot", "function",
	};
	const char *space = child_attr(disk, "source", "namespace");
	const struct node *address = node_find(disk, "source/address");
	uint32_t number[4] = { 0 };

	if (space == NULL || address == NULL)
		return NULL;
	for (size_t i = 0; i < 4; i++) {
		const char *text = node_attr(address, parts[i]);

		if (text != NULL && number_u32(text, 0, &number[i]) != 0)
			return NULL;
	}
	return cmd_printf(cmd, "nvme://%04x:%02x:%02x.%" PRIu32 "/%s",
	    number[0], number[1], number[2], number[3], space);
}

static int
domblklist_run(struct cmd *cmd)
{
	static const struct column columns[] = {
		{ "Type", "type" }, { "Device", "device" },
		{ "Target", "target" }, { "Source", "source" },
	};
	static const char *const sources[] = {
		"file", "dev", "dir", "name", "volume", "path", NULL,
	};
	const struct xvm_domain *dom = cmd_domain(cmd);
	bool details = cmd_has(cmd, "details");
	struct node *root;
	struct table *table;

	if (dom == NULL)
		return -1;
	root = cmd_domain_doc(cmd, dom, cmd_has(cmd, "inactive") ?
	    XVM_DOMAIN_XML_INACTIVE : 0);
	if (root == NULL)
		return -1;
	table = details ? table_new(cmd, columns, 4) :
	    table_new(cmd, columns + 2, 2);
	for (const struct node *disk = node_child(node_child(root, "devices"),
	    "disk"); disk != NULL; disk = node_next(disk, "disk")) {
		const char *type = text_or_null(node_attr(disk, "type"));
		const char *device = text_or_null(node_attr(disk, "device"));
		const char *target = child_attr(disk, "target", "dev"), *source;

		if (details && (type == NULL || device == NULL)) {
			cmd_text(cmd, "unable to query block list details");
			return -1;
		}
		if (target == NULL)
			return cmd_error(cmd, "unable to query block list");
		if (type != NULL && strcmp(type, "nvme") == 0) {
			source = nvme_source(cmd, disk);
			if (source == NULL)
				return cmd_error(cmd, "Unable to query NVMe "
				    "disk address");
		} else {
			source = child_attr_of(disk, "source", sources);
		}
		if (details) {
			table_cell(table, value_string(type), NULL);
			table_cell(table, value_string(device), NULL);
		}
		table_cell(table, value_string(target), NULL);
		table_cell(table, value_string(source), NULL);
	}
	table_print(table, NULL);
	return 0;
}

static const struct option domblklist_options[] = {
	OPTION_DOMAIN(0),
	OPTION_SWITCH("inactive", "of its definition, not as it runs"),
	OPTION_SWITCH("details", "show type and kind of device as well"),
	{ 0 },
};

const struct command command_domblklist = {
	.name = "domblklist",
	.summary = "list the disks of a domain",
	.description = "Lists the block devices of a domain.",
	.options = domblklist_options,
	.run = domblklist_run,
};

/* --- domblkinfo ----------------------------------------------------------- */

#define N_SIZES 3

struct sizes {
	uint64_t bytes[N_SIZES];	/* capacity, allocation, physical */
	bool unknown;			/* all of them are 0 */
	const char *text[N_SIZES];
};

static const struct column size_columns[] = {
	{ "Target", "target" }, { "Capacity", "capacity_bytes" },
	{ "Allocation", "allocation_bytes" },
	{ "Physical", "physical_bytes" },
};

static void
sizes_of(struct cmd *cmd, const struct xvm_domain_get_block_info_ret *info,
    struct sizes *out)
{
	bool human = cmd_has(cmd, "human");

	memset(out, 0, sizeof(*out));
	if (info != NULL) {
		out->bytes[0] = info->capacity;
		out->bytes[1] = info->allocation;
		out->bytes[2] = info->physical;
	}
	out->unknown = (out->bytes[0] | out->bytes[1] | out->bytes[2]) == 0;
	for (size_t i = 0; i < N_SIZES; i++) {
		const char *unit;
		double size = pretty_size(out->bytes[i], &unit);

		if (out->unknown)
			out->text[i] = "-";
		else if (human)
			out->text[i] = cmd_printf(cmd, "%.3f %s", size, unit);
		else
			out->text[i] = cmd_printf(cmd, "%" PRIu64,
			    out->bytes[i]);
	}
}

static struct value
size_value(const struct sizes *s, size_t i)
{
	return s->unknown ? value_null() : value_uint(s->bytes[i]);
}

static int
info_of_one(struct cmd *cmd, const struct xvm_domain *dom, const char *device)
{
	struct xvm_domain_get_block_info_args args = {
		.dom = *dom,
		.path = (char *)(size_t)device,
	};
	const struct xvm_domain_get_block_info_ret *ret;
	struct sizes s;

	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_BLOCK_INFO, &args);
	if (ret == NULL)
		return -1;
	sizes_of(cmd, ret, &s);
	for (size_t i = 0; i < N_SIZES; i++)
		cmd_field(cmd, size_columns[i + 1].key, size_value(&s, i),
		    "%-15s %s\n", cmd_printf(cmd, "%s:",
		    size_columns[i + 1].title), s.text[i]);
	return 0;
}

/* Of a disk on the network, a domain that does not run knows no sizes. */
static bool
is_unknown(const struct node *disk, const struct error *err, bool active)
{
	return !active && child_attr(disk, "source", "protocol") != NULL &&
	    err->code == XVM_ERR_INTERNAL_ERROR &&
	    err->domain == XVM_FROM_STORAGE;
}

static int
info_of_all(struct cmd *cmd, const struct xvm_domain *dom)
{
	struct xvm_domain_get_xml_desc_args ask = { *dom, 0 };
	struct xvm_domain_get_block_info_args *args;
	struct call *calls = cmd_batch(cmd, 2);
	const struct xvm_domain_is_active_ret *is_active = NULL;
	const struct node *devices, *disk;
	struct table *table;
	struct sizes s;
	size_t n, i = 0;
	bool active;

	cmd_batch_set(cmd, &calls[0], XVM_CALL_DOMAIN_IS_ACTIVE, &ask);
	cmd_batch_set(cmd, &calls[1], XVM_CALL_DOMAIN_GET_XML_DESC, &ask);
	(void)cmd_submit(cmd, calls, 2);
	is_active = calls[0].ret;
	active = calls[0].rc == 0 && is_active->active == 1;
	devices = cmd_domain_doc_of(cmd, &calls[1]);
	if (devices == NULL)
		return -1;
	devices = node_child(devices, "devices");
	n = node_count(devices, "disk");
	args = cmd_alloc(cmd, n * sizeof(*args));
	calls = cmd_batch(cmd, n);
	for (disk = node_child(devices, "disk"); disk != NULL;
	    disk = node_next(disk, "disk")) {
		const char *target = child_attr(disk, "target", "dev");

		if (node_child(disk, "source") == NULL)
			continue;
		args[i].dom = *dom;
		args[i].path = (char *)(size_t)(target ? target : "");
		cmd_batch_set(cmd, &calls[i], XVM_CALL_DOMAIN_GET_BLOCK_INFO,
		    &args[i]);
		i++;
	}
	(void)cmd_submit(cmd, calls, i);

	table = table_new(cmd, size_columns, 1 + N_SIZES);
	i = 0;
	for (disk = node_child(devices, "disk"); disk != NULL;
	    disk = node_next(disk, "disk")) {
		const struct xvm_domain_get_block_info_ret *info = NULL;

		if (node_child(disk, "source") != NULL) {
			struct call *call = &calls[i++];

			if (call->rc == 0) {
				info = call->ret;
			} else if (!is_unknown(disk, &call->err, active)) {
				cmd_take_error(cmd, call);
				return -1;
			}
		}
		sizes_of(cmd, info, &s);
		table_cell(table, value_string(child_attr(disk, "target",
		    "dev")), NULL);
		for (size_t j = 0; j < N_SIZES; j++)
			table_cell(table, size_value(&s, j), "%s", s.text[j]);
	}
	table_print(table, NULL);
	return 0;
}

static int
domblkinfo_run(struct cmd *cmd)
{
	const struct xvm_domain *dom;
	const char *device = cmd_word(cmd, "device");

	if (cmd_exclusive(cmd, "all", "device") != 0)
		return -1;
	dom = cmd_domain(cmd);
	if (dom == NULL)
		return -1;
	if (cmd_has(cmd, "all"))
		return info_of_all(cmd, dom);
	if (text_or_null(device) == NULL)
		return cmd_error(cmd,
		    "command 'domblkinfo' requires <device> option");
	return info_of_one(cmd, dom, device);
}

static const struct option domblkinfo_options[] = {
	OPTION_DOMAIN(0),
	OPTION_TEXT("device", "target or path of the disk",
	    complete_disk_target),
	OPTION_SWITCH("human", "print sizes with a unit that fits"),
	OPTION_SWITCH("all", "of every disk, as a table"),
	{ 0 },
};

const struct command command_domblkinfo = {
	.name = "domblkinfo",
	.summary = "show the sizes of a domain's disk",
	.description = "Shows how large a disk of a domain is and how much of "
	    "it is allocated.",
	.options = domblkinfo_options,
	.run = domblkinfo_run,
};
