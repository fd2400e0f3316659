/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is Xen's in a domain's document outside of its devices. */
#include <stdarg.h>
#include <string.h>

#include "../buf.h"
#include "domain_xml_parts.h"

int
refuse_at(struct rule_ctx *ctx, const struct node *node, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;
	int rc;

	if (node != NULL && node->line != 0)
		buf_printf(&text, "line %u: ", node->line);
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	rc = refuse_config(ctx, "%s", buf_str(&text));
	buf_release(&text);
	return rc;
}

/* vCPUs that are not there at the start cannot be pinned. */
static void
drop_offline_pins(struct rule_ctx *ctx)
{
	struct node *tune = ctx->parts->at[PART_CPUTUNE], *pin, *next;
	uint32_t vcpu;

	for (pin = node_child(tune, "vcpupin"); pin != NULL; pin = next) {
		next = node_next(pin, "vcpupin");
		if (attr_u32(ctx, pin, "vcpu", 0, &vcpu) == 1 &&
		    vcpu >= ctx->parts->vcpus)
			node_unlink(pin);
	}
	if (tune != NULL && node_child(tune, NULL) == NULL)
		part_drop(ctx, PART_CPUTUNE);
}

int
domain_xen_finish(struct rule_ctx *ctx)
{
	const struct domain_parts *p = ctx->parts;
	const struct node *type = node_child(p->at[PART_OS], "type");

	if (!ctx->caps->xen)
		return 0;
	if (p->max_memory != 0)
		return refuse_at(ctx, p->at[PART_MAX_MEMORY],
		    "memory hotplug tunables <maxMemory> are not supported by "
		    "this hypervisor driver");
	if (p->at[PART_VCPUS] != NULL)
		return refuse_at(ctx, p->at[PART_VCPUS],
		    "individual CPU state configuration is not supported");
	drop_offline_pins(ctx);
	if (p->os != OS_HVM || !node_attr_is(type, "arch", "x86_64"))
		return 0;
	if (domain_feature_need(ctx, "pae") == NULL ||
	    (p->numa_cells > 0 && domain_feature_need(ctx, "acpi") == NULL))
		return error_nomem(ctx->err);
	return 0;
}

/* The line of what the host offers, NULL: it does not. */
static const struct domain_guest *
find_guest(const struct rule_ctx *ctx, const char *os, const char *arch,
    const char *virt)
{
	const struct domain_guest *g = ctx->caps->guests;

	for (; g->os_type != NULL; g++) {
		if (strcmp(g->os_type, os) == 0 && strcmp(g->arch, arch) == 0 &&
		    strcmp(g->virt_type, virt) == 0)
			return g;
	}
	return NULL;
}

int
domain_xen_check(struct rule_ctx *ctx)
{
	const struct domain_parts *p = ctx->parts;
	const struct node *os = p->at[PART_OS], *type = node_child(os, "type");
	const char *name = p->os == OS_XEN ? "xen" : node_text(type);
	const char *arch = node_attr(type, "arch");
	const char *virt = node_attr(p->root, "type");
	bool secure = node_attr_is(node_child(os, "loader"), "secure", "yes");

	if (!ctx->caps->xen)
		return 0;
	if (find_guest(ctx, name, arch, virt) == NULL)
		return error_set(ctx->err, XVM_FROM_CAPABILITIES,
		    XVM_ERR_INVALID_ARG,
		    "could not find capabilities for ostype=%s arch=%s "
		    "domaintype=%s ",
		    name, arch, virt);
	for (const struct node *f =
		 node_child(node_child(os, "firmware"), "feature");
	     f != NULL; f = node_next(f, "feature")) {
		if (node_attr_is(f, "name", "secure-boot"))
			secure = true;
	}
	if (secure)
		return refuse_at(
		    ctx, os, "Secure boot is not supported on Xen");
	return 0;
}
