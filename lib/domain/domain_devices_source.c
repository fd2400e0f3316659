/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a disk's data come from: <source> of each type, and what is in it. */
#include <string.h>

#include "domain_devices.h"
#include "../number.h"

const char *const storage_types[] = {"none", "file", "block", "dir", "network",
    "volume", "nvme", "vhostuser", NULL};
enum {
	STORAGE_FILE = 1,
	STORAGE_BLOCK,
	STORAGE_DIR,
	STORAGE_NETWORK,
	STORAGE_VOLUME,
	STORAGE_NVME,
	STORAGE_VHOSTUSER,
};
const char *const storage_formats[] = {"none", "raw", "dir", "bochs", "cloop",
    "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop", "cow", "qcow", "qcow2",
    "qed", "vmdk", NULL};
const char *const startup_policies[] = {
    "default", "mandatory", "requisite", "optional", NULL};

static const char *const pool_modes[] = {"default", "host", "direct", NULL};

#define ATTRS_SOURCE                                                           \
	ATTR_ENUM("startupPolicy", VALUE_NONZERO, startup_policies),           \
	    ATTR_SAYS("index", VALUE_UINT, VALUE_DROP_ZERO, NULL, 0,           \
		"invalid disk index '%s'"),                                    \
	    ATTR_END

static const struct rule_attr file_attrs[] = {
    ATTR("file", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("fdgroup", VALUE_ANY, 0),
    ATTRS_SOURCE,
};
static const struct rule_attr block_attrs[] = {
    ATTR("dev", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTRS_SOURCE,
};
static const struct rule_attr dir_attrs[] = {
    ATTR("dir", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTRS_SOURCE,
};
static const struct rule_attr network_attrs[] = {
    ATTR_ENUM("protocol", VALUE_REQUIRED, storage_protocols),
    ATTR("name", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("query", VALUE_ANY, 0),
    ATTR("tls", VALUE_YES_NO, 0),
    ATTR("tlsHostname", VALUE_ANY, 0),
    ATTRS_SOURCE,
};
static const struct rule_attr volume_attrs[] = {
    ATTR("pool", VALUE_ANY, 0),
    ATTR("volume", VALUE_ANY, 0),
    ATTR_SAYS("mode", VALUE_ENUM, VALUE_NONZERO, pool_modes,
	XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown source mode '%s' for volume type disk"),
    ATTRS_SOURCE,
};
static const struct rule_attr nvme_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR("managed", VALUE_YES_NO, 0),
    ATTR_SAYS("namespace", VALUE_ULL, 0, NULL, 0, "malformed namespace '%s'"),
    ATTRS_SOURCE,
};
static const struct rule_attr vhostuser_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR("path", VALUE_ANY, 0),
    ATTRS_SOURCE,
};

static const char *const source_names[] = {"file", "fdgroup", "dev", "dir",
    "protocol", "name", "query", "tls", "tlsHostname", "pool", "volume", "mode",
    "type", "managed", "namespace", "path", NULL};

/* <reservations> */
static const struct rule_attr reservations_attrs[] = {
    ATTR("managed", VALUE_YES_NO, VALUE_REQUIRED),
    ATTR_END,
};
static const struct rule_attr reservations_source_attrs[] = {
    ATTR("type", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("path", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR("mode", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};

static int
reservations_after(struct rule_ctx *ctx, struct node *reservations)
{
	const struct node *source = node_child(reservations, "source");
	const char *type = node_attr(source, "type");
	const char *path = node_attr(source, "path");
	const char *mode = node_attr(source, "mode");

	if (node_attr_is(reservations, "managed", "no") || type != NULL ||
	    path != NULL || mode != NULL) {
		if (type == NULL)
			return refuse_xml(
			    ctx, "missing connection type for <reservations/>");
		if (path == NULL)
			return refuse_xml(
			    ctx, "missing path for <reservations/>");
		if (mode == NULL)
			return refuse_xml(
			    ctx, "missing connection mode for <reservations/>");
	}
	if (type != NULL && strcmp(type, "unix") != 0)
		return refuse_xml(ctx,
		    "unsupported connection type for <reservations/>: %s",
		    type);
	if (mode != NULL && strcmp(mode, "client") != 0)
		return refuse_xml(ctx,
		    "unsupported connection mode for <reservations/>: %s",
		    mode);
	return 0;
}

static const struct rule reservations_children[] = {
    {
	.name = "source",
	.flags = RULE_DROP_EMPTY,
	.attrs = reservations_source_attrs,
    },
    RULE_END,
};

/* <slices> */
static const struct rule_attr slice_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR_SAYS("offset", VALUE_ULL, 0, NULL, 0,
	"malformed value '%s' of 'offset' attribute of slice"),
    ATTR_SAYS("size", VALUE_ULL, 0, NULL, 0,
	"malformed value '%s' of 'size' attribute of slice"),
    ATTR_END,
};

static int
slice_before(struct rule_ctx *ctx, struct node *slice)
{
	const char *offset = node_attr(slice, "offset");
	const char *size = node_attr(slice, "size");

	/* One of the type "storage" counts; others are not known yet. */
	if (!node_attr_is(slice, "type", "storage") || slice->prev != NULL) {
		node_unlink(slice);
		return 0;
	}
	if (offset == NULL || size == NULL || *offset == '\0' || *size == '\0')
		return refuse_xml(
		    ctx, "missing offset or size attribute of slice");
	return 0;
}

static const struct rule slices_children[] = {
    {
	.name = "slice",
	.flags = RULE_MANY,
	.attrs = slice_attrs,
	.before = slice_before,
    },
    RULE_END,
};

static const struct rule_attr identity_attrs[] = {
    ATTR("user", VALUE_ANY, 0),
    ATTR("group", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr name_attrs[] = {
    ATTR("name", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr config_attrs[] = {
    ATTR("file", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr ssl_attrs[] = {
    ATTR("verify", VALUE_YES_NO, 0),
    ATTR_END,
};
#define SIZE_WORDS "invalid readahead size or timeout"
static const struct rule_attr readahead_attrs[] = {
    ATTR_SAYS("size", VALUE_ULL, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	SIZE_WORDS),
    ATTR_END,
};
static const struct rule_attr timeout_attrs[] = {
    ATTR_SAYS("seconds", VALUE_ULL, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	SIZE_WORDS),
    ATTR_END,
};

static int
nvme_address_before(struct rule_ctx *ctx, struct node *address)
{
	return pci_source_address(ctx, address, false);
}

static const struct rule initiator_children[] = {
    {.name = "iqn", .flags = RULE_DROP_EMPTY, .attrs = name_attrs},
    RULE_END,
};
const struct rule initiator_rule = {
    .name = "initiator",
    .flags = RULE_DROP_EMPTY,
    .children = initiator_children,
};

static int
apply_reconnect(struct rule_ctx *ctx, struct node *reconnect)
{
	return rule_apply(ctx, reconnect, &reconnect_rule);
}

static const struct rule source_children[] = {
    {.name = "address", .before = nvme_address_before},
    {.name = "reconnect", .before = apply_reconnect},
    RULE_STORAGE_HOST,
    {.name = "identity", .flags = RULE_DROP_EMPTY, .attrs = identity_attrs},
    {.name = "snapshot", .flags = RULE_DROP_EMPTY, .attrs = name_attrs},
    {.name = "config", .flags = RULE_DROP_EMPTY, .attrs = config_attrs},
    {
	.name = "initiator",
	.flags = RULE_DROP_EMPTY,
	.children = initiator_children,
    },
    {.name = "ssl", .flags = RULE_DROP_EMPTY, .attrs = ssl_attrs},
    {
	.name = "cookies",
	.flags = RULE_DROP_EMPTY,
	.children = cookies_children,
    },
    {.name = "readahead", .flags = RULE_DROP_EMPTY, .attrs = readahead_attrs},
    {.name = "timeout", .flags = RULE_DROP_EMPTY, .attrs = timeout_attrs},
    {
	.name = "slices",
	.flags = RULE_DROP_EMPTY,
	.children = slices_children,
    },
    RULE_SECLABEL,
    RULE_AUTH,
    RULE_ENCRYPTION,
    {
	.name = "reservations",
	.attrs = reservations_attrs,
	.children = reservations_children,
	.after = reservations_after,
    },
    RULE_END,
};

static int
volume_before(struct rule_ctx *ctx, struct node *source)
{
	const char *pool = node_attr(source, "pool");
	const char *volume = node_attr(source, "volume");

	if (pool == NULL && volume == NULL)
		node_set_attr(source, "mode", NULL);
	else if (pool == NULL || volume == NULL)
		return refuse_xml(ctx,
		    "'pool' and 'volume' must be specified together for "
		    "'pool' type source");
	return 0;
}

static int
nvme_before(struct rule_ctx *ctx, struct node *source)
{
	const char *type = node_attr(source, "type");
	const char *namespace = node_attr(source, "namespace");
	uint64_t n;

	if (type == NULL)
		return refuse_xml(
		    ctx, "missing 'type' attribute to disk source");
	if (strcmp(type, "pci") != 0)
		return refuse_xml(ctx, "unsupported source type '%s'", type);
	if (namespace == NULL)
		return refuse_xml(
		    ctx, "missing 'namespace' attribute to disk source");
	if (number_u64_wrap(namespace, 10, &n) != 0)
		return refuse_xml(ctx, "malformed namespace '%s'", namespace);
	if (node_child(source, "address") == NULL)
		return refuse_xml(ctx, "NVMe disk source is missing address");
	return 0;
}

static int
vhostuser_before(struct rule_ctx *ctx, struct node *source)
{
	const char *type = node_attr(source, "type");

	if (type == NULL)
		return refuse_xml(
		    ctx, "missing 'type' attribute for vhostuser disk source");
	if (strcmp(type, "unix") != 0)
		return refuse_xml(
		    ctx, "invalid 'type' attribute for vhostuser disk source");
	if (node_attr(source, "path") == NULL)
		return refuse_xml(
		    ctx, "missing 'path' attribute for vhostuser disk source");
	return 0;
}

int
storage_source(struct rule_ctx *ctx, struct node *source, int type)
{
	static const struct rule_attr *const tables[] = {file_attrs, file_attrs,
	    block_attrs, dir_attrs, network_attrs, volume_attrs, nvme_attrs,
	    vhostuser_attrs};
	const struct rule_attr *attrs = tables[type];
	int protocol = -1, rc = 0;

	switch (type) {
	case STORAGE_NETWORK:
		rc = storage_network_before(ctx, source, &protocol);
		break;
	case STORAGE_VOLUME:
		rc = volume_before(ctx, source);
		break;
	case STORAGE_NVME:
		rc = nvme_before(ctx, source);
		break;
	case STORAGE_VHOSTUSER:
		rc = vhostuser_before(ctx, source);
		break;
	default:
		break;
	}
	if (rc != 0)
		return -1;
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(source, "index", NULL);
	drop_attrs(source, attrs, source_names);
	if (rule_apply_attrs(ctx, source, attrs) != 0)
		return -1;
	if (source->first == NULL)
		return 0;
	storage_network_drop(source, protocol);
	if (type != STORAGE_NVME)
		drop_children(source, "address");
	if (type != STORAGE_VHOSTUSER)
		drop_children(source, "reconnect");
	if (rule_apply_children(ctx, source, source_children) != 0)
		return -1;
	if (type == STORAGE_NETWORK) {
		storage_network_ports(source, protocol);
		drop_children(source, "seclabel");
	}
	if (type == STORAGE_VOLUME)
		drop_children(source, "auth");
	return 0;
}

/* <backingStore>: a source with its format, and what is below that. */
static const struct rule_attr backing_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, VALUE_NONZERO, storage_types, 0,
	"unknown storage source type '%s'"),
    ATTR_SAYS("index", VALUE_UINT, VALUE_DROP_ZERO, NULL, 0,
	"invalid storage source index '%s'"),
    ATTR_END,
};
static const struct rule_attr backing_format_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, VALUE_NONZERO, storage_formats, 0,
	"unknown storage source format '%s'"),
    ATTR_END,
};

static int
max_size_before(struct rule_ctx *ctx, struct node *size)
{
	return bytes_child(ctx, size, "./format/metadata_cache/max_size");
}

static const struct rule max_size_children[] = {
    {.name = "max_size", .flags = RULE_TEXT, .before = max_size_before},
    RULE_END,
};
static const struct rule format_children[] = {
    {
	.name = "metadata_cache",
	.flags = RULE_DROP_EMPTY,
	.children = max_size_children,
    },
    RULE_END,
};

static int
backing_source_before(struct rule_ctx *ctx, struct node *source)
{
	int type = enum_index(storage_types, node_attr(source->parent, "type"));

	if (storage_source(ctx, source, type) != 0)
		return -1;
	node_set_attr(source, "startupPolicy", NULL);
	node_set_attr(source, "index", NULL);
	return 0;
}

static const struct rule backing_children[] = {
    {
	.name = "format",
	.attrs = backing_format_attrs,
	.children = format_children,
    },
    {.name = "source", .before = backing_source_before},
    {.name = "backingStore", .before = backing_store},
    RULE_END,
};

int
backing_store(struct rule_ctx *ctx, struct node *store)
{
	const char *format = node_attr(node_child(store, "format"), "type");

	if (node_attr(store, "type") == NULL) {
		/* The end of the chain. */
		node_set_attr(store, "index", NULL);
		drop_children(store, "format");
		drop_children(store, "source");
		drop_children(store, "backingStore");
		return 0;
	}
	if (format == NULL || format[0] == '\0')
		return refuse_xml(ctx, "missing disk backing store format");
	if (node_child(store, "source") == NULL)
		return refuse_xml(ctx, "missing disk backing store source");
	if ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0)
		node_set_attr(store, "index", NULL);
	if (rule_apply_attrs(ctx, store, backing_attrs) != 0)
		return -1;
	return rule_apply_children(ctx, store, backing_children);
}

void
storage_fill(struct node *source)
{
	const char *name = node_attr(source, "name");

	if (node_attr_is(source, "protocol", "iscsi") && name != NULL &&
	    strchr(name, '/') == NULL)
		node_set_attr_fmt(source, "name", "%s/0", name);
	if (node_attr(source, "namespace") != NULL &&
	    node_attr(source, "managed") == NULL)
		rule_set_attr(source, nvme_attrs, "managed", "yes");
}
