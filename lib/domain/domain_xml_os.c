/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <bootloader>, and what is below <os>. */
#include <stdio.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

#define BOOT_DEVICES_MAX 4

static const char *const firmwares[] = {"none", "bios", "efi", NULL};
static const char *const firmware_features[] = {
    "enrolled-keys",
    "secure-boot",
    NULL,
};
static const char *const loader_types[] = {"none", "rom", "pflash", NULL};
static const char *const boot_devices[] = {
    "fd",
    "cdrom",
    "hd",
    "network",
    NULL,
};
static const char *const smbios_modes[] = {
    "none",
    "emulate",
    "host",
    "sysinfo",
    NULL,
};

static int
initarg_after(struct rule_ctx *ctx, struct node *node)
{
	if (node_text(node)[0] == '\0')
		return refuse_xml(
		    ctx, "No data supplied for <initarg> element");
	return 0;
}

static int
initenv_after(struct rule_ctx *ctx, struct node *node)
{
	const char *name = node_attr(node, "name");

	if (name == NULL)
		return refuse_xml(
		    ctx, "No name supplied for <initenv> element");
	if (node_text(node)[0] == '\0')
		return refuse_xml(ctx,
		    "No value supplied for <initenv "
		    "name='%s'> element",
		    name);
	return 0;
}

const struct rule_attr domain_loader_attrs[] = {
    {.name = "readonly", .kind = VALUE_YES_NO},
    {.name = "secure", .kind = VALUE_YES_NO},
    {
	.name = "type",
	.kind = VALUE_ENUM,
	.values = loader_types,
	.flags = VALUE_NONZERO,
    },
    {.name = "stateless", .kind = VALUE_YES_NO},
    {.name = NULL},
};

static const struct rule_attr nvram_attrs[] = {
    {.name = "template"},
    {.name = "type"},
    {.name = NULL},
};

static const struct rule_attr firmware_attrs[] = {
    {.name = "enabled", .kind = VALUE_YES_NO, .flags = VALUE_REQUIRED},
    {
	.name = "name",
	.kind = VALUE_ENUM,
	.values = firmware_features,
	.flags = VALUE_REQUIRED,
    },
    {.name = NULL},
};

static const struct rule firmware_children[] = {
    {.name = "feature", .flags = RULE_MANY, .attrs = firmware_attrs},
    {.name = NULL},
};

/* Of several about the same feature the last one counts. */
static int
firmware_after(struct rule_ctx *ctx, struct node *node)
{
	struct node *last[2] = {NULL, NULL}, *f, *next;

	(void)ctx;
	for (f = node_child(node, "feature"); f != NULL; f = next) {
		int i = enum_index(firmware_features, node_attr(f, "name"));

		next = node_next(f, "feature");
		if (last[i] != NULL)
			node_unlink(last[i]);
		last[i] = f;
	}
	for (int i = 1; i >= 0; i--) {
		if (last[i] == NULL)
			continue;
		node_unlink(last[i]);
		if (node->first != NULL)
			node_insert_before(node->first, last[i]);
		else
			node_append(node, last[i]);
	}
	return 0;
}

static int
table_before(struct rule_ctx *ctx, struct node *node)
{
	const char *type = node_attr(node, "type"), *path;

	if (type == NULL)
		return refuse_xml(ctx, "Missing acpi table type");
	if (strcmp(type, "slic") != 0)
		return refuse_xml(ctx, "Unknown acpi table type: %s", type);
	path = path_clean(ctx->doc, node_text(node));
	if (path == NULL)
		return error_nomem(ctx->err);
	node_set_text(node, path);
	return 0;
}

static int
acpi_before(struct rule_ctx *ctx, struct node *node)
{
	if (node_count(node, "table") > 1)
		return refuse_xml(ctx, "Only one acpi table is supported");
	return 0;
}

static const struct rule acpi_children[] = {
    {
	.name = "table",
	.flags = RULE_MANY | RULE_TEXT,
	.before = table_before,
    },
    {.name = NULL},
};

static const struct rule_attr boot_attrs[] = {
    {
	.name = "dev",
	.kind = VALUE_ENUM,
	.values = boot_devices,
	.flags = VALUE_REQUIRED,
    },
    {.name = NULL},
};

/* libvirt reads four and looks at no other. */
static int
boot_before(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (node_count(node->parent, "boot") > BOOT_DEVICES_MAX)
		node_unlink(node);
	return 0;
}

static const struct rule_attr bootmenu_attrs[] = {
    {.name = "enable", .kind = VALUE_YES_NO},
    {.name = "timeout"},
    {.name = NULL},
};

static int
bootmenu_after(struct rule_ctx *ctx, struct node *node)
{
	uint32_t n;
	int rc;

	if (!node_attr_is(node, "enable", "yes")) {
		node_set_attr(node, "timeout", NULL);
		return 0;
	}
	rc = attr_u32(ctx, node, "timeout", 0, &n);
	if (rc == 1)
		node_set_attr_fmt(node, "timeout", "%u", n);
	return rc < 0 ? -1 : 0;
}

static const struct rule_attr bios_attrs[] = {
    {.name = "useserial"},
    {.name = "rebootTimeout", .kind = VALUE_INT},
    {.name = NULL},
};

/* A value that is not known counts as "no" here. */
static int
bios_before(struct rule_ctx *ctx, struct node *node)
{
	const char *value = node_attr(node, "useserial");

	(void)ctx;
	if (value != NULL && strcmp(value, "yes") != 0)
		node_set_attr(node, "useserial", "no");
	return 0;
}

static const struct rule_attr smbios_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = smbios_modes,
	.flags = VALUE_DROP_ZERO | VALUE_DROP_EMPTY,
	.words = "unknown smbios mode '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = NULL},
};

#define OS_TEXT(what)                                                          \
	{                                                                      \
		.name = what, .flags = RULE_TEXT | RULE_DROP_NO_TEXT           \
	}

const struct rule domain_os_children[] = {
    {.name = "type", .flags = RULE_TEXT},
    {
	.name = "firmware",
	.flags = RULE_DROP_EMPTY,
	.children = firmware_children,
	.after = firmware_after,
    },
    OS_TEXT("init"),
    {
	.name = "initarg",
	.flags = RULE_MANY | RULE_TEXT,
	.after = initarg_after,
    },
    {
	.name = "initenv",
	.flags = RULE_MANY | RULE_TEXT,
	.after = initenv_after,
    },
    OS_TEXT("initdir"),
    OS_TEXT("inituser"),
    OS_TEXT("initgroup"),
    {
	.name = "loader",
	.flags = RULE_TEXT | RULE_DROP_EMPTY,
	.attrs = domain_loader_attrs,
    },
    {
	.name = "nvram",
	.flags = RULE_TEXT | RULE_DROP_EMPTY,
	.attrs = nvram_attrs,
    },
    OS_TEXT("kernel"),
    OS_TEXT("initrd"),
    OS_TEXT("cmdline"),
    OS_TEXT("dtb"),
    OS_TEXT("root"),
    {
	.name = "acpi",
	.flags = RULE_DROP_EMPTY,
	.children = acpi_children,
	.before = acpi_before,
    },
    {
	.name = "boot",
	.flags = RULE_MANY,
	.attrs = boot_attrs,
	.before = boot_before,
    },
    {
	.name = "bootmenu",
	.flags = RULE_DROP_EMPTY,
	.attrs = bootmenu_attrs,
	.after = bootmenu_after,
    },
    {
	.name = "bios",
	.flags = RULE_DROP_EMPTY,
	.attrs = bios_attrs,
	.before = bios_before,
    },
    {
	.name = "smbios",
	.flags = RULE_DROP_EMPTY,
	.attrs = smbios_attrs,
    },
    {.name = NULL},
};

/* For which types of guest libvirt reads each of them: bits by enum os_type. */
#define HVM (1u << OS_HVM)
#define PARAVIRTUAL (1u << OS_XEN | 1u << OS_XENPVH | 1u << OS_UML)
#define CONTAINER (1u << OS_EXE)

static const unsigned int os_guests[] = {
    UINT32_MAX, /* type */
    HVM,	/* firmware */
    CONTAINER, CONTAINER, CONTAINER, CONTAINER, CONTAINER, CONTAINER,
    HVM | PARAVIRTUAL, /* loader */
    HVM | PARAVIRTUAL, HVM | PARAVIRTUAL, HVM | PARAVIRTUAL,
    HVM | PARAVIRTUAL | CONTAINER,	       /* cmdline */
    HVM | PARAVIRTUAL, HVM | PARAVIRTUAL, HVM, /* acpi */
    HVM, HVM, HVM, UINT32_MAX,		       /* smbios */
};

#define N_OS_CHILDREN (sizeof(os_guests) / sizeof(os_guests[0]))
_Static_assert(sizeof(domain_os_children) / sizeof(domain_os_children[0]) ==
		   N_OS_CHILDREN + 1,
    "os_guests has a row for each of domain_os_children");

/* Order what is there, without what is not for this type of guest. */
static int
drop_foreign(struct rule_ctx *ctx, struct node *os)
{
	struct node *first[N_OS_CHILDREN], *c, *next;

	if (rule_order_children(ctx, os, domain_os_children, first) != 0)
		return -1;
	for (size_t i = 0; i < N_OS_CHILDREN; i++) {
		if (first[i] == NULL ||
		    (os_guests[i] >> ctx->parts->os & 1) != 0)
			continue;
		for (c = first[i]; c != NULL; c = next) {
			next = node_next(c, domain_os_children[i].name);
			node_unlink(c);
		}
	}
	return 0;
}

static int
read_firmware(struct rule_ctx *ctx, struct node *os)
{
	const char *firmware = node_attr(os, "firmware");
	struct node *features = node_child(os, "firmware");

	if (ctx->parts->os != OS_HVM || firmware == NULL ||
	    firmware[0] == '\0') {
		node_set_attr(os, "firmware", NULL);
		/* Features choose a firmware; without it they are nothing. */
		if (features != NULL)
			node_unlink(features);
		return 0;
	}
	if (features != NULL &&
	    rule_apply_children(ctx, features, firmware_children) != 0)
		return -1;
	if (enum_index(firmwares, firmware) <= 0)
		return refuse_xml(ctx, "unknown firmware value %s", firmware);
	return 0;
}

/* A bootloader chooses what to boot itself. */
static void
drop_boots(struct node *os)
{
	static const char *const names[] = {"boot", "bootmenu", "bios", NULL};
	struct node *c, *next;

	for (c = node_child(os, NULL); c != NULL; c = next) {
		next = node_next(c, NULL);
		if (enum_index(names, c->name) >= 0)
			node_unlink(c);
	}
}

int
domain_os_read(struct rule_ctx *ctx)
{
	struct node *os = ctx->parts->at[PART_OS];

	if (part_text(ctx, PART_BOOTLOADER) == NULL) {
		part_drop(ctx, PART_BOOTLOADER);
		part_drop(ctx, PART_BOOTLOADER_ARGS);
	} else if (part_text(ctx, PART_BOOTLOADER_ARGS) == NULL) {
		part_drop(ctx, PART_BOOTLOADER_ARGS);
	}
	if (drop_foreign(ctx, os) != 0)
		return -1;
	ctx->parts->loader =
	    node_child(os, "loader") != NULL || node_child(os, "nvram") != NULL;
	if (read_firmware(ctx, os) != 0)
		return -1;
	if (rule_apply_children(ctx, os, domain_os_children) != 0)
		return -1;
	if (ctx->parts->at[PART_BOOTLOADER] != NULL)
		drop_boots(os);
	return 0;
}
