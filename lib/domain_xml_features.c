/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <features>. */
#include <string.h>

#include "domain_xml_parts.h"

#define SPINLOCKS_MIN 4095
#define VENDOR_ID_MAX 12

static const char *const hyperv_modes[] = {
    "none",
    "custom",
    "passthrough",
    NULL,
};
static const char *const policies[] = {"default", "allow", "deny", NULL};
static const char *const passthrough_modes[] = {
    "default",
    "sync_pt",
    "share_pt",
    NULL,
};
static const char *const gic_versions[] = {"none", "host", "2", "3", NULL};
static const char *const ioapics[] = {"none", "qemu", "kvm", NULL};
static const char *const resizings[] = {
    "none",
    "enabled",
    "disabled",
    "required",
    NULL,
};
static const char *const msrs_unknown[] = {"ignore", "fault", NULL};
static const char *const cfpcs[] = {
    "none",
    "broken",
    "workaround",
    "fixed",
    NULL,
};
static const char *const ibses[] = {
    "none",
    "broken",
    "workaround",
    "fixed-ibs",
    "fixed-ccd",
    "fixed-na",
    NULL,
};

/* state='on|off', which must be there. */
static const struct rule_attr state_required[] = {
    {.name = "state", .kind = VALUE_ON_OFF, .flags = VALUE_REQUIRED},
    {.name = NULL},
};
static const struct rule_attr state_attrs[] = {
    {.name = "state", .kind = VALUE_ON_OFF},
    {.name = NULL},
};

static int
default_on(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (node_attr(node, "state") == NULL)
		rule_set_attr(node, state_attrs, "state", "on");
	return 0;
}

static bool
is_on(const struct node *node)
{
	return node_attr_is(node, "state", "on");
}

/* A child that is in no table is refused here, not kept. */
static int
refuse_strangers(struct rule_ctx *ctx, const struct node *node,
    const struct rule *known, const char *words)
{
	const struct node *c;

	for (c = node_child(node, NULL); c != NULL; c = node_next(c, NULL)) {
		const struct rule *r = known;

		while (r->name != NULL && strcmp(r->name, c->name) != 0)
			r++;
		if (r->name == NULL)
			return refuse_config(ctx, "%s%s%s", words, c->name,
			    words[strlen(words) - 1] == '\'' ? "'" : "");
	}
	return 0;
}

/* --- <hyperv> ------------------------------------------------------------- */

static const struct rule_attr hyperv_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = hyperv_modes,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};

static int
spinlocks_after(struct rule_ctx *ctx, struct node *node)
{
	uint32_t retries;

	if (!is_on(node)) {
		node_set_attr(node, "retries", NULL);
		return 0;
	}
	if (attr_u32(ctx, node, "retries", VALUE_REQUIRED | VALUE_BASE0,
		&retries) < 0)
		return -1;
	if (retries < SPINLOCKS_MIN)
		return refuse_xml(ctx,
		    "HyperV spinlock retry count must be at least %d",
		    SPINLOCKS_MIN);
	node_set_attr_fmt(node, "retries", "%d", (int)retries);
	return 0;
}

static int
direct_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (!is_on(node))
		node_unlink(node);
	return 0;
}

static const struct rule stimer_children[] = {
    {
	.name = "direct",
	.attrs = state_required,
	.after = direct_after,
    },
    {.name = NULL},
};

static int
stimer_before(struct rule_ctx *ctx, struct node *node)
{
	if (!is_on(node)) {
		node->first = node->last = NULL;
		return 0;
	}
	return refuse_strangers(
	    ctx, node, stimer_children, "unsupported Hyper-V stimer feature: ");
}

static int
vendor_id_after(struct rule_ctx *ctx, struct node *node)
{
	const char *value = node_attr(node, "value");

	if (!is_on(node)) {
		node_set_attr(node, "value", NULL);
		return 0;
	}
	if (value == NULL)
		return refuse_xml(ctx, "missing 'value' attribute for HyperV "
				       "feature 'vendor_id'");
	if (strlen(value) > VENDOR_ID_MAX)
		return refuse_xml(ctx,
		    "HyperV vendor_id value must not be "
		    "more than %d characters.",
		    VENDOR_ID_MAX);
	if (strchr(value, ',') != NULL)
		return refuse_xml(ctx, "HyperV vendor_id value is invalid");
	return 0;
}

static const struct rule hyperv_children[] = {
    {.name = "relaxed", .attrs = state_required},
    {.name = "vapic", .attrs = state_required},
    {
	.name = "spinlocks",
	.attrs = state_required,
	.after = spinlocks_after,
    },
    {.name = "vpindex", .attrs = state_required},
    {.name = "runtime", .attrs = state_required},
    {.name = "synic", .attrs = state_required},
    {
	.name = "stimer",
	.attrs = state_required,
	.children = stimer_children,
	.before = stimer_before,
    },
    {.name = "reset", .attrs = state_required},
    {
	.name = "vendor_id",
	.attrs = state_required,
	.after = vendor_id_after,
    },
    {.name = "frequencies", .attrs = state_required},
    {.name = "reenlightenment", .attrs = state_required},
    {.name = "tlbflush", .attrs = state_required},
    {.name = "ipi", .attrs = state_required},
    {.name = "evmcs", .attrs = state_required},
    {.name = "avic", .attrs = state_required},
    {.name = NULL},
};

static int
hyperv_before(struct rule_ctx *ctx, struct node *node)
{
	if (node_attr(node, "mode") == NULL)
		node_set_attr(node, "mode", "custom");
	return refuse_strangers(ctx, node, hyperv_children,
	    "unsupported HyperV Enlightenment feature: ");
}

static int
keep_open(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	node_keep_open(node);
	return 0;
}

/* --- <kvm>, <xen>, <capabilities> ----------------------------------------- */

static int
dirty_ring_after(struct rule_ctx *ctx, struct node *node)
{
	uint32_t size;

	if (!is_on(node)) {
		node_set_attr(node, "size", NULL);
		return 0;
	}
	if (attr_u32(ctx, node, "size", VALUE_REQUIRED | VALUE_BASE0, &size) <
	    0)
		return -1;
	if ((size & (size - 1)) != 0 || size < 1024 || size > 65536)
		return refuse_xml(ctx, "dirty ring must be power of 2 and "
				       "ranges [1024, 65536]");
	node_set_attr_fmt(node, "size", "%u", size);
	return 0;
}

static const struct rule kvm_children[] = {
    {.name = "hidden", .attrs = state_required},
    {.name = "hint-dedicated", .attrs = state_required},
    {.name = "poll-control", .attrs = state_required},
    {.name = "pv-ipi", .attrs = state_required},
    {
	.name = "dirty-ring",
	.attrs = state_required,
	.after = dirty_ring_after,
    },
    {.name = NULL},
};

static int
kvm_before(struct rule_ctx *ctx, struct node *node)
{
	return refuse_strangers(
	    ctx, node, kvm_children, "unsupported KVM feature: ");
}

static int
passthrough_after(struct rule_ctx *ctx, struct node *node)
{
	int mode;

	if (!is_on(node)) {
		node_set_attr(node, "mode", NULL);
		return 0;
	}
	return attr_enum(ctx, node, "mode", passthrough_modes, VALUE_NONZERO,
		   &mode) < 0
		   ? -1
		   : 0;
}

static const struct rule xen_children[] = {
    {.name = "e820_host", .attrs = state_required},
    {
	.name = "passthrough",
	.attrs = state_required,
	.after = passthrough_after,
    },
    {.name = NULL},
};

static int
xen_before(struct rule_ctx *ctx, struct node *node)
{
	return refuse_strangers(
	    ctx, node, xen_children, "unsupported Xen feature: ");
}

static const struct rule_attr capabilities_attrs[] = {
    {.name = "policy", .kind = VALUE_ENUM, .values = policies},
    {.name = NULL},
};

#define CAPABILITY(what)                                                       \
	{                                                                      \
		.name = what, .attrs = state_attrs, .after = default_on        \
	}

static const struct rule capabilities_children[] = {
    CAPABILITY("audit_control"),
    CAPABILITY("audit_write"),
    CAPABILITY("block_suspend"),
    CAPABILITY("chown"),
    CAPABILITY("dac_override"),
    CAPABILITY("dac_read_search"),
    CAPABILITY("fowner"),
    CAPABILITY("fsetid"),
    CAPABILITY("ipc_lock"),
    CAPABILITY("ipc_owner"),
    CAPABILITY("kill"),
    CAPABILITY("lease"),
    CAPABILITY("linux_immutable"),
    CAPABILITY("mac_admin"),
    CAPABILITY("mac_override"),
    CAPABILITY("mknod"),
    CAPABILITY("net_admin"),
    CAPABILITY("net_bind_service"),
    CAPABILITY("net_broadcast"),
    CAPABILITY("net_raw"),
    CAPABILITY("setgid"),
    CAPABILITY("setfcap"),
    CAPABILITY("setpcap"),
    CAPABILITY("setuid"),
    CAPABILITY("sys_admin"),
    CAPABILITY("sys_boot"),
    CAPABILITY("sys_chroot"),
    CAPABILITY("sys_module"),
    CAPABILITY("sys_nice"),
    CAPABILITY("sys_pacct"),
    CAPABILITY("sys_ptrace"),
    CAPABILITY("sys_rawio"),
    CAPABILITY("sys_resource"),
    CAPABILITY("sys_time"),
    CAPABILITY("sys_tty_config"),
    CAPABILITY("syslog"),
    CAPABILITY("wake_alarm"),
    {.name = NULL},
};

static int
capabilities_before(struct rule_ctx *ctx, struct node *node)
{
	return refuse_strangers(ctx, node, capabilities_children,
	    "unexpected capability feature '");
}

/* The policy "default" is written only above capabilities. */
static int
capabilities_after(struct rule_ctx *ctx, struct node *node)
{
	const char *policy = node_attr(node, "policy");

	(void)ctx;
	if (node->first == NULL && policy != NULL &&
	    strcmp(policy, "default") == 0)
		node_set_attr(node, "policy", NULL);
	else if (node->first != NULL && policy == NULL)
		rule_set_attr(node, capabilities_attrs, "policy", "default");
	return 0;
}

/* --- the others ----------------------------------------------------------- */

static const struct rule_attr apic_attrs[] = {
    {.name = "eoi", .kind = VALUE_ON_OFF},
    {.name = NULL},
};
static const struct rule_attr gic_attrs[] = {
    {
	.name = "version",
	.kind = VALUE_ENUM,
	.values = gic_versions,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};
static const struct rule_attr ioapic_attrs[] = {
    {
	.name = "driver",
	.kind = VALUE_ENUM,
	.values = ioapics,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};
static const struct rule_attr hpt_attrs[] = {
    {
	.name = "resizing",
	.kind = VALUE_ENUM,
	.values = resizings,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};
static const struct rule_attr msrs_attrs[] = {
    {
	.name = "unknown",
	.kind = VALUE_ENUM,
	.values = msrs_unknown,
	.flags = VALUE_REQUIRED,
    },
    {.name = NULL},
};
static const struct rule_attr cfpc_attrs[] = {
    {
	.name = "value",
	.kind = VALUE_ENUM,
	.values = cfpcs,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};
static const struct rule_attr ibs_attrs[] = {
    {
	.name = "value",
	.kind = VALUE_ENUM,
	.values = ibses,
	.flags = VALUE_NONZERO,
    },
    {.name = NULL},
};

static int
tseg_after(struct rule_ctx *ctx, struct node *node)
{
	static const char *const order[] = {"unit", NULL};
	uint64_t bytes, n;
	const char *unit;
	int rc;

	if (!is_on(node->parent)) {
		node_unlink(node);
		return 0;
	}
	rc = element_bytes(ctx, node, "string(./features/smm/tseg)",
	    1024 * 1024, UINT64_MAX, &bytes);
	if (rc <= 0) {
		node_unlink(node);
		return rc;
	}
	unit = size_pretty(bytes, &n);
	node_set_attr(node, "unit", unit);
	node_order_attrs(node, order);
	element_set_u64(node, n);
	return 0;
}

static const struct rule smm_children[] = {
    {.name = "tseg", .flags = RULE_TEXT, .after = tseg_after},
    {.name = NULL},
};

static int
maxpagesize_after(struct rule_ctx *ctx, struct node *node)
{
	uint64_t bytes = 0;

	if (element_bytes(ctx, node, "./features/hpt/maxpagesize", 1024,
		UINT64_MAX, &bytes) < 0)
		return refuse_config(
		    ctx, "Unable to parse HPT maxpagesize setting");
	if (bytes == 0)
		node_unlink(node);
	else
		element_set_kib(node, bytes / 1024 + (bytes % 1024 != 0));
	return 0;
}

static const struct rule hpt_children[] = {
    {
	.name = "maxpagesize",
	.flags = RULE_TEXT,
	.after = maxpagesize_after,
    },
    {.name = NULL},
};

static int
tb_cache_after(struct rule_ctx *ctx, struct node *node)
{
	uint64_t kib = 0;

	if (element_kib(ctx, node, "./tb-cache", false, &kib) < 0)
		return -1;
	if (kib == 0)
		node_unlink(node);
	else
		element_set_kib(node, kib);
	return 0;
}

static const struct rule tcg_children[] = {
    {.name = "tb-cache", .flags = RULE_TEXT, .after = tb_cache_after},
    {.name = NULL},
};

static const struct rule features_children[] = {
    {.name = "acpi"},
    {.name = "apic", .attrs = apic_attrs},
    {.name = "pae"},
    {.name = "hap", .attrs = state_attrs, .after = default_on},
    {.name = "viridian"},
    {.name = "privnet"},
    {
	.name = "hyperv",
	.attrs = hyperv_attrs,
	.children = hyperv_children,
	.before = hyperv_before,
	.after = keep_open,
    },
    {
	.name = "kvm",
	.children = kvm_children,
	.before = kvm_before,
	.after = keep_open,
    },
    {.name = "pvspinlock", .attrs = state_attrs, .after = default_on},
    {
	.name = "capabilities",
	.flags = RULE_DROP_EMPTY,
	.attrs = capabilities_attrs,
	.children = capabilities_children,
	.before = capabilities_before,
	.after = capabilities_after,
    },
    {.name = "pmu", .attrs = state_attrs, .after = default_on},
    {.name = "vmport", .attrs = state_attrs, .after = default_on},
    {.name = "gic", .attrs = gic_attrs},
    {
	.name = "smm",
	.attrs = state_attrs,
	.before = default_on,
	.children = smm_children,
    },
    {
	.name = "ioapic",
	.flags = RULE_DROP_EMPTY,
	.attrs = ioapic_attrs,
    },
    {
	.name = "hpt",
	.flags = RULE_DROP_EMPTY,
	.attrs = hpt_attrs,
	.children = hpt_children,
    },
    {.name = "vmcoreinfo", .attrs = state_attrs, .after = default_on},
    {.name = "htm", .attrs = state_required},
    {.name = "nested-hv", .attrs = state_required},
    {.name = "msrs", .attrs = msrs_attrs},
    {.name = "ccf-assist", .attrs = state_required},
    {
	.name = "xen",
	.children = xen_children,
	.before = xen_before,
	.after = keep_open,
    },
    {.name = "cfpc", .flags = RULE_DROP_EMPTY, .attrs = cfpc_attrs},
    {.name = "sbbc", .flags = RULE_DROP_EMPTY, .attrs = cfpc_attrs},
    {.name = "ibs", .flags = RULE_DROP_EMPTY, .attrs = ibs_attrs},
    {.name = "tcg", .flags = RULE_DROP_EMPTY, .children = tcg_children},
    {.name = NULL},
};

static int
features_before(struct rule_ctx *ctx, struct node *node)
{
	return refuse_strangers(
	    ctx, node, features_children, "unexpected feature '");
}

static const struct rule features_rule = {
    .name = "features",
    .flags = RULE_DROP_EMPTY,
    .children = features_children,
    .before = features_before,
};

int
domain_features_read(struct rule_ctx *ctx)
{
	return part_apply(ctx, PART_FEATURES, &features_rule);
}
