/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recognising plain domains by a table of what they may consist of. */
#include "plain.h"

#include <string.h>

#include "../number.h"
#include "../uuid.h"

/* What a text or an attribute's value must be. */
typedef bool check(const char *value);

struct attr_rule {
	const char *name;
	check *ok;
};

struct element_rule {
	const char *name;
	const struct attr_rule *attrs;	/* all others are not plain */
	check *text;			/* NULL: without text */
	const struct element_rule *children;
	bool (*whole)(const struct node *);	/* more about it, or NULL */
	bool many;			/* may be there more than once */
};

static bool
is_one_of(const char *value, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(value, *list) == 0)
			return true;
	}
	return false;
}

#define ONE_OF(function, ...) \
	static bool \
	function(const char *value) \
	{ \
		static const char *const list[] = { __VA_ARGS__, NULL }; \
 \
		return is_one_of(value, list); \
	}

ONE_OF(is_test, "test")
ONE_OF(is_hvm, "hvm")
ONE_OF(is_arch, "i686", "x86_64")
ONE_OF(is_kib, "KiB")
ONE_OF(is_static, "static")
ONE_OF(is_boot, "hd", "cdrom", "network", "fd")
ONE_OF(is_action, "destroy", "restart", "preserve", "rename-restart")
ONE_OF(is_offset, "utc", "localtime")
ONE_OF(is_file, "file")
ONE_OF(is_disk, "disk")
ONE_OF(is_virtio, "virtio")
ONE_OF(is_nic, "network", "bridge")
ONE_OF(is_nic_model, "virtio", "e1000", "rtl8139")
ONE_OF(is_pci, "pci")

static bool
is_text(const char *value)
{
	if (*value == '\0')
		return false;
	for (; *value != '\0'; value++) {
		if ((unsigned char)*value < ' ')
			return false;
	}
	return true;
}

static bool
is_name(const char *value)
{
	return is_text(value) && strchr(value, '/') == NULL;
}

static bool
is_path(const char *value)
{
	return value[0] == '/' && is_text(value);
}

static bool
is_uuid(const char *value)
{
	unsigned char uuid[UUID_SIZE];

	return uuid_parse(value, uuid) == 0;
}

/* 1 to max digits, not beginning with 0. */
static bool
is_digits(const char *value, size_t max)
{
	size_t n = strspn(value, "0123456789");

	return n > 0 && n <= max && value[n] == '\0' && value[0] != '0';
}

static bool
is_memory(const char *value)
{
	return is_digits(value, 12);
}

static bool
is_vcpus(const char *value)
{
	return is_digits(value, 2);
}

static bool
is_hex_below(const char *value, size_t digits, unsigned int limit)
{
	unsigned int n = 0;

	if (strncmp(value, "0x", 2) != 0 || strlen(value) != 2 + digits)
		return false;
	for (value += 2; *value != '\0'; value++) {
		const char *p = strchr("0123456789abcdef", *value);

		if (p == NULL)
			return false;
		n = n * 16 + (unsigned int)(p - "0123456789abcdef");
	}
	return n < limit;
}

static bool
is_pci_domain(const char *value)
{
	return strcmp(value, "0x0000") == 0;
}

static bool
is_pci_bus(const char *value)
{
	return is_hex_below(value, 2, 0x100);
}

static bool
is_pci_slot(const char *value)
{
	return is_hex_below(value, 2, 0x20);
}

static bool
is_pci_function(const char *value)
{
	return strcmp(value, "0x0") == 0;
}

static bool
is_target(const char *value)
{
	return strncmp(value, "vd", 2) == 0 && value[2] >= 'a' &&
	    value[2] <= 'z' && value[3] == '\0';
}

/* A unicast address in lower case. */
static bool
is_mac(const char *value)
{
	static const char even[] = "02468ace";

	for (int i = 0; i < 17; i++) {
		if (i % 3 == 2 ? value[i] != ':' :
		    value[i] == '\0' ||
		    strchr("0123456789abcdef", value[i]) == NULL)
			return false;
	}
	return value[17] == '\0' && strchr(even, value[1]) != NULL;
}

/* 0000:00:00.0 is no address. */
static bool
is_pci_address(const struct node *node)
{
	const char *bus = node_attr(node, "bus");
	const char *slot = node_attr(node, "slot");

	return node_attr(node, "type") != NULL && bus != NULL &&
	    slot != NULL && (strcmp(slot, "0x00") != 0 ||
	    strcmp(bus, "0x00") != 0);
}

static bool
is_whole_disk(const struct node *node)
{
	return node_attr(node, "type") != NULL &&
	    node_attr(node_child(node, "source"), "file") != NULL &&
	    node_attr(node_child(node, "target"), "dev") != NULL;
}

/* Type "network" needs one, "bridge" needs one: the source's attribute. */
static bool
is_whole_nic(const struct node *node)
{
	const char *type = node_attr(node, "type");

	return type != NULL &&
	    node_attr(node_child(node, "source"), type) != NULL;
}

/* No target twice. */
static bool
are_whole_devices(const struct node *node)
{
	unsigned int seen = 0, bit;

	for (const struct node *n = node_child(node, "disk"); n != NULL;
	    n = node_next(n, "disk")) {
		bit = 1u << (node_attr(node_child(n, "target"), "dev")[2] -
		    'a');
		if ((seen & bit) != 0)
			return false;
		seen |= bit;
	}
	return true;
}

static bool
is_whole_balloon(const struct node *node)
{
	return node_attr(node, "model") != NULL;
}

static bool
is_whole_os(const struct node *node)
{
	const struct node *boot = node_child(node, "boot");

	return node_child(node, "type") != NULL &&
	    (boot == NULL || node_attr(boot, "dev") != NULL);
}

static bool
is_whole_domain(const struct node *node)
{
	return node_attr(node, "type") != NULL &&
	    node_child(node, "name") != NULL &&
	    node_child(node, "memory") != NULL &&
	    node_child(node, "os") != NULL;
}

#define ATTRS(...) (const struct attr_rule[]) { __VA_ARGS__, { NULL, NULL } }
#define CHILDREN(...) (const struct element_rule[]) { __VA_ARGS__, \
	{ .name = NULL } }

static const struct attr_rule pci_attrs[] = {
	{ "type", is_pci },
	{ "domain", is_pci_domain },
	{ "bus", is_pci_bus },
	{ "slot", is_pci_slot },
	{ "function", is_pci_function },
	{ NULL, NULL },
};

#define PCI_ADDRESS \
	{ .name = "address", .attrs = pci_attrs, .whole = is_pci_address }

static const struct element_rule disk_rules[] = {
	{ .name = "source", .attrs = ATTRS({ "file", is_path }) },
	{ .name = "target", .attrs = ATTRS({ "dev", is_target },
	    { "bus", is_virtio }) },
	PCI_ADDRESS,
	{ .name = NULL },
};

static const struct element_rule nic_rules[] = {
	{ .name = "mac", .attrs = ATTRS({ "address", is_mac }) },
	{ .name = "source", .attrs = ATTRS({ "network", is_text },
	    { "bridge", is_text }) },
	{ .name = "model", .attrs = ATTRS({ "type", is_nic_model }) },
	PCI_ADDRESS,
	{ .name = NULL },
};

static const struct element_rule device_rules[] = {
	{ .name = "emulator", .text = is_path },
	{ .name = "disk", .many = true, .children = disk_rules,
	    .whole = is_whole_disk,
	    .attrs = ATTRS({ "type", is_file }, { "device", is_disk }) },
	{ .name = "interface", .many = true, .children = nic_rules,
	    .whole = is_whole_nic,
	    .attrs = ATTRS({ "type", is_nic }) },
	{ .name = "memballoon", .whole = is_whole_balloon,
	    .children = CHILDREN(PCI_ADDRESS),
	    .attrs = ATTRS({ "model", is_virtio }) },
	{ .name = NULL },
};

static const struct element_rule domain_rules[] = {
	{ .name = "name", .text = is_name },
	{ .name = "uuid", .text = is_uuid },
	{ .name = "title", .text = is_text },
	{ .name = "description", .text = is_text },
	{ .name = "memory", .text = is_memory,
	    .attrs = ATTRS({ "unit", is_kib }) },
	{ .name = "currentMemory", .text = is_memory,
	    .attrs = ATTRS({ "unit", is_kib }) },
	{ .name = "vcpu", .text = is_vcpus,
	    .attrs = ATTRS({ "placement", is_static }) },
	{ .name = "os", .whole = is_whole_os, .children = CHILDREN(
	    { .name = "type", .text = is_hvm,
		.attrs = ATTRS({ "arch", is_arch }) },
	    { .name = "boot", .attrs = ATTRS({ "dev", is_boot }) }) },
	{ .name = "features", .children = CHILDREN(
	    { .name = "acpi" }, { .name = "apic" }, { .name = "pae" }) },
	{ .name = "clock", .attrs = ATTRS({ "offset", is_offset }) },
	{ .name = "on_poweroff", .text = is_action },
	{ .name = "on_reboot", .text = is_action },
	{ .name = "on_crash", .text = is_action },
	{ .name = "devices", .children = device_rules,
	    .whole = are_whole_devices },
	{ .name = NULL },
};

static const struct element_rule domain_rule = {
	.name = "domain",
	.attrs = ATTRS({ "type", is_test }),
	.children = domain_rules,
	.whole = is_whole_domain,
};

static bool
attrs_are_plain(const struct node *node, const struct attr_rule *rules)
{
	for (const struct attr *a = node->attrs; a != NULL; a = a->next) {
		const struct attr_rule *r = rules;

		while (r != NULL && r->name != NULL &&
		    strcmp(r->name, a->name) != 0)
			r++;
		if (r == NULL || r->name == NULL || !r->ok(a->value))
			return false;
	}
	return true;
}

/* An element's only text, NULL when it has something else. */
static const char *
only_text(const struct node *node)
{
	if (node->first == NULL || node->first != node->last ||
	    node->first->kind != NODE_TEXT)
		return NULL;
	return node->first->text;
}

static bool
is_plain(const struct node *node, const struct element_rule *rule)
{
	unsigned int seen = 0;
	const char *text;

	if (!attrs_are_plain(node, rule->attrs))
		return false;
	if (rule->text != NULL) {
		text = only_text(node);
		return text != NULL && rule->text(text);
	}
	for (const struct node *n = node->first; n != NULL; n = n->next) {
		const struct element_rule *r = rule->children;

		if (n->kind != NODE_ELEMENT)
			return false;
		while (r != NULL && r->name != NULL &&
		    strcmp(r->name, n->name) != 0)
			r++;
		if (r == NULL || r->name == NULL)
			return false;
		if (!r->many && (seen & 1u << (r - rule->children)) != 0)
			return false;
		seen |= 1u << (r - rule->children);
		if (!is_plain(n, r))
			return false;
	}
	return rule->whole == NULL || rule->whole(node);
}

/* An element's digits; fallback when it is not there. */
static uint64_t
number_of(const struct node *domain, const char *name, uint64_t fallback)
{
	const struct node *node = node_child(domain, name);
	uint64_t value;

	if (node == NULL || number_u64(node_text(node), 10, &value) != 0)
		return fallback;
	return value;
}

bool
plain_domain_read(const struct node *domain, struct plain_domain *out)
{
	if (!is_plain(domain, &domain_rule))
		return false;
	out->uuid = node_find_text(domain, "uuid");
	out->name = node_find_text(domain, "name");
	out->memory_max_kib = number_of(domain, "memory", 0);
	out->memory_kib = number_of(domain, "currentMemory",
	    out->memory_max_kib);
	if (out->memory_kib > out->memory_max_kib)
		out->memory_kib = out->memory_max_kib;
	out->vcpus = (unsigned int)number_of(domain, "vcpu", 1);
	return true;
}
