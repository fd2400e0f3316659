/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domain's type, <bootloader>, <os>, <idmap>. */
#include <stdio.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "number.h"

#define BOOT_DEVICES_MAX 4

static const char *const virt_types[] = {
    "none",
    "qemu",
    "kqemu",
    "kvm",
    "xen",
    "lxc",
    "uml",
    "openvz",
    "test",
    "vmware",
    "hyperv",
    "vbox",
    "phyp",
    "parallels",
    "bhyve",
    "vz",
    "hvf",
    NULL,
};
/* As enum os_type. */
static const char *const os_types[] = {
    "hvm",
    "xen",
    "linux",
    "exe",
    "uml",
    "xenpvh",
    NULL,
};
static const char *const arches[] = {
    "alpha",
    "armv6l",
    "armv7l",
    "armv7b",
    "aarch64",
    "cris",
    "i686",
    "ia64",
    "lm32",
    "m68k",
    "microblaze",
    "microblazeel",
    "mips",
    "mipsel",
    "mips64",
    "mips64el",
    "openrisc",
    "parisc",
    "parisc64",
    "ppc",
    "ppcle",
    "ppc64",
    "ppc64le",
    "ppcemb",
    "riscv32",
    "riscv64",
    "s390",
    "s390x",
    "sh4",
    "sh4eb",
    "sparc",
    "sparc64",
    "unicore32",
    "x86_64",
    "xtensa",
    "xtensaeb",
    NULL,
};
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

static const struct rule_attr type_attrs[] = {
    {.name = "arch", .flags = VALUE_DROP_EMPTY},
    {.name = "machine", .flags = VALUE_DROP_EMPTY},
    {.name = NULL},
};

static const struct rule os_names[] = {
    {.name = "type"},
    {.name = NULL},
};

static const char *
default_arch(const struct rule_ctx *ctx)
{
	const struct domain_guest *guests = ctx->caps->guests;

	return guests == NULL || guests->os_type == NULL ? "i686"
							 : guests->arch;
}

/* Xen's paravirtual guests are "linux" in documents. */
static int
read_os_type(struct rule_ctx *ctx, struct node *type, bool xen)
{
	struct domain_parts *p = ctx->parts;
	const char *text = node_text(type);
	int i = OS_XEN;

	if (text == NULL || text[0] == '\0') {
		if (part_text(ctx, PART_BOOTLOADER) == NULL)
			return refuse_xml(
			    ctx, "an os <type> must be specified");
	} else if ((i = enum_index(os_types, text)) < 0) {
		return refuse_config(ctx, "unknown OS type '%s'", text);
	}
	p->os = (enum os_type)i;
	if (p->os == OS_LINUX && xen)
		p->os = OS_XEN;
	return 0;
}

int
domain_os_type_read(struct rule_ctx *ctx)
{
	const char *virt = node_attr(ctx->parts->root, "type"), *text, *arch;
	struct node *os = ctx->parts->at[PART_OS], *type;
	bool xen;

	if (virt == NULL || virt[0] == '\0')
		return refuse_internal(ctx, "missing domain type attribute");
	if (enum_index(virt_types, virt) < 0)
		return refuse_config(ctx, "invalid domain type %s", virt);
	xen = strcmp(virt, "xen") == 0;
	if (read_os_type(ctx, node_child(os, "type"), xen) != 0)
		return -1;
	os = part_need(ctx, PART_OS);
	type = rule_need(os, os_names, "type");
	if (type == NULL)
		return error_nomem(ctx->err);
	if (rule_apply_attrs(ctx, type, type_attrs) != 0)
		return -1;
	arch = node_attr(type, "arch");
	if (arch != NULL && enum_index(arches, arch) < 0)
		return refuse_config(ctx, "Unknown architecture %s", arch);
	if (arch == NULL)
		rule_set_attr(type, type_attrs, "arch", default_arch(ctx));
	text = os_types[xen && ctx->parts->os == OS_XEN ? OS_LINUX
							: ctx->parts->os];
	if (strcmp(node_text(type), text) != 0)
		node_set_text(type, text);
	return 0;
}

/* --- below <os> ----------------------------------------------------------- */

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

static const struct rule_attr loader_attrs[] = {
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

static struct node *
firmware_feature(const struct node *firmware, const char *name)
{
	struct node *f = node_child(firmware, "feature");

	while (f != NULL && !node_attr_is(f, "name", name))
		f = node_next(f, "feature");
	return f;
}

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

	if (node_child(node->parent, "table") != node)
		return refuse_xml(ctx, "Only one acpi table is supported");
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

static const struct rule os_children[] = {
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
	.attrs = loader_attrs,
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
#define NO_BOOTLOADER (1u << 31) /* and only without a <bootloader> */

static const unsigned int os_guests[] = {
    UINT32_MAX & ~NO_BOOTLOADER, /* type */
    HVM,			 /* firmware */
    CONTAINER, CONTAINER, CONTAINER, CONTAINER, CONTAINER, CONTAINER,
    HVM | PARAVIRTUAL, /* loader */
    HVM | PARAVIRTUAL, HVM | PARAVIRTUAL, HVM | PARAVIRTUAL,
    HVM | PARAVIRTUAL | CONTAINER,	       /* cmdline */
    HVM | PARAVIRTUAL, HVM | PARAVIRTUAL, HVM, /* acpi */
    HVM | NO_BOOTLOADER, HVM | NO_BOOTLOADER, HVM | NO_BOOTLOADER,
    UINT32_MAX & ~NO_BOOTLOADER, /* smbios */
};

#define N_OS_CHILDREN (sizeof(os_guests) / sizeof(os_guests[0]))
_Static_assert(
    sizeof(os_children) / sizeof(os_children[0]) == N_OS_CHILDREN + 1,
    "os_guests has a row for each of os_children");

/* Order what is there, without what is not for this type of guest. */
static int
drop_foreign(struct rule_ctx *ctx, struct node *os)
{
	bool bootloader = ctx->parts->at[PART_BOOTLOADER] != NULL;
	struct node *first[N_OS_CHILDREN], *c, *next;

	if (rule_order_children(ctx, os, os_children, first) != 0)
		return -1;
	for (size_t i = 0; i < N_OS_CHILDREN; i++) {
		if (first[i] == NULL ||
		    ((os_guests[i] >> ctx->parts->os & 1) != 0 &&
			(!bootloader || (os_guests[i] & NO_BOOTLOADER) == 0)))
			continue;
		for (c = first[i]; c != NULL; c = next) {
			next = node_next(c, os_children[i].name);
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
	if (enum_index(firmwares, firmware) <= 0)
		return refuse_xml(ctx, "unknown firmware value %s", firmware);
	return 0;
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
	return rule_apply_children(ctx, os, os_children);
}

/* Whether a device says itself when it boots. */
static bool
device_boots(const struct rule_ctx *ctx)
{
	const struct node *d = node_child(ctx->parts->at[PART_DEVICES], NULL);

	for (; d != NULL; d = node_next(d, NULL)) {
		if (node_attr(node_child(d, "boot"), "order") != NULL)
			return true;
	}
	return false;
}

static int
finish_boot(struct rule_ctx *ctx, struct node *os)
{
	bool boot = node_child(os, "boot") != NULL;
	bool device = device_boots(ctx);
	struct node *node;

	if (ctx->parts->os != OS_HVM || ctx->parts->at[PART_BOOTLOADER] != NULL)
		return 0;
	if (boot && device)
		return refuse_config(ctx,
		    "per-device boot elements cannot "
		    "be used together with os/boot elements");
	if (boot || device)
		return 0;
	node = rule_need(os, os_children, "boot");
	if (node == NULL)
		return error_nomem(ctx->err);
	node_set_attr(node, "dev", "hd");
	return 0;
}

/* Keys that are enrolled imply that they are used. */
static int
finish_firmware(struct rule_ctx *ctx, struct node *os)
{
	struct node *firmware = node_child(os, "firmware"), *keys, *secure;

	keys = firmware_feature(firmware, "enrolled-keys");
	if (!node_attr_is(keys, "enabled", "yes"))
		return 0;
	secure = firmware_feature(firmware, "secure-boot");
	if (node_attr_is(secure, "enabled", "no"))
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "firmware feature "
		    "'enrolled-keys' cannot be enabled when firmware feature "
		    "'secure-boot' is disabled");
	if (secure == NULL) {
		secure = node_new(ctx->doc, "feature");
		if (secure == NULL)
			return error_nomem(ctx->err);
		node_set_attr(secure, "enabled", "yes");
		node_set_attr(secure, "name", "secure-boot");
		node_insert_after(keys, secure);
	}
	return 0;
}

int
domain_os_finish(struct rule_ctx *ctx)
{
	struct node *os = ctx->parts->at[PART_OS];
	struct node *loader = node_child(os, "loader");

	if (finish_firmware(ctx, os) != 0)
		return -1;
	if (loader != NULL && node_text(loader)[0] != '\0' &&
	    node_attr(loader, "type") == NULL)
		rule_set_attr(loader, loader_attrs, "type", "rom");
	return finish_boot(ctx, os);
}

int
domain_boot_check(struct rule_ctx *ctx)
{
	const struct node *os = ctx->parts->at[PART_OS];
	int32_t n;

	if (sort_by_attr(node_child(os, "bootmenu"), "timeout") > 65535)
		return refuse_config(ctx,
		    "invalid value for boot menu "
		    "timeout, must be in range [0,65535]");
	if (attr_i32(ctx, node_child(os, "bios"), "rebootTimeout", 0, &n) ==
		1 &&
	    (n < -1 || n > 65535))
		return refuse_config(ctx, "invalid value for rebootTimeout, "
					  "must be in range [-1,65535]");
	return 0;
}
