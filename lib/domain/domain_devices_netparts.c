/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an interface is connected by: virtual ports, VLANs, limits, filters. */
#include <string.h>
#include <strings.h>

#include "domain_devices.h"
#include "../number.h"
#include "../uuid.h"

/* <teaming> */
static const char *const teaming_types[] = {
    "none", "persistent", "transient", NULL};
const struct rule_attr teaming_attrs[] = {
    ATTR_ENUM("type", 0, teaming_types),
    ATTR("persistent", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};

int
teaming_before(struct rule_ctx *ctx, struct node *teaming)
{
	const char *type = node_attr(teaming, "type");
	const char *persistent = node_attr(teaming, "persistent");

	if ((type == NULL || type[0] == '\0') &&
	    (persistent == NULL || persistent[0] == '\0'))
		node_unlink(teaming);
	else if (enum_index(teaming_types, type) <= 0)
		return refuse_config(ctx, "unknown teaming type '%s'",
		    type == NULL || type[0] == '\0' ? "(null)" : type);
	return 0;
}

/* <virtualport> */
static const char *const vport_types[] = {
    "none", "802.1Qbg", "802.1Qbh", "openvswitch", "midonet", NULL};
enum {
	VPORT_NONE,
	VPORT_QBG,
	VPORT_QBH,
	VPORT_OVS,
	VPORT_MIDONET,
};
const struct rule_attr vport_attrs[] = {
    ATTR_SAYS("type", VALUE_ENUM, VALUE_NONZERO, vport_types,
	XVM_ERR_CONFIG_UNSUPPORTED, "unknown virtualport type %s"),
    ATTR_END,
};
#define NO_NUMBER(n) "cannot parse value of " n " parameter"
#define NO_UUID(n) "cannot parse " n " parameter as a uuid"
static const struct rule_attr parameters_attrs[] = {
    ATTR_SAYS(
	"managerid", VALUE_UINT, VALUE_BASE0, NULL, 0, NO_NUMBER("managerid")),
    ATTR_SAYS("typeid", VALUE_UINT, VALUE_BASE0, NULL, 0, NO_NUMBER("typeid")),
    ATTR_SAYS("typeidversion", VALUE_UINT, VALUE_BASE0, NULL, 0,
	NO_NUMBER("typeidversion")),
    ATTR_SAYS("instanceid", VALUE_UUID, 0, NULL, 0, NO_UUID("instanceid")),
    ATTR_SAYS("interfaceid", VALUE_UUID, 0, NULL, 0, NO_UUID("interfaceid")),
    ATTR("profileid", VALUE_ANY, VALUE_DROP_EMPTY),
    ATTR_END,
};
#define PROFILEID_MAX 39

static int
parameters_after(struct rule_ctx *ctx, struct node *parameters)
{
	if (attr_number(parameters, "managerid", 0) > 0xff)
		return refuse_xml(ctx, "value of managerid out of range");
	if (attr_number(parameters, "typeid", 0) > 0xffffff)
		return refuse_xml(ctx, "value for typeid out of range");
	if (attr_number(parameters, "typeidversion", 0) > 0xff)
		return refuse_xml(ctx, "value of typeidversion out of range");
	if (node_attr(parameters, "profileid") != NULL &&
	    strlen(node_attr(parameters, "profileid")) > PROFILEID_MAX)
		return refuse_xml(ctx, "profileid parameter too long");
	return 0;
}

const struct rule vport_children[] = {
    {
	.name = "parameters",
	.flags = RULE_DROP_EMPTY,
	.attrs = parameters_attrs,
	.after = parameters_after,
    },
    RULE_END,
};

/* Networks may leave the type out, the other types that have one may not. */
int
vport_before(struct rule_ctx *ctx, struct node *vport)
{
	static const char *const with[] = {
	    "network", "bridge", "direct", "hostdev", NULL};
	const char *interface = node_attr(vport->parent, "type");
	const char *type = node_attr(vport, "type");

	if (enum_index(with, interface) < 0)
		return refuse_config(ctx,
		    "<virtualport> element unsupported for <interface "
		    "type='%s'>",
		    interface);
	if (type == NULL && strcmp(interface, "network") != 0)
		return refuse_xml(ctx, "missing required virtualport type");
	return 0;
}

static int
generate(struct rule_ctx *ctx, struct node *vport, const char *name)
{
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];

	if (uuid_generate(uuid) != 0)
		return refuse_internal(
		    ctx, "cannot generate a random uuid for %s", name);
	rule_set_attr(rule_need(vport, vport_children, "parameters"),
	    parameters_attrs, name, uuid_format(uuid, text));
	return 0;
}

/* By type: what must be there and what must not, in the order of errors. */
static const char *const vport_needs[][5] = {
    [VPORT_NONE] = {NULL},
    [VPORT_QBG] = {"managerid", "typeid", "typeidversion", "instanceid", NULL},
    [VPORT_QBH] = {"profileid", NULL},
    [VPORT_OVS] = {"interfaceid", NULL},
    [VPORT_MIDONET] = {"interfaceid", NULL},
};
static const char *const vport_lacks[][6] = {
    [VPORT_NONE] = {NULL},
    [VPORT_QBG] = {"profileid", "interfaceid", NULL},
    [VPORT_QBH] = {"managerid", "typeid", "typeidversion", "instanceid",
	"interfaceid", NULL},
    [VPORT_OVS] = {"managerid", "typeid", "typeidversion", "instanceid", NULL},
    [VPORT_MIDONET] = {NULL},
};
/* Not refused, but not written either. */
static const char *const midonet_drops[] = {
    "managerid", "typeid", "typeidversion", "instanceid", "profileid", NULL};

int
vport_after(struct rule_ctx *ctx, struct node *vport)
{
	const char *name = node_attr(vport, "type");
	int type = name == NULL ? VPORT_NONE : enum_index(vport_types, name);
	struct node *parameters = node_child(vport, "parameters");

	if ((type == VPORT_QBG || type == VPORT_NONE) &&
	    node_attr(parameters, "instanceid") == NULL &&
	    generate(ctx, vport, "instanceid") != 0)
		return -1;
	if ((type == VPORT_OVS || type == VPORT_NONE) &&
	    node_attr(parameters, "interfaceid") == NULL &&
	    generate(ctx, vport, "interfaceid") != 0)
		return -1;
	parameters = node_child(vport, "parameters");
	for (const char *const *p = vport_needs[type];
	     *p != NULL && !node_attr_is(vport->parent, "type", "network");
	     p++) {
		if (node_attr(parameters, *p) == NULL)
			return refuse_xml(ctx,
			    "missing %s in <virtualport type='%s'>", *p, name);
	}
	for (const char *const *p = vport_lacks[type]; *p != NULL; p++) {
		if (node_attr(parameters, *p) != NULL)
			return refuse_xml(ctx,
			    "extra %s unsupported in <virtualport type='%s'>",
			    *p, name);
	}
	if (type == VPORT_MIDONET && parameters != NULL)
		drop_attrs(parameters, NULL, midonet_drops);
	return 0;
}

/* <vlan> */
static const char *const native_modes[] = {
    "default", "tagged", "untagged", NULL};
const struct rule_attr vlan_attrs[] = {
    ATTR("trunk", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr tag_attrs[] = {
    ATTR("id", VALUE_UINT, VALUE_REQUIRED),
    ATTR_ENUM("nativeMode", VALUE_NONZERO, native_modes),
    ATTR_END,
};
const struct rule vlan_children[] = {
    {.name = "tag", .flags = RULE_MANY, .attrs = tag_attrs},
    RULE_END,
};

static int
check_tags(struct rule_ctx *ctx, const struct node *vlan, bool *native_out)
{
	uint32_t id;
	int mode;

	for (const struct node *tag = node_child(vlan, "tag"); tag != NULL;
	     tag = node_next(tag, "tag")) {
		if (attr_u32(ctx, tag, "id", VALUE_REQUIRED, &id) < 0)
			return -1;
		if (id > 4095)
			return refuse_xml(
			    ctx, "vlan tag id %u too large (maximum 4095)", id);
		if (attr_enum(ctx, tag, "nativeMode", native_modes,
			VALUE_NONZERO, &mode) < 0)
			return -1;
		if (mode < 0)
			continue;
		if (*native_out)
			return refuse_xml(ctx, "duplicate native vlan setting");
		*native_out = true;
	}
	return 0;
}

int
vlan_before(struct rule_ctx *ctx, struct node *vlan)
{
	const char *trunk = node_attr(vlan, "trunk");
	size_t tags = node_count(vlan, "tag");
	bool native = false, is_trunk = tags > 1;

	if (tags == 0)
		return refuse_xml(ctx,
		    "missing tag id - each <vlan> must have at least one "
		    "<tag id='n'/> subelement");
	if (check_tags(ctx, vlan, &native) != 0)
		return -1;
	if (trunk != NULL && trunk[0] != '\0') {
		is_trunk = strcasecmp(trunk, "yes") == 0;
		if (!is_trunk && tags > 1)
			return refuse_xml(ctx,
			    "invalid \"trunk='%s'\" in <vlan> - trunk='yes' is "
			    "required for more than one vlan tag",
			    trunk);
		if (!is_trunk && native)
			return refuse_xml(ctx,
			    "invalid configuration in <vlan> - \"trunk='no'\" "
			    "is not allowed with a native vlan id");
		if (!is_trunk && strcasecmp(trunk, "no") != 0)
			return refuse_xml(ctx,
			    "invalid \"trunk='%s'\" in <vlan> - must be yes or "
			    "no",
			    trunk);
	}
	node_set_attr(vlan, "trunk", is_trunk ? "yes" : NULL);
	return 0;
}

/* <bandwidth> */
#define NO_CONVERT(n) "could not convert bandwidth " n " value '%s'"
#define ATTR_RATE(n)                                                           \
	ATTR_SAYS(n, VALUE_ULL, VALUE_DROP_ZERO, NULL,                         \
	    XVM_ERR_CONFIG_UNSUPPORTED, NO_CONVERT(n))
const struct rule_attr bandwidth_rate_attrs[] = {
    ATTR_RATE("average"),
    ATTR_RATE("peak"),
    ATTR_RATE("floor"),
    ATTR_RATE("burst"),
    ATTR_END,
};

static int
rate_before(struct rule_ctx *ctx, struct node *rate)
{
	const char *average = node_attr(rate, "average");
	uint64_t n;

	if (average != NULL) {
		if (number_u64(average, 10, &n) != 0)
			return refuse_config(
			    ctx, NO_CONVERT("average"), average);
	} else if (node_attr(rate, "floor") == NULL) {
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "Missing mandatory average or floor attributes");
	}
	if (average == NULL && (node_attr(rate, "peak") != NULL ||
				   node_attr(rate, "burst") != NULL))
		return refuse_config(
		    ctx, "'peak' and 'burst' require 'average' attribute");
	return 0;
}

static int
rate_after(struct rule_ctx *ctx, struct node *rate)
{
	if (node_attr(rate, "floor") != NULL) {
		if (strcmp(rate->name, "outbound") == 0)
			return refuse_config(ctx,
			    "'floor' attribute allowed only in <inbound> "
			    "element");
		if (!node_attr_is(rate->parent->parent, "type", "network"))
			return refuse_config(ctx,
			    "floor attribute is not supported for this "
			    "config");
	} else if (node_attr(rate, "average") == NULL) {
		node_unlink(rate);
	}
	return 0;
}

const struct rule bandwidth_children[] = {
    {
	.name = "inbound",
	.attrs = bandwidth_rate_attrs,
	.before = rate_before,
	.after = rate_after,
    },
    {
	.name = "outbound",
	.attrs = bandwidth_rate_attrs,
	.before = rate_before,
	.after = rate_after,
    },
    RULE_END,
};

int
bandwidth_before(struct rule_ctx *ctx, struct node *bandwidth)
{
	if (node_attr(bandwidth, "classID") != NULL)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "classID attribute not supported on <bandwidth> in this "
		    "usage context");
	if (node_count(bandwidth, "inbound") > 1)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "Only one child <inbound> element allowed");
	if (node_count(bandwidth, "outbound") > 1)
		return refuse(ctx, XVM_ERR_XML_DETAIL,
		    "Only one child <outbound> element allowed");
	if (bandwidth->first == NULL)
		node_unlink(bandwidth);
	return 0;
}

int
bandwidth_after(struct rule_ctx *ctx, struct node *bandwidth)
{
	(void)ctx;
	node_keep_open(bandwidth);
	return 0;
}

/* <portForward> */
static const char *const port_protocols[] = {"none", "tcp", "udp", NULL};
const struct rule_attr port_forward_attrs[] = {
    ATTR_ENUM("proto", VALUE_REQUIRED | VALUE_NONZERO, port_protocols),
    ATTR("address", VALUE_ANY, 0),
    ATTR("dev", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr range_attrs[] = {
    ATTR("start", VALUE_UINT, VALUE_NONZERO),
    ATTR("end", VALUE_UINT, VALUE_NONZERO),
    ATTR("to", VALUE_UINT, VALUE_NONZERO),
    ATTR("exclude", VALUE_YES_NO, 0),
    ATTR_END,
};

static int
range_after(struct rule_ctx *ctx, struct node *range)
{
	(void)ctx;
	if (node_attr(range, "start") == NULL) {
		node_set_attr(range, "end", NULL);
		node_set_attr(range, "to", NULL);
	}
	return 0;
}

const struct rule port_forward_children[] = {
    {
	.name = "range",
	.flags = RULE_MANY | RULE_DROP_EMPTY,
	.attrs = range_attrs,
	.after = range_after,
    },
    RULE_END,
};

int
port_forward_before(struct rule_ctx *ctx, struct node *forward)
{
	const char *address = node_attr(forward, "address");

	if (address == NULL)
		return 0;
	if (numeric_family(address) < 0)
		return refuse_xml(
		    ctx, "Invalid address '%s' in <portForward>", address);
	return canonical_ip(ctx, forward, "address", 0) < 0 ? -1 : 0;
}

/* <filterref>: its parameters by name, those of a name in their order. */
#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
static const struct rule_attr filterref_attrs[] = {
    ATTR("filter", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule_attr parameter_attrs[] = {
    ATTR("name", VALUE_ANY, 0),
    ATTR("value", VALUE_ANY, 0),
    ATTR_END,
};
static const struct rule filterref_children[] = {
    {.name = "parameter", .flags = RULE_MANY, .attrs = parameter_attrs},
    RULE_END,
};

static bool
is_parameter(const struct node *parameter)
{
	const char *name = node_attr(parameter, "name");
	const char *value = node_attr(parameter, "value");

	return name != NULL && name[strspn(name, WORD)] == '\0' &&
	       value != NULL && value[0] != '\0' &&
	       value[strspn(value, WORD ".:")] == '\0';
}

int
filterref_before(struct rule_ctx *ctx, struct node *filterref)
{
	struct node *next, *after;

	if (node_attr(filterref, "filter") == NULL) {
		node_unlink(filterref);
		return 0;
	}
	if (rule_apply_attrs(ctx, filterref, filterref_attrs) != 0 ||
	    rule_apply_children(ctx, filterref, filterref_children) != 0)
		return -1;
	for (struct node *p = node_child(filterref, "parameter"); p != NULL;
	     p = next) {
		next = node_next(p, "parameter");
		after = p->prev;
		node_unlink(p);
		if (!is_parameter(p))
			continue;
		while (after != NULL && strcmp(node_attr(after, "name"),
					    node_attr(p, "name")) > 0)
			after = after->prev;
		if (after != NULL)
			node_insert_after(after, p);
		else if (filterref->first != NULL)
			node_insert_before(filterref->first, p);
		else
			node_append(filterref, p);
	}
	return 0;
}
