/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What most devices have: alias, boot order, ROM, and their addresses. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain_devices.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define USB_DEPTH 4

const struct rule_attr alias_attrs[] = {
    ATTR("name", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
const struct rule_attr boot_attrs[] = {
    ATTR("order", VALUE_UINT, VALUE_REQUIRED | VALUE_NONZERO | VALUE_WRAP),
    ATTR("loadparm", VALUE_ANY, 0),
    ATTR_END,
};
const struct rule_attr rom_attrs[] = {
    ATTR("enabled", VALUE_YES_NO, 0),
    ATTR("bar", VALUE_ON_OFF, 0),
    ATTR("file", VALUE_ANY, 0),
    ATTR_END,
};
const struct rule_attr acpi_attrs[] = {
    ATTR("index", VALUE_UINT, VALUE_NONZERO),
    ATTR_END,
};
const struct rule_attr master_attrs[] = {
    ATTR("startport", VALUE_UINT, 0),
    ATTR_END,
};
const struct rule_attr virtio_attrs[] = {
    ATTRS_VIRTIO,
    ATTR_END,
};

/* Names that somebody gave are kept, those that a start makes are not. */
int
alias_after(struct rule_ctx *ctx, struct node *alias)
{
	const char *name = node_attr(alias, "name");

	if (name == NULL ||
	    ((ctx->flags & DOMAIN_XML_PARSE_INACTIVE) != 0 &&
		(strncmp(name, "ua-", 3) != 0 ||
		    name[strspn(name, LETTERS DIGITS "_-")] != '\0')))
		node_unlink(alias);
	return 0;
}

int
boot_before(struct rule_ctx *ctx, struct node *boot)
{
	const char *loadparm = node_attr(boot, "loadparm");
	char *upper;

	if (rule_apply_attrs(ctx, boot, boot_attrs) != 0)
		return -1;
	if (loadparm == NULL)
		return 0;
	upper = doc_strdup(ctx->doc, loadparm);
	if (upper == NULL)
		return error_nomem(ctx->err);
	for (char *p = upper; *p != '\0'; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	if (upper[0] == '\0' || strlen(upper) > 8)
		return refuse_internal(ctx,
		    "loadparm value '%s' must be between 1 and 8 characters",
		    upper);
	if (upper[strspn(upper, LETTERS DIGITS ". ")] != '\0')
		return refuse_internal(ctx,
		    "invalid loadparm value '%s', expecting chars in set of "
		    "[a-zA-Z0-9.] and blank spaces",
		    upper);
	node_set_attr(boot, "loadparm", upper);
	return 0;
}

int
rom_after(struct rule_ctx *ctx, struct node *rom)
{
	if (node_attr_is(rom, "enabled", "no") &&
	    (node_attr(rom, "bar") != NULL || node_attr(rom, "file") != NULL))
		return refuse_config(
		    ctx, "ROM tuning is not supported when ROM is disabled");
	return 0;
}

int
master_before(struct rule_ctx *ctx, struct node *master)
{
	(void)ctx;
	zero_attrs(master, master_attrs);
	return 0;
}

#define ATTR_TYPE ATTR("type", VALUE_ANY, 0)

static const struct rule_attr bare_attrs[] = {ATTR_TYPE, ATTR_END};
static const struct rule_attr pci_attrs[] = {
    ATTR_TYPE,
    ATTR_HEX("domain", VALUE_UINT, VALUE_BASE0, 4),
    ATTR_HEX("bus", VALUE_UINT, VALUE_BASE0, 2),
    ATTR_HEX("slot", VALUE_UINT, VALUE_BASE0, 2),
    ATTR_HEX("function", VALUE_UINT, VALUE_BASE0, 1),
    ATTR("multifunction", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr pci_empty_attrs[] = {
    ATTR_TYPE,
    ATTR("multifunction", VALUE_ON_OFF, 0),
    ATTR_END,
};
static const struct rule_attr drive_attrs[] = {
    ATTR_TYPE,
    ATTR("controller", VALUE_UINT, 0),
    ATTR("bus", VALUE_UINT, 0),
    ATTR("target", VALUE_UINT, 0),
    ATTR("unit", VALUE_UINT, 0),
    ATTR_END,
};
static const struct rule_attr virtio_serial_attrs[] = {
    ATTR_TYPE,
    ATTR("controller", VALUE_UINT, 0),
    ATTR("bus", VALUE_UINT, 0),
    ATTR("port", VALUE_UINT, 0),
    ATTR_END,
};
static const struct rule_attr ccid_attrs[] = {
    ATTR_TYPE,
    ATTR("controller", VALUE_UINT, 0),
    ATTR("slot", VALUE_UINT, 0),
    ATTR_END,
};
static const struct rule_attr usb_attrs[] = {
    ATTR_TYPE,
    ATTR("bus", VALUE_UINT, 0),
    ATTR("port", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
static const struct rule_attr spapr_attrs[] = {
    ATTR_TYPE,
    ATTR_HEX("reg", VALUE_ULL, VALUE_BASE16, 8),
    ATTR_END,
};
static const struct rule_attr ccw_attrs[] = {
    ATTR_TYPE,
    ATTR_HEX("cssid", VALUE_UINT, VALUE_BASE0, 1),
    ATTR_HEX("ssid", VALUE_UINT, VALUE_BASE0, 1),
    ATTR_HEX("devno", VALUE_UINT, VALUE_BASE0, 4),
    ATTR_END,
};
static const struct rule_attr isa_attrs[] = {
    ATTR_TYPE,
    ATTR_HEX("iobase", VALUE_UINT, VALUE_BASE16 | VALUE_DROP_ZERO, 1),
    ATTR_HEX("irq", VALUE_UINT, VALUE_BASE16 | VALUE_DROP_ZERO, 1),
    ATTR_END,
};
static const struct rule_attr dimm_attrs[] = {
    ATTR_TYPE,
    ATTR("slot", VALUE_UINT, VALUE_REQUIRED),
    ATTR_HEX("base", VALUE_ULL, VALUE_BASE16 | VALUE_DROP_ZERO, 1),
    ATTR_END,
};
static const struct rule_attr zpci_attrs[] = {
    ATTR_HEX("uid", VALUE_UINT, VALUE_BASE0, 4),
    ATTR_HEX("fid", VALUE_UINT, VALUE_BASE0, 8),
    ATTR_END,
};

static int
zpci_before(struct rule_ctx *ctx, struct node *zpci)
{
	(void)ctx;
	if (node_attr(zpci, "uid") == NULL && node_attr(zpci, "fid") == NULL)
		node_unlink(zpci);
	else
		zero_attrs(zpci, zpci_attrs);
	return 0;
}

static const struct rule pci_children[] = {
    {.name = "zpci", .attrs = zpci_attrs, .before = zpci_before},
    RULE_END,
};

/* Check domain, bus, slot and function; *empty_out: all but the last are 0. */
static int
check_pci(struct rule_ctx *ctx, const struct node *address, bool *empty_out)
{
	static const char *const names[] = {
	    "domain", "bus", "slot", "function"};
	uint32_t v[4] = {0};

	for (size_t i = 0; i < 4; i++) {
		if (attr_u32(ctx, address, names[i], VALUE_BASE0, &v[i]) < 0)
			return -1;
	}
	*empty_out = (v[0] | v[1] | v[2]) == 0;
	if (*empty_out)
		return 0;
	if (v[1] > 0xff)
		return refuse_xml(ctx,
		    "Invalid PCI address bus='0x%x', must be <= 0xFF", v[1]);
	if (v[2] > 0x1f)
		return refuse_xml(ctx,
		    "Invalid PCI address slot='0x%x', must be <= 0x1F", v[2]);
	if (v[3] > 7)
		return refuse_xml(ctx,
		    "Invalid PCI address function=0x%x, must be <= 7", v[3]);
	return 0;
}

static int
pci_address(
    struct rule_ctx *ctx, struct node *address, const struct rule_attr **attrs)
{
	bool empty;

	if (check_pci(ctx, address, &empty) != 0)
		return -1;
	if (empty)
		*attrs = pci_empty_attrs;
	else
		zero_attrs(address, pci_attrs);
	return rule_apply_children(ctx, address, pci_children);
}

int
pci_source_address(struct rule_ctx *ctx, struct node *address, bool type)
{
	bool empty;

	if (check_pci(ctx, address, &empty) != 0)
		return -1;
	if (type)
		node_set_attr(address, "type", "pci");
	else
		node_set_attr(address, "type", NULL);
	zero_attrs(address, pci_attrs);
	if (rule_apply_attrs(ctx, address, pci_attrs) != 0)
		return -1;
	node_set_attr(address, "multifunction", NULL);
	drop_children(address, "zpci");
	return 0;
}

/* Ports one behind the other, "1.2", end at the first that is 0. */
static int
usb_address(
    struct rule_ctx *ctx, struct node *address, const struct rule_attr **attrs)
{
	const char *port = node_attr(address, "port"), *p = port;
	char text[USB_DEPTH * 11 + 1] = "";
	bool ended = false;

	(void)attrs;
	zero_attrs(address, usb_attrs);
	for (int i = 0; port != NULL; i++) {
		char *end;
		unsigned long n;

		n = i < USB_DEPTH ? strtoul(p, &end, 10) : 0;
		if (i == USB_DEPTH || end == p || n > UINT32_MAX || *p == '-')
			return refuse_internal(
			    ctx, "Cannot parse <address> 'port' attribute");
		if (n == 0)
			ended = true;
		if (!ended)
			(void)snprintf(text + strlen(text),
			    sizeof(text) - strlen(text), "%s%lu",
			    i == 0 ? "" : ".", n);
		if (*end == '\0')
			break;
		p = *end == '.' ? end + 1 : end;
	}
	if (port != NULL && strcmp(port, text) != 0)
		node_set_attr(address, "port", text);
	return 0;
}

static int
ccw_address(
    struct rule_ctx *ctx, struct node *address, const struct rule_attr **attrs)
{
	uint32_t v[3] = {0};
	int set = 0;

	(void)attrs;
	for (int i = 0; i < 3; i++) {
		int rc = attr_u32(
		    ctx, address, ccw_attrs[i + 1].name, VALUE_BASE0, &v[i]);

		if (rc < 0)
			return -1;
		set += rc;
	}
	if (v[0] > 254 || v[1] > 3 || v[2] > 65535)
		return refuse_internal(ctx,
		    "Invalid specification for virtio ccw address: "
		    "cssid='0x%x' ssid='0x%x' devno='0x%04x'",
		    v[0], v[1], v[2]);
	if (set != 0 && set != 3)
		return refuse_internal(ctx,
		    "Invalid partial specification for virtio ccw address");
	zero_attrs(address, ccw_attrs);
	return 0;
}

static int
zero_address(
    struct rule_ctx *ctx, struct node *address, const struct rule_attr **attrs)
{
	(void)ctx;
	zero_attrs(address, *attrs);
	return 0;
}

static int
s390_address(
    struct rule_ctx *ctx, struct node *address, const struct rule_attr **attrs)
{
	(void)address;
	(void)attrs;
	return refuse_xml(ctx, "virtio-s390 bus doesn't have an address");
}

static const struct address_kind {
	const char *name;
	const struct rule_attr *attrs;
	/* May choose another table. */
	int (*prepare)(struct rule_ctx *ctx, struct node *address,
	    const struct rule_attr **attrs);
} address_kinds[] = {
    {"pci", pci_attrs, pci_address},
    {"drive", drive_attrs, zero_address},
    {"virtio-serial", virtio_serial_attrs, zero_address},
    {"ccid", ccid_attrs, zero_address},
    {"usb", usb_attrs, usb_address},
    {"spapr-vio", spapr_attrs, NULL},
    {"virtio-s390", bare_attrs, s390_address},
    {"ccw", ccw_attrs, ccw_address},
    {"virtio-mmio", bare_attrs, NULL},
    {"isa", isa_attrs, NULL},
    {"dimm", dimm_attrs, NULL},
    {"unassigned", bare_attrs, NULL},
};

/* An address's attributes of all kinds: what the kind lacks is dropped. */
static const char *const address_names[] = {"domain", "bus", "slot", "function",
    "multifunction", "controller", "target", "unit", "port", "reg", "cssid",
    "ssid", "devno", "iobase", "irq", "base", NULL};

int
address_before(struct rule_ctx *ctx, struct node *address)
{
	const char *type = node_attr(address, "type");
	const struct address_kind *kind = NULL;
	const struct rule_attr *attrs;

	if (type == NULL)
		return refuse_internal(
		    ctx, "No type specified for device address");
	for (size_t i = 0; i < sizeof(address_kinds) / sizeof(*kind); i++) {
		if (strcmp(address_kinds[i].name, type) == 0)
			kind = &address_kinds[i];
	}
	if (kind == NULL)
		return refuse_config(ctx, "unknown address type '%s'", type);
	attrs = kind->attrs;
	if (kind->prepare != NULL && kind->prepare(ctx, address, &attrs) != 0)
		return -1;
	if (attrs != pci_attrs && attrs != pci_empty_attrs)
		drop_children(address, "zpci");
	if (rule_apply_attrs(ctx, address, attrs) != 0)
		return -1;
	drop_attrs(address, attrs, address_names);
	return 0;
}

const char *
address_type(const struct node *device)
{
	return node_attr(node_child(device, "address"), "type");
}

bool
drive_address(const struct node *device, struct drive_address *out)
{
	const struct node *address = node_child(device, "address");

	if (!node_attr_is(address, "type", "drive"))
		return false;
	out->controller = (uint32_t)attr_number(address, "controller", 0);
	out->bus = (uint32_t)attr_number(address, "bus", 0);
	out->target = (uint32_t)attr_number(address, "target", 0);
	out->unit = (uint32_t)attr_number(address, "unit", 0);
	return true;
}

void
drive_address_set(
    struct node *device, const struct rule *rule, const struct drive_address *a)
{
	struct node *address = rule_need(device, rule->children, "address");

	if (address == NULL)
		return;
	node_set_attr(address, "type", "drive");
	node_set_attr_fmt(address, "controller", "%u", a->controller);
	node_set_attr_fmt(address, "bus", "%u", a->bus);
	node_set_attr_fmt(address, "target", "%u", a->target);
	node_set_attr_fmt(address, "unit", "%u", a->unit);
}

bool
drive_address_equal(
    const struct drive_address *a, const struct drive_address *b)
{
	return a->controller == b->controller && a->bus == b->bus &&
	       a->target == b->target && a->unit == b->unit;
}
