/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <cpu>, apart from its <numa>. */
#include <string.h>

#include "domain_xml_parts.h"

#define VENDOR_ID_LENGTH 12

static const char *const modes[] = {
    "custom",
    "host-model",
    "host-passthrough",
    "maximum",
    NULL,
};
static const char *const matches[] = {"exact", "minimum", "strict", NULL};
static const char *const checks[] = {
    "default",
    "none",
    "partial",
    "full",
    NULL,
};
static const char *const fallbacks[] = {"allow", "forbid", NULL};
static const char *const policies[] = {
    "force",
    "require",
    "optional",
    "disable",
    "forbid",
    NULL,
};
static const char *const cache_modes[] = {
    "emulate",
    "passthrough",
    "disable",
    NULL,
};
static const char *const physaddr_modes[] = {
    "emulate",
    "passthrough",
    NULL,
};

static const struct rule_attr cpu_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = modes,
	.words = "Invalid mode attribute '%s'",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = "match", .kind = VALUE_ENUM, .values = matches},
    {.name = "check", .kind = VALUE_ENUM, .values = checks},
    {.name = "migratable", .kind = VALUE_ON_OFF},
    {.name = NULL},
};

static const struct rule_attr model_attrs[] = {
    {
	.name = "fallback",
	.kind = VALUE_ENUM,
	.values = fallbacks,
	.flags = VALUE_DROP_EMPTY,
	.words = "Invalid fallback attribute",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = "vendor_id", .flags = VALUE_DROP_EMPTY},
    {.name = NULL},
};

static const struct rule_attr topology_attrs[] = {
    {
	.name = "sockets",
	.kind = VALUE_UINT,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = "dies", .kind = VALUE_UINT, .flags = VALUE_NONZERO},
    {
	.name = "cores",
	.kind = VALUE_UINT,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {
	.name = "threads",
	.kind = VALUE_UINT,
	.flags = VALUE_REQUIRED | VALUE_NONZERO,
    },
    {.name = NULL},
};

static const struct rule_attr cache_attrs[] = {
    {.name = "level", .kind = VALUE_INT, .flags = VALUE_NONNEGATIVE},
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = cache_modes,
	.flags = VALUE_REQUIRED,
    },
    {.name = NULL},
};

static const struct rule_attr physaddr_attrs[] = {
    {
	.name = "mode",
	.kind = VALUE_ENUM,
	.values = physaddr_modes,
	.flags = VALUE_REQUIRED,
    },
    {.name = "bits", .kind = VALUE_INT, .flags = VALUE_NONNEGATIVE},
    {.name = NULL},
};

static const struct rule_attr feature_attrs[] = {
    {
	.name = "policy",
	.kind = VALUE_ENUM,
	.values = policies,
	.words = "Invalid CPU feature policy",
	.code = XVM_ERR_CONFIG_UNSUPPORTED,
    },
    {.name = "name"},
    {.name = NULL},
};

static bool
has_text(const struct node *node)
{
	return node != NULL && node_text(node)[0] != '\0';
}

/* custom and host-model have a model; the others are the host's own. */
static bool
has_model(const struct node *cpu)
{
	const char *mode = node_attr(cpu, "mode");

	return mode == NULL || strcmp(mode, "custom") == 0 ||
	       strcmp(mode, "host-model") == 0;
}

static bool
is_custom(const struct node *cpu)
{
	const char *mode = node_attr(cpu, "mode");

	return mode == NULL || strcmp(mode, "custom") == 0;
}

static int
cpu_before(struct rule_ctx *ctx, struct node *node)
{
	if (rule_apply_attrs(ctx, node, cpu_attrs) != 0)
		return -1;
	if (node_attr(node, "migratable") != NULL && has_model(node))
		return refuse_config(ctx,
		    "Attribute migratable is only "
		    "allowed for 'host-passthrough' / 'maximum' CPU mode");
	return 0;
}

static int
model_before(struct rule_ctx *ctx, struct node *node)
{
	const char *vendor_id;

	if (!has_model(node->parent)) {
		node_unlink(node);
		return 0;
	}
	if (rule_apply_attrs(ctx, node, model_attrs) != 0)
		return -1;
	vendor_id = node_attr(node, "vendor_id");
	if (vendor_id != NULL && strlen(vendor_id) != VENDOR_ID_LENGTH)
		return refuse_xml(ctx,
		    "vendor_id must be exactly %d "
		    "characters long",
		    VENDOR_ID_LENGTH);
	if (vendor_id != NULL && strchr(vendor_id, ',') != NULL)
		return refuse_xml(ctx, "vendor id is invalid");
	return 0;
}

static int
model_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (has_text(node)) {
		rule_set_attr(node, model_attrs, "fallback",
		    node_attr_is(node, "fallback", "forbid") ? "forbid"
							     : "allow");
		return 0;
	}
	node->first = node->last = NULL;
	node_set_attr(node, "fallback", NULL);
	if (node->attrs == NULL)
		node_unlink(node);
	return 0;
}

static int
vendor_after(struct rule_ctx *ctx, struct node *node)
{
	/* A model that the mode leaves out was checked in cpu_after. */
	if (has_model(node->parent) &&
	    !has_text(node_child(node->parent, "model")))
		return refuse_xml(
		    ctx, "CPU vendor specified without CPU model");
	if (!has_model(node->parent))
		node_unlink(node);
	return 0;
}

static int
topology_after(struct rule_ctx *ctx, struct node *node)
{
	(void)ctx;
	if (node_attr(node, "dies") == NULL)
		rule_set_attr(node, topology_attrs, "dies", "1");
	return 0;
}

static int
cache_after(struct rule_ctx *ctx, struct node *node)
{
	int32_t level;

	if (node_child(node->parent, "cache") != node)
		return refuse_xml(
		    ctx, "at most one CPU cache element may be specified");
	if (attr_i32(ctx, node, "level", 0, &level) == 1 &&
	    (level < 1 || level > 3))
		return refuse_xml(
		    ctx, "invalid CPU cache level, must be in range [1,3]");
	return 0;
}

static int
feature_after(struct rule_ctx *ctx, struct node *node)
{
	const char *name = node_attr(node, "name");

	if (node_attr(node, "policy") == NULL)
		rule_set_attr(node, feature_attrs, "policy", "require");
	if (name == NULL || name[0] == '\0')
		return refuse_xml(ctx, "Invalid CPU feature name");
	return 0;
}

static int
feature_before(struct rule_ctx *ctx, struct node *node)
{
	if (is_custom(node->parent) &&
	    !has_text(node_child(node->parent, "model")))
		return refuse_xml(ctx, "Non-empty feature list specified "
				       "without CPU model");
	return 0;
}

static const struct rule cpu_children[] = {
    {
	.name = "model",
	.flags = RULE_TEXT,
	.before = model_before,
	.after = model_after,
    },
    {
	.name = "vendor",
	.flags = RULE_TEXT | RULE_DROP_NO_TEXT,
	.after = vendor_after,
    },
    {
	.name = "topology",
	.attrs = topology_attrs,
	.after = topology_after,
    },
    {
	.name = "cache",
	.flags = RULE_MANY,
	.attrs = cache_attrs,
	.after = cache_after,
    },
    {.name = "maxphysaddr", .attrs = physaddr_attrs},
    {
	.name = "feature",
	.flags = RULE_MANY,
	.attrs = feature_attrs,
	.before = feature_before,
	.after = feature_after,
    },
    {.name = "numa", .flags = RULE_OPAQUE},
    {.name = NULL},
};

static int
check_feature_names(struct rule_ctx *ctx, struct node *cpu)
{
	struct name_set names = {0};
	struct node *f;

	for (f = node_child(cpu, "feature"); f != NULL;
	     f = node_next(f, "feature")) {
		int rc = name_set_add(ctx, &names, node_attr(f, "name"));

		if (rc < 0)
			return -1;
		if (rc == 0)
			return refuse_xml(ctx,
			    "CPU feature '%s' specified "
			    "more than once",
			    node_attr(f, "name"));
	}
	return 0;
}

static const struct rule cpu_rule = {
    .name = "cpu",
    .children = cpu_children,
    .before = cpu_before,
    .after = check_feature_names,
};

/* What comes before the rule; then the rule is applied. */
static int
check_modes(struct rule_ctx *ctx, struct node *cpu)
{
	/* The vendor of a model that the mode leaves out. */
	if (rule_apply_attrs(ctx, cpu, cpu_attrs) != 0)
		return -1;
	if (!has_model(cpu) && has_text(node_child(cpu, "vendor")) &&
	    !has_text(node_child(cpu, "model")))
		return refuse_xml(ctx, "CPU vendor specified without CPU model");
	return 0;
}

int
domain_cpu_read(struct rule_ctx *ctx)
{
	struct node *cpu = ctx->parts->at[PART_CPU];
	int rc;

	if (cpu == NULL)
		return 0;
	ctx->from = XVM_FROM_CPU;
	rc = check_modes(ctx, cpu);
	if (rc == 0)
		rc = part_apply(ctx, PART_CPU, &cpu_rule);
	ctx->from = XVM_FROM_DOMAIN;
	return rc;
}

int
domain_cpu_normalise(struct doc *doc, struct node *cpu, struct error *err)
{
	struct rule_ctx ctx = {.doc = doc, .from = XVM_FROM_CPU, .err = err};

	if (check_modes(&ctx, cpu) != 0 || rule_apply(&ctx, cpu, &cpu_rule) != 0)
		return -1;
	return doc->failed ? error_nomem(err) : 0;
}

/* The attributes are written when they say more than the children. */
int
domain_cpu_finish(struct rule_ctx *ctx)
{
	struct node *cpu = ctx->parts->at[PART_CPU];
	bool custom = is_custom(cpu);
	bool model = has_text(node_child(cpu, "model"));
	const char *check;

	if (cpu == NULL)
		return 0;
	check = node_attr(cpu, "check");
	if (check != NULL && strcmp(check, "default") == 0)
		check = NULL;
	if (custom && !model && check != NULL)
		return refuse_config(ctx, "check attribute specified for CPU "
					  "with no model");
	if (check == NULL)
		node_set_attr(cpu, "check", NULL);
	if (custom && !model) {
		node_set_attr(cpu, "mode", NULL);
		node_set_attr(cpu, "match", NULL);
	} else if (custom) {
		rule_set_attr(cpu, cpu_attrs, "mode", "custom");
		if (node_attr(cpu, "match") == NULL)
			rule_set_attr(cpu, cpu_attrs, "match", "exact");
	} else {
		node_set_attr(cpu, "match", NULL);
	}
	if (cpu->attrs == NULL && cpu->first == NULL)
		part_drop(ctx, PART_CPU);
	return 0;
}

int
domain_cpu_check(struct rule_ctx *ctx)
{
	static const char *const names[] = {
	    "sockets",
	    "dies",
	    "cores",
	    "threads",
	};
	const struct node *topology =
	    node_child(ctx->parts->at[PART_CPU], "topology");
	uint64_t n = 1;

	if (topology == NULL)
		return 0;
	for (size_t i = 0; i < 4; i++) {
		n *= sort_by_attr(topology, names[i]);
		if (n > UINT32_MAX)
			return refuse_config(ctx,
			    "cpu topology results in "
			    "more than %u cpus",
			    UINT32_MAX);
	}
	return 0;
}
