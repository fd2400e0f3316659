/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <features>. */
#include <string.h>

#include "domain_xml_features.h"
#include "domain_xml_parts.h"

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
const struct rule_attr feature_state_required[] = {
    {.name = "state", .kind = VALUE_ON_OFF, .flags = VALUE_REQUIRED},
    {.name = NULL},
};
const struct rule_attr feature_state_attrs[] = {
    {.name = "state", .kind = VALUE_ON_OFF},
    {.name = NULL},
};

int
feature_default_on(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (node_attr(node, "state") == NULL)
		rule_set_attr(node, feature_state_attrs, "state", "on");
	return 0;
}

bool
feature_is_on(const struct node *node)
{
	return node_attr_is(node, "state", "on");
}

/* A child that is in no table is refused here, not kept. */
int
feature_refuse_strangers(struct rule_ctx *ctx, const struct node *node,
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

	if (!feature_is_on(node->parent)) {
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
	return element_kib_or_none(ctx, node, "./tb-cache");
}

static const struct rule tcg_children[] = {
    {.name = "tb-cache", .flags = RULE_TEXT, .after = tb_cache_after},
    {.name = NULL},
};

static const struct rule features_children[] = {
    {.name = "acpi", .flags = RULE_LAST},
    {.name = "apic", .flags = RULE_LAST, .attrs = apic_attrs},
    {.name = "pae", .flags = RULE_LAST},
    {.name = "hap",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.after = feature_default_on},
    {.name = "viridian", .flags = RULE_LAST},
    {.name = "privnet", .flags = RULE_LAST},
    {
	.name = "hyperv",
	.flags = RULE_LAST,
	.attrs = feature_hyperv_attrs,
	.children = feature_hyperv_children,
	.before = feature_hyperv_before,
	.after = feature_keep_open,
    },
    {
	.name = "kvm",
	.flags = RULE_LAST,
	.children = feature_kvm_children,
	.before = feature_kvm_before,
	.after = feature_keep_open,
    },
    {.name = "pvspinlock",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.after = feature_default_on},
    {
	.name = "capabilities",
	.flags = RULE_LAST | RULE_DROP_EMPTY,
	.attrs = feature_capabilities_attrs,
	.children = feature_capabilities_children,
	.before = feature_capabilities_before,
	.after = feature_capabilities_after,
    },
    {.name = "pmu",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.after = feature_default_on},
    {.name = "vmport",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.after = feature_default_on},
    {.name = "gic", .flags = RULE_LAST, .attrs = gic_attrs},
    {
	.name = "smm",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.before = feature_default_on,
	.children = smm_children,
    },
    {
	.name = "ioapic",
	.flags = RULE_LAST | RULE_DROP_EMPTY,
	.attrs = ioapic_attrs,
    },
    {
	.name = "hpt",
	.flags = RULE_LAST | RULE_DROP_EMPTY,
	.attrs = hpt_attrs,
	.children = hpt_children,
    },
    {.name = "vmcoreinfo",
	.flags = RULE_LAST,
	.attrs = feature_state_attrs,
	.after = feature_default_on},
    {.name = "htm", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "nested-hv", .flags = RULE_LAST, .attrs = feature_state_required},
    {.name = "msrs", .flags = RULE_LAST, .attrs = msrs_attrs},
    {.name = "ccf-assist", .flags = RULE_LAST, .attrs = feature_state_required},
    {
	.name = "xen",
	.flags = RULE_LAST,
	.children = feature_xen_children,
	.before = feature_xen_before,
	.after = feature_keep_open,
    },
    {.name = "cfpc", .flags = RULE_LAST | RULE_DROP_EMPTY, .attrs = cfpc_attrs},
    {.name = "sbbc", .flags = RULE_LAST | RULE_DROP_EMPTY, .attrs = cfpc_attrs},
    {.name = "ibs", .flags = RULE_LAST | RULE_DROP_EMPTY, .attrs = ibs_attrs},
    {.name = "tcg",
	.flags = RULE_LAST | RULE_DROP_EMPTY,
	.children = tcg_children},
    {.name = NULL},
};

static int
features_before(struct rule_ctx *ctx, struct node *node)
{
	return feature_refuse_strangers(
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

struct node *
domain_feature_need(struct rule_ctx *ctx, const char *name)
{
	return rule_need(
	    part_need(ctx, PART_FEATURES), features_children, name);
}
