/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The features that have features: <hyperv>, <kvm>, <xen>, <capabilities>. */
#include <string.h>

#include "domain_xml_features.h"

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

/* --- <hyperv> ------------------------------------------------------------- */

const struct rule_attr feature_hyperv_attrs[] = {
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

	if (!feature_is_on(node)) {
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
	if (!feature_is_on(node))
		node_unlink(node);
	return 0;
}

static const struct rule stimer_children[] = {
    {
	.name = "direct",
	.attrs = feature_state_required,
	.after = direct_after,
    },
    {.name = NULL},
};

static int
stimer_before(struct rule_ctx *ctx, struct node *node)
{
	if (!feature_is_on(node)) {
		node->first = node->last = NULL;
		return 0;
	}
	return feature_refuse_strangers(
	    ctx, node, stimer_children, "unsupported Hyper-V stimer feature: ");
}

static int
vendor_id_after(struct rule_ctx *ctx, struct node *node)
{
	const char *value = node_attr(node, "value");

	if (!feature_is_on(node)) {
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

const struct rule feature_hyperv_children[] = {
    {.name = "relaxed", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "vapic", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "spinlocks",
	.flags = RULE_LAST,
	.attrs = feature_state_required,
	.after = spinlocks_after,
    },
    {.name = "vpindex", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "runtime", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "synic", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "stimer",
	.flags = RULE_LAST,
	.attrs = feature_state_required,
	.children = stimer_children,
	.before = stimer_before,
    },
    {.name = "reset", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "vendor_id",
	.flags = RULE_LAST,
	.attrs = feature_state_required,
	.after = vendor_id_after,
    },
    {.name = "frequencies",
	.flags = RULE_LAST,
	.attrs = feature_state_required},
    {.name = "reenlightenment",
	.flags = RULE_LAST,
	.attrs = feature_state_required},
    {.name = "tlbflush", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "ipi", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "evmcs", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "avic", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = NULL},
};

int
feature_hyperv_before(struct rule_ctx *ctx, struct node *node)
{
	if (node_attr(node, "mode") == NULL)
		node_set_attr(node, "mode", "custom");
	return feature_refuse_strangers(ctx, node, feature_hyperv_children,
	    "unsupported HyperV Enlightenment feature: ");
}

int
feature_keep_open(struct rule_ctx *ctx, struct node *node)
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

	if (!feature_is_on(node)) {
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

const struct rule feature_kvm_children[] = {
    {.name = "hidden", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "hint-dedicated",
	.flags = RULE_LAST,
	.attrs = feature_state_required},
    {.name = "poll-control",
	.flags = RULE_LAST,
	.attrs = feature_state_required},
    {.name = "pv-ipi", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "dirty-ring",
	.flags = RULE_LAST,
	.attrs = feature_state_required,
	.after = dirty_ring_after,
    },
    {.name = NULL},
};

int
feature_kvm_before(struct rule_ctx *ctx, struct node *node)
{
	return feature_refuse_strangers(
	    ctx, node, feature_kvm_children, "unsupported KVM feature: ");
}

static int
passthrough_after(struct rule_ctx *ctx, struct node *node)
{
	int mode;

	if (!feature_is_on(node)) {
		node_set_attr(node, "mode", NULL);
		return 0;
	}
	return attr_enum(ctx, node, "mode", passthrough_modes, VALUE_NONZERO,
		   &mode) < 0
		   ? -1
		   : 0;
}

const struct rule feature_xen_children[] = {
    {.name = "e820_host", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "passthrough",
	.flags = RULE_LAST,
	.attrs = feature_state_required,
	.after = passthrough_after,
    },
    {.name = NULL},
};

int
feature_xen_before(struct rule_ctx *ctx, struct node *node)
{
	return feature_refuse_strangers(
	    ctx, node, feature_xen_children, "unsupported Xen feature: ");
}

const struct rule_attr feature_capabilities_attrs[] = {
    {.name = "policy", .kind = VALUE_ENUM, .values = policies},
    {.name = NULL},
};

#define CAPABILITY(what)                                                       \
	{                                                                      \
		.name = what, .flags = RULE_LAST,                              \
		.attrs = feature_state_attrs, .after = feature_default_on      \
	}

const struct rule feature_capabilities_children[] = {
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

int
feature_capabilities_before(struct rule_ctx *ctx, struct node *node)
{
	return feature_refuse_strangers(ctx, node,
	    feature_capabilities_children, "unexpected capability feature '");
}

/* The policy "default" is written only above capabilities. */
int
feature_capabilities_after(struct rule_ctx *ctx, struct node *node)
{
	const char *policy = node_attr(node, "policy");

	(void)ctx;
	if (node->first == NULL && policy != NULL &&
	    strcmp(policy, "default") == 0)
		node_set_attr(node, "policy", NULL);
	else if (node->first != NULL && policy == NULL)
		rule_set_attr(
		    node, feature_capabilities_attrs, "policy", "default");
	return 0;
}
