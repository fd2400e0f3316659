/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <filesystem> and <lease>. */
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

/* <lease> */
static const struct rule_attr lease_target_attrs[] = {
    ATTR("path", VALUE_ANY, 0),
    ATTR("offset", VALUE_ULL, VALUE_DROP_ZERO),
    ATTR_END,
};
static const struct rule lease_children[] = {
    {.name = "lockspace", .flags = RULE_TEXT},
    {.name = "key", .flags = RULE_TEXT},
    {.name = "target", .attrs = lease_target_attrs},
    RULE_END,
};

static int
lease_before(struct rule_ctx *ctx, struct node *lease)
{
	const struct node *target = node_child(lease, "target");

	if (child_text(lease, "key") == NULL)
		return refuse_xml(ctx, "Missing 'key' element for lease");
	if (child_text(lease, "lockspace") == NULL)
		return refuse_xml(ctx, "Missing 'lockspace' element for lease");
	if (target == NULL)
		return refuse_xml(ctx, "Missing 'target' element for lease");
	if (node_attr(target, "path") == NULL)
		return refuse_xml(ctx,
		    "Missing 'path' attribute to 'target' element for lease");
	return 0;
}

const struct rule lease_rule = {
    .name = "lease",
    .flags = RULE_MANY,
    .children = lease_children,
    .before = lease_before,
};

/* <filesystem> */
static const char *const types[] = {
    "mount", "block", "file", "template", "ram", "bind", "volume", NULL};
enum {
	TYPE_MOUNT,
	TYPE_BLOCK,
	TYPE_FILE,
	TYPE_TEMPLATE,
	TYPE_RAM,
	TYPE_BIND,
	TYPE_VOLUME,
};
static const char *const access_modes[] = {
    "", "passthrough", "mapped", "squash", NULL};
static const char *const models[] = {"default", "virtio", "virtio-transitional",
    "virtio-non-transitional", NULL};
static const char *const multidevs[] = {
    "default", "remap", "forbid", "warn", NULL};
static const char *const drivers[] = {
    "default", "path", "handle", "loop", "nbd", "ploop", "virtiofs", NULL};
static const char *const policies[] = {"default", "immediate", NULL};
static const char *const caches[] = {"default", "none", "always", NULL};
static const char *const sandboxes[] = {"default", "namespace", "chroot", NULL};

static const struct rule_attr filesystem_attrs[] = {
    ATTR_ENUM("type", 0, types),
    ATTR_ENUM("accessmode", VALUE_DROP_ZERO, access_modes),
    ATTR_ENUM("model", VALUE_NONZERO, models),
    ATTR_ENUM("multidevs", VALUE_DROP_ZERO, multidevs),
    ATTR("fmode", VALUE_ANY, 0),
    ATTR("dmode", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr driver_attrs[] = {
    ATTR_ENUM("type", VALUE_DROP_ZERO, drivers),
    ATTR_SAYS("format", VALUE_ENUM, VALUE_NONZERO, storage_formats,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown driver format value '%s'"),
    ATTR_ENUM("wrpolicy", VALUE_DROP_ZERO, policies),
    ATTR_SAYS("queue", VALUE_ULL, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	"cannot parse queue size '%s' for virtiofs"),
    ATTRS_VIRTIO,
    ATTR_END,
};
static const struct rule_attr binary_attrs[] = {
    ATTR("path", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("xattr", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr cache_attrs[] = {
    ATTR_ENUM("mode", VALUE_NONZERO, caches),
    ATTR_END,
};
static const struct rule_attr sandbox_attrs[] = {
    ATTR_ENUM("mode", VALUE_NONZERO, sandboxes),
    ATTR_END,
};
static const struct rule_attr lock_attrs[] = {
    ATTR("posix", VALUE_ON_OFF, 0),
    ATTR("flock", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr pool_attrs[] = {
    ATTR_SAYS("size", VALUE_INT, VALUE_DROP_EMPTY, NULL, 0,
	"cannot parse thread pool size '%s' for virtiofs"),
    ATTR_END,
};

static int
pool_after(struct rule_ctx *ctx, struct node *pool)
{
	const char *size = node_attr(pool, "size");

	(void)ctx;
	if (size == NULL || size[0] == '-')
		node_unlink(pool);
	return 0;
}

static const struct rule binary_children[] = {
    {.name = "cache", .flags = RULE_DROP_EMPTY, .attrs = cache_attrs},
    {.name = "sandbox", .flags = RULE_DROP_EMPTY, .attrs = sandbox_attrs},
    {.name = "lock", .flags = RULE_DROP_EMPTY, .attrs = lock_attrs},
    {.name = "thread_pool", .attrs = pool_attrs, .after = pool_after},
    RULE_END,
};

/* <source> by type: its attribute. */
static const char *const source_attr[] = {
    [TYPE_MOUNT] = "dir",
    [TYPE_BLOCK] = "dev",
    [TYPE_FILE] = "file",
    [TYPE_TEMPLATE] = "name",
    [TYPE_RAM] = "usage",
    [TYPE_BIND] = "dir",
    [TYPE_VOLUME] = "pool",
};
static const char *const source_names[] = {"dir", "dev", "file", "name",
    "usage", "units", "pool", "volume", "mode", "socket", NULL};
static const struct rule_attr source_order[] = {
    ATTR("dir", VALUE_ANY, 0),
    ATTR("dev", VALUE_ANY, 0),
    ATTR("file", VALUE_ANY, 0),
    ATTR("name", VALUE_ANY, 0),
    ATTR("usage", VALUE_ANY, 0),
    ATTR("units", VALUE_ANY, 0),
    ATTR("pool", VALUE_ANY, 0),
    ATTR("volume", VALUE_ANY, 0),
    ATTR("socket", VALUE_ANY, 0),
    ATTR_END,
};

static int
type_of(const struct node *filesystem)
{
	return enum_index(types, node_attr(filesystem, "type"));
}

/* A size with its unit becomes KiB. */
static int
ram_source(struct rule_ctx *ctx, struct node *source)
{
	const char *usage = node_attr(source, "usage");
	const char *units = node_attr(source, "units");
	struct node *size;
	uint64_t n, bytes = 0;

	if (usage == NULL)
		return refuse_xml(
		    ctx, "missing 'usage' attribute for RAM filesystem");
	if (number_u64_wrap(usage, 10, &n) != 0)
		return refuse_xml(
		    ctx, "cannot parse usage '%s' for RAM filesystem", usage);
	size = node_new(ctx->doc, "usage");
	node_set_text(size, usage);
	node_set_attr(size, "unit", units == NULL ? "" : units);
	if (element_bytes(ctx, size, "usage", 1024, UINT64_MAX, &bytes) < 0)
		return -1;
	node_set_attr_fmt(
	    source, "usage", "%llu", (unsigned long long)bytes / 1024);
	node_set_attr(source, "units", "KiB");
	return 0;
}

/* Keep what the type is about, in order. */
static int
source_before(struct rule_ctx *ctx, struct node *source)
{
	int type = type_of(source->parent);
	const char *socket = node_attr(source, "socket");
	struct rule_attr keep[3] = {{.name = source_attr[type]}};

	if (type == TYPE_RAM)
		keep[1].name = "units";
	else if (type == TYPE_VOLUME)
		keep[1].name = "volume";
	else if ((type == TYPE_MOUNT || type == TYPE_BIND) && socket != NULL)
		keep[0].name = "socket";
	if (type == TYPE_RAM && ram_source(ctx, source) != 0)
		return -1;
	if (type == TYPE_VOLUME && (node_attr(source, "pool") == NULL) !=
				       (node_attr(source, "volume") == NULL))
		return refuse_xml(ctx,
		    "'pool' and 'volume' must be specified together for "
		    "'pool' type source");
	drop_attrs(source, keep, source_names);
	return rule_apply_attrs(ctx, source, source_order);
}

static int
driver_before(struct rule_ctx *ctx, struct node *driver)
{
	const char *type = node_attr(driver, "type");

	if (type == NULL || strcmp(type, "virtiofs") != 0)
		node_set_attr(driver, "queue", NULL);
	if (rule_apply_attrs(ctx, driver, driver_attrs) != 0)
		return -1;
	if (node_attr(driver, "type") == NULL) {
		node_set_attr(driver, "format", NULL);
		node_set_attr(driver, "wrpolicy", NULL);
	}
	return 0;
}

static int
binary_before(struct rule_ctx *ctx, struct node *binary)
{
	return sanitise_path(ctx, binary, "path");
}

static int
limit_before(struct rule_ctx *ctx, struct node *limit)
{
	return bytes_child(ctx, limit,
	    strcmp(limit->name, "space_hard_limit") == 0
		? "./space_hard_limit[1]"
		: "./space_soft_limit[1]");
}

static const struct rule_attr dir_attrs[] = {
    ATTR("dir", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule filesystem_children[] = {
    {
	.name = "driver",
	.flags = RULE_DROP_EMPTY,
	.before = driver_before,
    },
    {
	.name = "binary",
	.flags = RULE_DROP_EMPTY,
	.attrs = binary_attrs,
	.children = binary_children,
	.before = binary_before,
    },
    {.name = "source", .flags = RULE_DROP_EMPTY, .before = source_before},
    {.name = "target", .flags = RULE_DROP_EMPTY, .attrs = dir_attrs},
    {.name = "readonly"},
    RULE_BOOT,
    RULES_INFO,
    {.name = "space_hard_limit", .flags = RULE_TEXT, .before = limit_before},
    {.name = "space_soft_limit", .flags = RULE_TEXT, .before = limit_before},
    RULE_END,
};

/* Permissions: octal, four digits, none when 0. */
static int
read_mode(struct rule_ctx *ctx, struct node *filesystem, const char *name)
{
	const char *value = node_attr(filesystem, name);
	uint32_t mode;

	if (value == NULL)
		return 0;
	if (number_u32(value, 8, &mode) != 0)
		return refuse_value(ctx, filesystem, name,
		    " Expected non-negative integer value");
	if (mode > 0777)
		return refuse_xml(ctx, "invalid %s: '0%o'", name, mode);
	if (mode == 0)
		node_set_attr(filesystem, name, NULL);
	else
		node_set_attr_fmt(filesystem, name, "%04o", mode);
	return 0;
}

static int
check_source(struct rule_ctx *ctx, struct node *filesystem)
{
	const struct node *source = node_child(filesystem, "source");
	const char *target = node_attr(node_child(filesystem, "target"), "dir");
	int type = type_of(filesystem);

	if (type == TYPE_RAM && source == NULL)
		return refuse_xml(
		    ctx, "missing 'usage' attribute for RAM filesystem");
	if (type == TYPE_RAM || type == TYPE_VOLUME ||
	    node_attr(source, source_attr[type]) != NULL ||
	    node_attr(source, "socket") != NULL)
		return 0;
	if (target == NULL || target[0] == '\0')
		return error_set(ctx->err, ctx->from, XVM_ERR_NO_SOURCE, NULL);
	return refuse(ctx, XVM_ERR_NO_SOURCE, "%s", target);
}

static int
filesystem_before(struct rule_ctx *ctx, struct node *filesystem)
{
	if (node_attr(filesystem, "type") == NULL)
		node_set_attr(filesystem, "type", "mount");
	if (rule_apply_attrs(ctx, filesystem, filesystem_attrs) != 0 ||
	    read_mode(ctx, filesystem, "fmode") != 0 ||
	    read_mode(ctx, filesystem, "dmode") != 0)
		return -1;
	if (!node_attr_is(node_child(filesystem, "driver"), "type", "virtiofs"))
		drop_children(filesystem, "binary");
	return 0;
}

const struct rule filesystem_rule = {
    .name = "filesystem",
    .flags = RULE_MANY,
    .attrs = filesystem_attrs,
    .children = filesystem_children,
    .before = filesystem_before,
    .after = check_source,
};

int
filesystem_fill(struct devices *devices, struct node *filesystem)
{
	(void)devices;
	if (node_attr(filesystem, "accessmode") == NULL &&
	    node_attr(node_child(filesystem, "source"), "socket") == NULL)
		rule_set_attr(
		    filesystem, filesystem_attrs, "accessmode", "passthrough");
	return 0;
}

static bool
is_virtiofs(const struct node *filesystem)
{
	return node_attr_is(
	    node_child(filesystem, "driver"), "type", "virtiofs");
}

int
filesystem_check(struct devices *devices, struct node *filesystem)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *source = node_child(filesystem, "source");
	const char *target = node_attr(node_child(filesystem, "target"), "dir");
	const char *path = node_attr(source, source_attr[type_of(filesystem)]);

	if (type_of(filesystem) == TYPE_RAM)
		path = NULL;
	if (target == NULL) {
		if (path == NULL)
			path = node_attr(source, "socket");
		return path == NULL
			   ? error_set(
				 ctx->err, ctx->from, XVM_ERR_NO_TARGET, NULL)
			   : refuse(ctx, XVM_ERR_NO_TARGET, "%s", path);
	}
	if (!is_virtiofs(filesystem))
		return node_child(filesystem, "boot") == NULL
			   ? 0
			   : refuse_config(ctx,
				 "boot order is only supported for virtiofs");
	FOR_DEVICES (devices, DEVICE_FILESYSTEM, f) {
		if (f == filesystem)
			break;
		if (is_virtiofs(f) &&
		    node_attr_is(node_child(f, "target"), "dir", target))
			return refuse_config(ctx,
			    "filesystem target '%s' specified twice", target);
	}
	return 0;
}
