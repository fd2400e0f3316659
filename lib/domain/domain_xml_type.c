/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of guest it is: the domain's type, and <os><type>. */
#include <string.h>

#include "domain_xml_parts.h"

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
