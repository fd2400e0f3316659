/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <tpm>. */
#include "domain_devices.h"

static const char *const tpm_models[] = {
    "default", "tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy", NULL};
static const char *const tpm_backends[] = {
    "passthrough", "emulator", "external", NULL};
static const char *const tpm_versions[] = {"default", "1.2", "2.0", NULL};
static const char *const banks[] = {"sha1", "sha256", "sha384", "sha512", NULL};
static const char *const char_modes[] = {"connect", "bind", NULL};

static const struct rule_attr tpm_attrs[] = {
    ATTR_ENUM("model", VALUE_NONZERO, tpm_models),
    ATTR_END,
};
static const struct rule_attr tpm_backend_attrs[] = {
    ATTR_ENUM("type", VALUE_REQUIRED, tpm_backends),
    ATTR_ENUM("version", VALUE_NONZERO, tpm_versions),
    ATTR_SAYS("persistent_state", VALUE_YES_NO, 0, NULL, XVM_ERR_INTERNAL_ERROR,
	"Invalid persistent_state value, either 'yes' or 'no'"),
    ATTR_END,
};
static const struct rule_attr tpm_device_attrs[] = {
    ATTR("path", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr tpm_encryption_attrs[] = {
    ATTR_SAYS("secret", VALUE_UUID, VALUE_DROP_EMPTY, NULL,
	XVM_ERR_INTERNAL_ERROR, "Unable to parse secret uuid '%s'"),
    ATTR_END,
};
static const struct rule_attr tpm_source_attrs[] = {
    ATTR("type", VALUE_ANY, 0),
    ATTR_ENUM("mode", 0, char_modes),
    ATTR("path", VALUE_ANY, 0),
    ATTR_END,
};

static int
banks_before(struct rule_ctx *ctx, struct node *list)
{
	for (const struct node *b = node_child(list, NULL); b != NULL;
	     b = node_next(b, NULL)) {
		if (enum_index(banks, b->name) < 0)
			return refuse_config(
			    ctx, "Unsupported PCR banks '%s'", b->name);
	}
	return 0;
}

static const struct rule bank_children[] = {
    {.name = "sha1"},
    {.name = "sha256"},
    {.name = "sha384"},
    {.name = "sha512"},
    RULE_END,
};

static int
tpm_source_before(struct rule_ctx *ctx, struct node *source)
{
	const char *type = node_attr(source, "type");

	if (type == NULL || type[0] == '\0')
		return refuse_xml(ctx, "missing external TPM backend type");
	if (enum_index(char_types, type) < 0)
		return refuse_config(
		    ctx, "unknown backend type '%s' for external TPM", type);
	(void)node_default_attr(source, "mode", "connect");
	return 0;
}

static const struct rule tpm_backend_children[] = {
    {
	.name = "device",
	.attrs = tpm_device_attrs,
    },
    {
	.name = "encryption",
	.flags = RULE_DROP_EMPTY,
	.attrs = tpm_encryption_attrs,
    },
    {
	.name = "active_pcr_banks",
	.flags = RULE_DROP_EMPTY,
	.children = bank_children,
	.before = banks_before,
    },
    {
	.name = "source",
	.attrs = tpm_source_attrs,
	.before = tpm_source_before,
    },
    RULE_END,
};

static int
tpm_backend_before(struct rule_ctx *ctx, struct node *backend)
{
	struct node *device;
	int type;

	if (attr_enum(
		ctx, backend, "type", tpm_backends, VALUE_REQUIRED, &type) < 0)
		return -1;
	if (type == 0) {
		device = node_need(backend, "device");
		if (node_attr(device, "path") == NULL ||
		    node_attr_is(device, "path", ""))
			node_set_attr(device, "path", "/dev/tpm0");
	} else {
		drop_children(backend, "device");
	}
	if (type == 2) {
		if (node_child(backend, "source") == NULL)
			return refuse_xml(
			    ctx, "missing external TPM backend type");
	} else {
		drop_children(backend, "source");
	}
	if (type != 1) {
		node_set_attr(backend, "version", NULL);
		node_set_attr(backend, "persistent_state", NULL);
		drop_children(backend, "encryption");
		drop_children(backend, "active_pcr_banks");
	}
	return 0;
}

static int
tpm_backend_after(struct rule_ctx *ctx, struct node *backend)
{
	(void)ctx;
	if (!node_attr_is(backend, "persistent_state", "yes"))
		node_set_attr(backend, "persistent_state", NULL);
	return 0;
}

static const struct rule tpm_children[] = {
    {
	.name = "backend",
	.attrs = tpm_backend_attrs,
	.children = tpm_backend_children,
	.before = tpm_backend_before,
	.after = tpm_backend_after,
    },
    RULES_INFO,
    RULE_END,
};

static int
tpm_before(struct rule_ctx *ctx, struct node *tpm)
{
	size_t backends = node_count(tpm, "backend");

	if (backends > 1)
		return refuse_xml(ctx, "only one TPM backend is supported");
	if (backends == 0)
		return refuse_xml(ctx, "missing TPM device backend");
	return 0;
}

const struct rule tpm_rule = {
    .name = "tpm",
    .flags = RULE_MANY,
    .attrs = tpm_attrs,
    .children = tpm_children,
    .before = tpm_before,
};

int
tpm_check(struct devices *devices, struct node *tpm)
{
	struct rule_ctx *ctx = &devices->ctx;
	const struct node *backend = node_child(tpm, "backend");
	const struct node *source = node_child(backend, "source");

	if (node_child(backend, "active_pcr_banks") != NULL &&
	    !node_attr_is(backend, "version", "2.0"))
		return refuse_xml(ctx,
		    "<active_pcr_banks/> requires TPM version '%s'", "2.0");
	if (source == NULL)
		return 0;
	if (!node_attr_is(source, "type", "unix"))
		return refuse_xml(ctx,
		    "only source type 'unix' is supported for external TPM "
		    "device");
	if (node_attr_is(source, "mode", "bind"))
		return refuse_xml(ctx,
		    "only 'client' mode is supported for external TPM device");
	if (node_attr(source, "path") == NULL)
		return refuse_xml(
		    ctx, "missing socket path for external TPM device");
	return 0;
}
