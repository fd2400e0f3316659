/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <sysinfo>: what firmware tells the guest about its machine. */
#include <stdlib.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../uuid.h"

static const char *const types[] = {"smbios", "fwcfg", NULL};

static const char *const bios_names[] = {
    "vendor",
    "version",
    "date",
    "release",
    NULL,
};
static const char *const system_names[] = {
    "manufacturer",
    "product",
    "version",
    "serial",
    "uuid",
    "sku",
    "family",
    NULL,
};
static const char *const board_names[] = {
    "manufacturer",
    "product",
    "version",
    "serial",
    "asset",
    "location",
    NULL,
};
static const char *const chassis_names[] = {
    "manufacturer",
    "version",
    "serial",
    "asset",
    "sku",
    NULL,
};

static const struct rule_attr sysinfo_attrs[] = {
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = types,
	.flags = VALUE_REQUIRED,
    },
    {.name = NULL},
};

static const struct rule_attr entry_attrs[] = {
    {.name = "name"},
    {.name = "file"},
    {.name = NULL},
};

static struct node *
find_entry(const struct node *node, const char *name)
{
	struct node *e = node_child(node, "entry");

	while (e != NULL && !node_attr_is(e, "name", name))
		e = node_next(e, "entry");
	return e;
}

/* The entries that have a known name first, in that order, each once. */
static int
order_entries(struct node *node, const char *const *names)
{
	struct node *e, *next, *before = NULL;

	for (; *names != NULL; names++) {
		struct node *first = find_entry(node, *names);

		if (first != NULL && node_text(first)[0] != '\0') {
			node_unlink(first);
			if (before != NULL)
				node_insert_after(before, first);
			else if (node->first != NULL)
				node_insert_before(node->first, first);
			else
				node_append(node, first);
			before = first;
		} else {
			first = NULL;
		}
		for (e = node_child(node, "entry"); e != NULL; e = next) {
			next = node_next(e, "entry");
			if (e != first && node_attr_is(e, "name", *names))
				node_unlink(e);
		}
	}
	return 0;
}

/* One to nine digits, and what is behind them. */
static int
take_number(const char **text, char end, long *out)
{
	char *rest;

	*out = strtol(*text, &rest, 10);
	if (rest == *text || *rest != end || *out > INT32_MAX)
		return -1;
	*text = rest + (end != '\0');
	return 0;
}

/* mm/dd/yy or mm/dd/yyyy */
static int
check_date(struct rule_ctx *ctx, const char *date)
{
	long month, day, year;

	if (take_number(&date, '/', &month) == 0 &&
	    take_number(&date, '/', &day) == 0 &&
	    take_number(&date, '\0', &year) == 0 && month >= 1 && month <= 12 &&
	    day >= 1 && day <= 31 && year >= 0 && (year < 100 || year >= 1900))
		return 0;
	return refuse(ctx, XVM_ERR_XML_DETAIL, "Invalid BIOS 'date' format");
}

static int
bios_after(struct rule_ctx *ctx, struct node *node)
{
	const char *date = node_text(find_entry(node, "date"));

	if (date != NULL && date[0] != '\0' && check_date(ctx, date) != 0)
		return -1;
	return order_entries(node, bios_names);
}

/* The machine's UUID and the one it sees are the same. */
static int
system_after(struct rule_ctx *ctx, struct node *node)
{
	struct node *entry = find_entry(node, "uuid");
	struct node *own = ctx->parts->at[PART_UUID];
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];

	if (entry != NULL && node_text(entry)[0] != '\0') {
		if (uuid_parse(node_text(entry), uuid) != 0)
			return refuse(ctx, XVM_ERR_XML_DETAIL,
			    "malformed <sysinfo> uuid element");
		(void)uuid_format(uuid, text);
		if (ctx->parts->uuid_generated)
			node_set_text(own, text);
		else if (strcmp(node_text(own), text) != 0)
			return refuse(ctx, XVM_ERR_XML_DETAIL,
			    "UUID "
			    "mismatch between <uuid> and <sysinfo>");
		node_set_text(entry, text);
	}
	return order_entries(node, system_names);
}

static int
board_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	return order_entries(node, board_names);
}

static int
chassis_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	return order_entries(node, chassis_names);
}

/* One that is empty is written with its end tag. */
static int
string_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (node->first == NULL)
		node_set_text(node, "");
	return 0;
}

static const struct rule strings_children[] = {
    {
	.name = "entry",
	.flags = RULE_MANY | RULE_TEXT,
	.attrs = entry_attrs,
	.after = string_after,
    },
    {.name = NULL},
};

#define ENTRIES                                                                \
	(const struct rule[])                                                  \
	{                                                                      \
		{.name = "entry",                                              \
		    .flags = RULE_MANY | RULE_TEXT,                            \
		    .attrs = entry_attrs},                                     \
		    {.name = NULL},                                            \
	}

static const struct rule smbios_children[] = {
    {
	.name = "bios",
	.flags = RULE_DROP_EMPTY,
	.children = ENTRIES,
	.after = bios_after,
    },
    {
	.name = "system",
	.flags = RULE_DROP_EMPTY,
	.children = ENTRIES,
	.after = system_after,
    },
    {
	.name = "baseBoard",
	.flags = RULE_MANY | RULE_DROP_EMPTY,
	.children = ENTRIES,
	.after = board_after,
    },
    {
	.name = "chassis",
	.flags = RULE_DROP_EMPTY,
	.children = ENTRIES,
	.after = chassis_after,
    },
    {
	.name = "oemStrings",
	.flags = RULE_DROP_EMPTY,
	.children = strings_children,
    },
    {.name = NULL},
};

static int
firmware_after(struct rule_ctx *ctx, struct node *node)
{
	const char *name = node_attr(node, "name");
	const char *file = node_attr(node, "file");

	if (name == NULL)
		return refuse_xml(
		    ctx, "Firmware entry is missing 'name' attribute");
	if (file == NULL && node_text(node)[0] == '\0')
		return refuse_xml(ctx, "Firmware entry must have either "
				       "value or 'file' attribute");
	if (file != NULL) {
		node->first = node->last = NULL;
		node_set_attr(node, "file", path_clean(ctx->doc, file));
	}
	return 0;
}

static const struct rule fwcfg_children[] = {
    {
	.name = "entry",
	.flags = RULE_MANY | RULE_TEXT,
	.attrs = entry_attrs,
	.after = firmware_after,
    },
    {.name = NULL},
};

int
domain_sysinfo_read(struct rule_ctx *ctx)
{
	struct node *s = ctx->parts->at[PART_SYSINFO];

	for (; s != NULL; s = node_next(s, "sysinfo")) {
		if (rule_apply_attrs(ctx, s, sysinfo_attrs) != 0 ||
		    rule_apply_children(ctx, s,
			node_attr_is(s, "type", "smbios")
			    ? smbios_children
			    : fwcfg_children) != 0)
			return -1;
	}
	return 0;
}
