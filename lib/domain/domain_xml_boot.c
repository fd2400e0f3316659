/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* <os> once the devices are known: what boots, and with which firmware. */
#include <string.h>

#include "domain_xml_parts.h"

/* Whether a device says itself when it boots. */
static bool
device_boots(const struct rule_ctx *ctx)
{
	const struct node *d = node_child(ctx->parts->at[PART_DEVICES], NULL);

	for (; d != NULL; d = node_next(d, NULL)) {
		if (node_attr(node_child(d, "boot"), "order") != NULL)
			return true;
	}
	return false;
}

static int
finish_boot(struct rule_ctx *ctx, struct node *os)
{
	bool boot = node_child(os, "boot") != NULL;
	bool device = device_boots(ctx);
	struct node *node;

	if (ctx->parts->os != OS_HVM || ctx->parts->at[PART_BOOTLOADER] != NULL)
		return 0;
	if (boot && device)
		return refuse_config(ctx,
		    "per-device boot elements cannot "
		    "be used together with os/boot elements");
	if (boot || device)
		return 0;
	node = rule_need(os, domain_os_children, "boot");
	if (node == NULL)
		return error_nomem(ctx->err);
	node_set_attr(node, "dev", "hd");
	return 0;
}

static struct node *
firmware_feature(const struct node *firmware, const char *name)
{
	struct node *f = node_child(firmware, "feature");

	while (f != NULL && !node_attr_is(f, "name", name))
		f = node_next(f, "feature");
	return f;
}

/* Keys that are enrolled imply that they are used. */
static int
finish_firmware(struct rule_ctx *ctx, struct node *os)
{
	struct node *firmware = node_child(os, "firmware"), *keys, *secure;

	keys = firmware_feature(firmware, "enrolled-keys");
	if (!node_attr_is(keys, "enabled", "yes"))
		return 0;
	secure = firmware_feature(firmware, "secure-boot");
	if (node_attr_is(secure, "enabled", "no"))
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "firmware feature "
		    "'enrolled-keys' cannot be enabled when firmware feature "
		    "'secure-boot' is disabled");
	if (secure == NULL) {
		secure = node_new(ctx->doc, "feature");
		if (secure == NULL)
			return error_nomem(ctx->err);
		node_set_attr(secure, "enabled", "yes");
		node_set_attr(secure, "name", "secure-boot");
		node_insert_after(keys, secure);
	}
	return 0;
}

int
domain_os_finish(struct rule_ctx *ctx)
{
	struct node *os = ctx->parts->at[PART_OS];
	struct node *loader = node_child(os, "loader");

	if (finish_firmware(ctx, os) != 0)
		return -1;
	if (loader != NULL && node_text(loader)[0] != '\0' &&
	    node_attr(loader, "type") == NULL)
		rule_set_attr(loader, domain_loader_attrs, "type", "rom");
	return finish_boot(ctx, os);
}

int
domain_boot_check(struct rule_ctx *ctx)
{
	const struct node *os = ctx->parts->at[PART_OS];
	int32_t n;

	if (sort_by_attr(node_child(os, "bootmenu"), "timeout") > 65535)
		return refuse_config(ctx,
		    "invalid value for boot menu "
		    "timeout, must be in range [0,65535]");
	if (attr_i32(ctx, node_child(os, "bios"), "rebootTimeout", 0, &n) ==
		1 &&
	    (n < -1 || n > 65535))
		return refuse_config(ctx, "invalid value for rebootTimeout, "
					  "must be in range [-1,65535]");
	return 0;
}
