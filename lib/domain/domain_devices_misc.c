/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <smartcard>, <watchdog>, <rng>, <panic>, <iommu>, <vsock>. */
#include <string.h>

#include "domain_devices.h"

static const struct rule info_children[] = {RULES_INFO, RULE_END};
static const char *const virtio_models[] = {
    "virtio", "virtio-transitional", "virtio-non-transitional", NULL};

/* <smartcard> */
static const char *const smartcard_modes[] = {
    "host", "host-certificates", "passthrough", NULL};
static const struct rule_attr smartcard_attrs[] = {
    ATTR_ENUM("mode", VALUE_REQUIRED, smartcard_modes),
    ATTR("type", VALUE_ANY, 0),
    ATTR_END,
};

static int
database_before(struct rule_ctx *ctx, struct node *database)
{
	const char *path = node_text(database);

	if (path[0] == '\0')
		node_unlink(database);
	else if (path[0] != '/')
		return refuse_xml(ctx, "expecting absolute path: %s", path);
	return 0;
}

static const struct rule smartcard_children[] = {
    {.name = "certificate", .flags = RULE_MANY | RULE_TEXT},
    {.name = "database", .flags = RULE_TEXT, .before = database_before},
    RULES_CHAR,
    RULES_INFO,
    RULE_END,
};

static int
smartcard_before(struct rule_ctx *ctx, struct node *card)
{
	const char *type = node_attr(card, "type");
	int mode;

	if (attr_enum(
		ctx, card, "mode", smartcard_modes, VALUE_REQUIRED, &mode) < 0)
		return -1;
	if (mode == 1 && node_count(card, "certificate") != 3)
		return refuse_xml(ctx,
		    "host-certificates mode needs exactly three certificates");
	if (mode != 1) {
		drop_children(card, "certificate");
		drop_children(card, "database");
	}
	if (mode != 2) {
		node_set_attr(card, "type", NULL);
		drop_children(card, "source");
		drop_children(card, "protocol");
		drop_children(card, "log");
		return 0;
	}
	if (type == NULL)
		return refuse_xml(ctx,
		    "passthrough mode requires a character device type "
		    "attribute");
	if (enum_index(char_types, type) < 0)
		return refuse_config(ctx,
		    "unknown type presented to host for character device: %s",
		    type);
	return char_source(ctx, card, type);
}

const struct rule smartcard_rule = {
    .name = "smartcard",
    .flags = RULE_MANY,
    .attrs = smartcard_attrs,
    .children = smartcard_children,
    .before = smartcard_before,
};

int
smartcard_check(struct devices *devices, struct node *card)
{
	const char *address = address_type(card);

	if (address != NULL && strcmp(address, "ccid") != 0)
		return refuse_config(&devices->ctx,
		    "Controllers must use the 'ccid' address type");
	if (node_attr(card, "type") == NULL)
		return 0;
	return char_source_check(devices, card, node_attr(card, "type"), false);
}

/* <watchdog> */
static const char *const watchdog_models[] = {
    "i6300esb", "ib700", "diag288", NULL};
static const char *const watchdog_actions[] = {"reset", "shutdown", "poweroff",
    "pause", "dump", "none", "inject-nmi", NULL};
static const struct rule_attr watchdog_attrs[] = {
    ATTR_SAYS("model", VALUE_ENUM, 0, watchdog_models,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown watchdog model '%s'"),
    ATTR_SAYS("action", VALUE_ENUM, 0, watchdog_actions,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown watchdog action '%s'"),
    ATTR_END,
};

static int
watchdog_before(struct rule_ctx *ctx, struct node *watchdog)
{
	if (node_attr(watchdog, "model") == NULL)
		return refuse_internal(ctx, "watchdog must contain model name");
	(void)node_default_attr(watchdog, "action", "reset");
	return 0;
}

const struct rule watchdog_rule = {
    .name = "watchdog",
    .attrs = watchdog_attrs,
    .children = info_children,
    .before = watchdog_before,
};

/* <rng> */
static const char *const rng_backends[] = {"random", "egd", "builtin", NULL};
static const struct rule_attr rng_attrs[] = {
    ATTR("model", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr rate_attrs[] = {
    ATTR_SAYS("bytes", VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	"invalid RNG rate bytes value"),
    ATTR_SAYS("period", VALUE_UINT, VALUE_DROP_ZERO | VALUE_DROP_EMPTY, NULL, 0,
	"invalid RNG rate period value"),
    ATTR_END,
};
static const struct rule_attr rng_backend_attrs[] = {
    ATTR_SAYS("model", VALUE_ENUM, 0, rng_backends, XVM_ERR_CONFIG_UNSUPPORTED,
	"unknown RNG backend model '%s'"),
    ATTR("type", VALUE_ANY, 0),
    ATTR_END,
};

static int
rate_after(struct rule_ctx *ctx, struct node *rate)
{
	(void)ctx;
	if (node_attr(rate, "bytes") == NULL)
		node_unlink(rate);
	return 0;
}

static const struct rule egd_children[] = {RULES_CHAR, RULE_END};

static int
rng_backend_before(struct rule_ctx *ctx, struct node *backend)
{
	const char *model = node_attr(backend, "model");
	const char *type = node_attr(backend, "type");

	if (model == NULL)
		return refuse_xml(ctx, "missing RNG device backend model");
	if (enum_index(rng_backends, model) < 0)
		return refuse_config(
		    ctx, "unknown RNG backend model '%s'", model);
	if (strcmp(model, "egd") != 0) {
		const char *file = node_text(backend);

		node_set_attr(backend, "type", NULL);
		backend->first = backend->last = NULL;
		if (strcmp(model, "random") == 0)
			node_set_text(
			    backend, file[0] == '\0' ? "/dev/random" : file);
		return 0;
	}
	if (type == NULL)
		return refuse_xml(ctx, "missing EGD backend type");
	if (enum_index(char_types, type) < 0)
		return refuse_config(
		    ctx, "unknown backend type '%s' for egd", type);
	if (char_source(ctx, backend, type) != 0 ||
	    rule_apply_children(ctx, backend, egd_children) != 0)
		return -1;
	node_keep_open(backend);
	return 0;
}

static const struct rule rng_children[] = {
    {.name = "rate", .attrs = rate_attrs, .after = rate_after},
    {
	.name = "backend",
	.flags = RULE_TEXT,
	.attrs = rng_backend_attrs,
	.before = rng_backend_before,
    },
    RULE_VIRTIO,
    RULES_INFO,
    RULE_END,
};

static int
rng_before(struct rule_ctx *ctx, struct node *rng)
{
	const char *model = node_attr(rng, "model");

	if (model == NULL)
		return refuse_xml(ctx, "missing RNG device model");
	if (enum_index(virtio_models, model) < 0)
		return refuse_config(ctx, "unknown RNG model '%s'", model);
	if (node_count(rng, "backend") != 1)
		return refuse_xml(ctx, "only one RNG backend is supported");
	return 0;
}

const struct rule rng_rule = {
    .name = "rng",
    .flags = RULE_MANY,
    .attrs = rng_attrs,
    .children = rng_children,
    .before = rng_before,
};

int
rng_check(struct devices *devices, struct node *rng)
{
	const struct node *backend = node_child(rng, "backend");
	const char *type = node_attr(backend, "type");

	return type == NULL ? 0
			    : char_source_check(devices, backend, type, false);
}

/* <panic> */
static const char *const panic_models[] = {
    "default", "isa", "pseries", "hyperv", "s390", NULL};
static const struct rule_attr panic_attrs[] = {
    ATTR_SAYS("model", VALUE_ENUM, VALUE_DROP_ZERO, panic_models,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown panic model '%s'"),
    ATTR_END,
};
const struct rule panic_rule = {
    .name = "panic",
    .flags = RULE_MANY,
    .attrs = panic_attrs,
    .children = info_children,
};

int
panic_fill(struct devices *devices, struct node *panic)
{
	const char *model = node_attr(panic, "model");

	FOR_DEVICES (devices, DEVICE_PANIC, p) {
		const char *m = node_attr(p, "model");

		if (p == panic)
			break;
		if ((m == NULL) == (model == NULL) &&
		    (m == NULL || strcmp(m, model) == 0))
			return refuse_xml(&devices->ctx,
			    "Multiple panic devices with model '%s'",
			    model == NULL ? "default" : model);
	}
	return 0;
}

void
panics_drop(struct devices *devices)
{
	struct node *next;

	for (struct node *p = devices->first[DEVICE_PANIC]; p != NULL;
	     p = next) {
		next = device_next(p);
		if (p->attrs == NULL && p->first == NULL)
			device_remove(devices, DEVICE_PANIC, p);
	}
}

/* <iommu> */
static const char *const iommu_models[] = {"intel", "smmuv3", "virtio", NULL};
static const struct rule_attr iommu_attrs[] = {
    ATTR_ENUM("model", VALUE_REQUIRED, iommu_models),
    ATTR_END,
};
static const struct rule_attr iommu_driver_attrs[] = {
    ATTR("intremap", VALUE_ON_OFF, 0),
    ATTR("caching_mode", VALUE_ON_OFF, 0),
    ATTR("eim", VALUE_ON_OFF, 0),
    ATTR("iotlb", VALUE_ON_OFF, 0),
    ATTR("aw_bits", VALUE_UINT, VALUE_DROP_ZERO),
    ATTR_END,
};
static const struct rule iommu_children[] = {
    {.name = "driver", .flags = RULE_DROP_EMPTY, .attrs = iommu_driver_attrs},
    RULES_INFO,
    RULE_END,
};
const struct rule iommu_rule = {
    .name = "iommu",
    .attrs = iommu_attrs,
    .children = iommu_children,
};

int
iommu_check(struct devices *devices, struct node *iommu)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *driver = node_child(iommu, "driver");
	const char *model = node_attr(iommu, "model");
	bool intremap = node_attr_is(driver, "intremap", "on");

	for (const struct rule_attr *a = iommu_driver_attrs;
	     strcmp(model, "intel") != 0 && a->name != NULL; a++) {
		if (node_attr(driver, a->name) != NULL)
			return refuse_xml(ctx,
			    "iommu model '%s' doesn't support additional "
			    "attributes",
			    model);
	}
	if (strcmp(model, "virtio") != 0 &&
	    node_child(iommu, "address") != NULL)
		return refuse_xml(
		    ctx, "iommu model '%s' can't have address", model);
	if (intremap &&
	    !node_attr_is(node_find(devices->domain, "features/ioapic"),
		"driver", "qemu"))
		return refuse_config(ctx,
		    "IOMMU interrupt remapping requires split I/O APIC "
		    "(ioapic driver='qemu')");
	if (node_attr_is(driver, "eim", "on") && !intremap)
		return refuse_config(ctx,
		    "IOMMU eim requires interrupt remapping to be enabled");
	return 0;
}

/* <vsock> */
static const char *const vsock_models[] = {"default", "virtio",
    "virtio-transitional", "virtio-non-transitional", NULL};
static const struct rule_attr vsock_attrs[] = {
    ATTR_ENUM("model", VALUE_DROP_ZERO, vsock_models),
    ATTR_END,
};
static const struct rule_attr cid_attrs[] = {
    ATTR("auto", VALUE_YES_NO, 0),
    ATTR("address", VALUE_UINT, VALUE_NONZERO),
    ATTR_END,
};
static const struct rule vsock_children[] = {
    {.name = "cid", .attrs = cid_attrs},
    RULES_INFO,
    RULE_VIRTIO,
    RULE_END,
};
const struct rule vsock_rule = {
    .name = "vsock",
    .attrs = vsock_attrs,
    .children = vsock_children,
};

int
vsock_fill(struct devices *devices, struct node *vsock)
{
	struct node *cid = rule_need(vsock, vsock_children, "cid");

	(void)devices;
	if (node_attr(cid, "auto") == NULL)
		rule_set_attr(cid, cid_attrs, "auto",
		    node_attr(cid, "address") != NULL ? "no" : "yes");
	return 0;
}

int
vsock_check(struct devices *devices, struct node *vsock)
{
	struct rule_ctx *ctx = &devices->ctx;
	uint64_t cid = attr_number(node_child(vsock, "cid"), "address", 3);

	if (cid < 3)
		return refuse_config(ctx, "guest CIDs must be >= 3");
	return node_attr(vsock, "model") != NULL
		   ? 0
		   : check_no_virtio(ctx, node_child(vsock, "driver"));
}
