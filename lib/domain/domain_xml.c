/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domain XML into canonical form: the document as a whole, and its names. */
#include "domain_xml.h"

#include <string.h>

#include "domain_xml_parts.h"
#include "../uuid.h"
#include "../xml.h"

const struct rule domain_part_rules[PART_COUNT + 1] = {
    [PART_NAME] = {.name = "name"},
    [PART_UUID] = {.name = "uuid"},
    [PART_GENID] = {.name = "genid", .flags = RULE_MANY},
    [PART_TITLE] = {.name = "title"},
    [PART_DESCRIPTION] = {.name = "description"},
    [PART_METADATA] = {.name = "metadata"},
    [PART_MAX_MEMORY] = {.name = "maxMemory"},
    [PART_MEMORY] = {.name = "memory"},
    [PART_CURRENT_MEMORY] = {.name = "currentMemory"},
    [PART_BLKIOTUNE] = {.name = "blkiotune"},
    [PART_MEMTUNE] = {.name = "memtune"},
    [PART_MEMORY_BACKING] = {.name = "memoryBacking"},
    [PART_VCPU] = {.name = "vcpu"},
    [PART_VCPUS] = {.name = "vcpus"},
    [PART_IOTHREADS] = {.name = "iothreads"},
    [PART_IOTHREADIDS] = {.name = "iothreadids"},
    [PART_DEFAULTIOTHREAD] = {.name = "defaultiothread"},
    [PART_CPUTUNE] = {.name = "cputune"},
    [PART_NUMATUNE] = {.name = "numatune", .flags = RULE_MANY},
    [PART_RESOURCE] = {.name = "resource", .flags = RULE_MANY},
    [PART_SYSINFO] = {.name = "sysinfo", .flags = RULE_MANY},
    [PART_BOOTLOADER] = {.name = "bootloader"},
    [PART_BOOTLOADER_ARGS] = {.name = "bootloader_args"},
    [PART_OS] = {.name = "os"},
    [PART_IDMAP] = {.name = "idmap"},
    [PART_FEATURES] = {.name = "features"},
    [PART_CPU] = {.name = "cpu"},
    [PART_CLOCK] = {.name = "clock"},
    [PART_ON_POWEROFF] = {.name = "on_poweroff"},
    [PART_ON_REBOOT] = {.name = "on_reboot"},
    [PART_ON_CRASH] = {.name = "on_crash"},
    [PART_ON_LOCKFAILURE] = {.name = "on_lockfailure"},
    [PART_PM] = {.name = "pm"},
    [PART_PERF] = {.name = "perf"},
    [PART_DEVICES] = {.name = "devices"},
    [PART_SECLABEL] = {.name = "seclabel", .flags = RULE_MANY},
    [PART_KEYWRAP] = {.name = "keywrap"},
    [PART_LAUNCH_SECURITY] = {.name = "launchSecurity"},
    [PART_COUNT] = {.name = NULL},
};

static const struct rule text_rule = {
    .name = "",
    .flags = RULE_TEXT | RULE_DROP_NO_TEXT,
};

int
part_apply(struct rule_ctx *ctx, enum domain_part part, const struct rule *rule)
{
	struct node *node = ctx->parts->at[part];

	if (node == NULL)
		return 0;
	if (rule_apply(ctx, node, rule) != 0)
		return -1;
	if (node->parent == NULL)
		ctx->parts->at[part] = NULL;
	return 0;
}

struct node *
part_need(struct rule_ctx *ctx, enum domain_part part)
{
	struct domain_parts *p = ctx->parts;
	struct node *node, *before = NULL;

	if (p->at[part] != NULL)
		return p->at[part];
	node = node_make(ctx->doc, domain_part_rules[part].name);
	if (node == NULL)
		return NULL;
	p->at[part] = node;
	for (int i = part + 1; i < PART_COUNT && before == NULL; i++)
		before = p->at[i];
	if (before != NULL)
		node_insert_before(before, node);
	else
		rule_insert(p->root, domain_part_rules, node);
	return node;
}

void
part_drop(struct rule_ctx *ctx, enum domain_part part)
{
	if (ctx->parts->at[part] != NULL)
		node_unlink(ctx->parts->at[part]);
	ctx->parts->at[part] = NULL;
}

const char *
part_text(const struct rule_ctx *ctx, enum domain_part part)
{
	const char *text = node_text(ctx->parts->at[part]);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

static const struct rule_attr root_attrs[] = {
    {.name = "type"},
    {.name = "id"},
    {.name = NULL},
};

static int
read_id(struct rule_ctx *ctx)
{
	struct node *root = ctx->parts->root;
	int32_t id;

	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) == 0 &&
	    attr_i32(ctx, root, "id", VALUE_NONNEGATIVE, &id) < 0)
		return -1;
	if ((ctx->flags & DOMAIN_XML_PARSE_ID) == 0 ||
	    (ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(root, "id", NULL);
	return rule_apply_attrs(ctx, root, root_attrs);
}

static bool
is_canonical_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (const char *f = form; *f != '\0'; f++, text++) {
		bool digit = (*text >= '0' && *text <= '9') ||
			     (*text >= 'a' && *text <= 'f');

		if (*f == 'x' ? !digit : *text != '-')
			return false;
	}
	return *text == '\0';
}

/* Put a UUID into an element, or check the one that is there. */
static int
read_uuid(struct rule_ctx *ctx, struct node *node, const char *what)
{
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];
	const char *old = node_text(node);

	if (node == NULL)
		return error_nomem(ctx->err);
	if (is_canonical_uuid(old))
		return 0;
	if (old[0] == '\0') {
		if (uuid_generate(uuid) != 0)
			return refuse_internal(
			    ctx, "Failed to generate %s", what);
	} else if (uuid_parse(old, uuid) != 0) {
		return refuse_internal(ctx, "malformed %s element", node->name);
	}
	if (strcmp(uuid_format(uuid, text), old) != 0)
		node_set_text(node, text);
	return 0;
}

static int
read_ids(struct rule_ctx *ctx)
{
	struct domain_parts *p = ctx->parts;

	if (read_id(ctx) != 0)
		return -1;
	if (part_text(ctx, PART_NAME) == NULL)
		return error_set(
		    ctx->err, XVM_FROM_DOMAIN, XVM_ERR_NO_NAME, NULL);
	p->uuid_generated = part_text(ctx, PART_UUID) == NULL;
	if (read_uuid(ctx, part_need(ctx, PART_UUID), "UUID") != 0)
		return -1;
	if (p->at[PART_GENID] == NULL)
		return 0;
	if (node_next(p->at[PART_GENID], "genid") != NULL)
		return refuse_xml(ctx, "element 'genid' can only appear once");
	return read_uuid(ctx, p->at[PART_GENID], "genid");
}

static int
read_title(struct rule_ctx *ctx)
{
	if (part_apply(ctx, PART_TITLE, &text_rule) != 0 ||
	    part_apply(ctx, PART_DESCRIPTION, &text_rule) != 0)
		return -1;
	if (ctx->parts->at[PART_TITLE] != NULL &&
	    strchr(part_text(ctx, PART_TITLE), '\n') != NULL)
		return refuse_xml(ctx, "Domain title can't contain newlines");
	return 0;
}

static int
read_devices(struct rule_ctx *ctx)
{
	struct node *devices = part_need(ctx, PART_DEVICES);

	if (devices == NULL)
		return error_nomem(ctx->err);
	if (domain_devices_normalise(
		ctx->parts->root, ctx->caps, ctx->flags, ctx->err) != 0)
		return -1;
	if (node_child(devices, NULL) == NULL) {
		devices->first = devices->last = NULL;
		node_keep_open(devices);
	}
	return 0;
}

typedef int step(struct rule_ctx *ctx);

/* It becomes the name of a file somewhere. */
static int
check_name(struct rule_ctx *ctx)
{
	const char *name = part_text(ctx, PART_NAME);

	if (name != NULL && strchr(name, '/') != NULL)
		return refuse_xml(ctx, "name %s cannot contain '/'", name);
	return 0;
}

static step *const steps[] = {
    read_ids,
    domain_os_type_read,
    read_title,
    domain_seclabel_read,
    domain_memory_read,
    domain_memory_tune,
    domain_vcpu_read,
    domain_iothreads_read,
    domain_cputune_read,
    domain_resctrl_read,
    domain_cpu_read,
    domain_numa_read,
    domain_numatune_read,
    domain_resource_read,
    domain_features_read,
    domain_lifecycle_read,
    domain_perf_read,
    domain_clock_read,
    domain_os_read,
    read_devices,
    domain_launch_security_read,
    domain_idmap_read,
    domain_sysinfo_read,
    domain_keywrap_read,
    domain_metadata_read,

    check_name,
    domain_vcpu_finish,
    domain_memory_finish,
    domain_os_finish,
    domain_clock_finish,
    domain_cpu_finish,
    domain_xen_finish,

    domain_xen_check,
    domain_resource_check,
    domain_cpu_check,
    domain_lifecycle_check,
    domain_memory_check,
    domain_os_check,
    domain_cputune_check,
    domain_boot_check,
    domain_idmap_check,
    domain_numa_check,
    domain_iothreads_check,
};

int
domain_xml_normalise(struct doc *doc, const struct domain_caps *caps,
    unsigned int flags, struct error *err)
{
	struct domain_parts parts = {.root = doc->root};
	struct rule_ctx ctx = {
	    .doc = doc,
	    .caps = caps,
	    .flags = flags,
	    .from = XVM_FROM_DOMAIN,
	    .parts = &parts,
	    .err = err,
	};

	if (!node_is(doc->root, "domain"))
		return error_set(err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "expecting root element of 'domain', not '%s'",
		    doc->root->name);
	if (rule_order_children(&ctx, doc->root, domain_part_rules, parts.at) !=
	    0)
		return -1;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i](&ctx) != 0)
			return -1;
	}
	return doc->failed ? error_nomem(err) : 0;
}

int
domain_xml_validate(const struct doc *doc, struct error *err)
{
	const struct node *node = node_child(doc->root, NULL);

	for (; node != NULL; node = node_next(node, NULL)) {
		const struct rule *rule = domain_part_rules;

		while (rule->name != NULL && !node_is(node, rule->name))
			rule++;
		/* One with a prefix belongs to a hypervisor. */
		if (rule->name == NULL && strchr(node->name, ':') == NULL)
			return error_set(err, XVM_FROM_XML,
			    XVM_ERR_XML_INVALID_SCHEMA,
			    "Element domain has extra content: %s",
			    node->name);
	}
	return 0;
}

struct doc *
domain_xml_parse(const char *text, size_t n, const struct domain_caps *caps,
    unsigned int flags, struct error *err)
{
	struct doc *doc =
	    xml_parse(text, n, "(domain_definition)", XVM_FROM_DOMAIN, err);

	if (doc == NULL)
		return NULL;
	if (domain_xml_normalise(doc, caps, flags, err) != 0) {
		doc_free(doc);
		return NULL;
	}
	return doc;
}
