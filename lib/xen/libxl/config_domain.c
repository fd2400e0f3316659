/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Name and type, memory, vCPUs and where they run, what ends it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"
#include "domain/domain_xml_util.h"
#include "number.h"
#include "uuid.h"

#define MIB 1024u /* KiB */

static const libxl_enum_string_table actions[] = {
    {"destroy", LIBXL_ACTION_ON_SHUTDOWN_DESTROY},
    {"restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART},
    {"rename-restart", LIBXL_ACTION_ON_SHUTDOWN_RESTART_RENAME},
    {"preserve", LIBXL_ACTION_ON_SHUTDOWN_PRESERVE},
    {"coredump-destroy", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_DESTROY},
    {"coredump-restart", LIBXL_ACTION_ON_SHUTDOWN_COREDUMP_RESTART},
    {NULL, 0},
};

static int
names(struct conv *conv)
{
	libxl_domain_create_info *info = &conv->config->c_info;
	const struct node *label = node_child(conv->domain, "seclabel");
	const char *uuid = node_find_text(conv->domain, "uuid");

	if (conv_string(
		conv, &info->name, node_find_text(conv->domain, "name")) != 0)
		return -1;
	if (uuid != NULL && libxl_uuid_from_string(&info->uuid, uuid) != 0)
		return conv_refuse_code(conv, node_child(conv->domain, "uuid"),
		    XVM_ERR_INTERNAL_ERROR,
		    "libxenlight failed to parse UUID '%s'", uuid);
	if (!node_attr_is(label, "type", "static"))
		return 0;
	return conv_string(
	    conv, &info->ssid_label, node_find_text(label, "label"));
}

/* KiB of an element, in whole MiB as Xen wants it. */
static uint64_t
kib(const struct node *node)
{
	uint64_t n = 0;

	(void)number_u64(node_text(node), 10, &n);
	return n + (MIB - n % MIB) % MIB;
}

static void
memory(struct conv *conv)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *now = node_child(conv->domain, "currentMemory");

	info->max_memkb = kib(node_child(conv->domain, "memory"));
	info->target_memkb = now == NULL ? info->max_memkb : kib(now);
}

static int
read_set(const struct conv *conv, const struct node *node, const char *text,
    struct cpuset *out)
{
	if (cpuset_parse(text, out) != 0)
		return conv_refuse(
		    conv, node, "Failed to parse bitmap '%s'", text);
	if (conv->ctx != NULL) {
		unsigned int host = conv_host_cpus(conv), i = 0;

		while (i < host && !cpuset_has(out, i))
			i++;
		if (i == host)
			return conv_refuse(conv, node,
			    "none of the CPUs '%s' exists on this host", text);
	}
	return 0;
}

/* All of them on one set, as xl's cpus="...". */
static int
pin_all(struct conv *conv, const struct cpuset *set)
{
	libxl_domain_build_info *info = &conv->config->b_info;

	while (info->num_vcpu_hard_affinity < info->max_vcpus) {
		libxl_bitmap *map =
		    conv_array_add(conv, &info->vcpu_hard_affinity,
			&info->num_vcpu_hard_affinity, sizeof(*map));

		if (map == NULL ||
		    conv_bitmap(conv, map, set, conv_host_cpus(conv)) != 0)
			return -1;
	}
	return 0;
}

/* Each on its own, as xl's cpus=[...]; those without a pin run anywhere. */
static int
pin_each(struct conv *conv, const struct node *tune)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	unsigned int cpus = conv_host_cpus(conv);
	uint64_t last = 0;
	struct cpuset set = {.end = 0};

	if (node_child(tune, "vcpupin") == NULL)
		return 0;
	for (const struct node *p = node_child(tune, "vcpupin"); p != NULL;
	     p = node_next(p, "vcpupin")) {
		uint64_t vcpu = conv_number(p, "vcpu", 0);

		if (vcpu > last && vcpu < (uint64_t)info->max_vcpus)
			last = vcpu;
	}
	for (unsigned int i = 0; i < cpus; i++)
		cpuset_add(&set, i);
	while ((uint64_t)info->num_vcpu_hard_affinity <= last) {
		libxl_bitmap *map =
		    conv_array_add(conv, &info->vcpu_hard_affinity,
			&info->num_vcpu_hard_affinity, sizeof(*map));

		if (map == NULL || conv_bitmap(conv, map, &set, cpus) != 0)
			return -1;
	}
	for (const struct node *p = node_child(tune, "vcpupin"); p != NULL;
	     p = node_next(p, "vcpupin")) {
		uint64_t vcpu = conv_number(p, "vcpu", 0);

		if (vcpu > last)
			continue;
		if (read_set(conv, p, node_attr(p, "cpuset"), &set) != 0 ||
		    conv_bitmap(
			conv, &info->vcpu_hard_affinity[vcpu], &set, cpus) != 0)
			return -1;
	}
	libxl_defbool_set(&info->numa_placement, false);
	return 0;
}

static int
vcpus(struct conv *conv)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	const struct node *vcpu = node_child(conv->domain, "vcpu");
	const struct node *tune = node_child(conv->domain, "cputune");
	const char *cpus = node_attr(vcpu, "cpuset");
	struct cpuset set = {.end = 0};
	uint64_t max = 1, now;
	uint32_t weight;

	(void)number_u64(node_text(vcpu), 10, &max);
	now = conv_number(vcpu, "current", max);
	if (max > INT16_MAX)
		return conv_refuse(conv, vcpu, "too many vCPUs: %llu",
		    (unsigned long long)max);
	info->max_vcpus = (int)max;
	for (unsigned int i = 0; i < now; i++)
		cpuset_add(&set, i);
	if (conv_bitmap(conv, &info->avail_vcpus, &set, (unsigned int)now) != 0)
		return -1;
	if (cpus != NULL &&
	    (read_set(conv, vcpu, cpus, &set) != 0 || pin_all(conv, &set) != 0))
		return -1;
	if (pin_each(conv, tune) != 0)
		return -1;
	if (node_child(tune, "shares") != NULL &&
	    number_u32(node_find_text(tune, "shares"), 10, &weight) == 0)
		info->sched_params.weight = (int)weight;
	return 0;
}

static int
event(const struct conv *conv, const char *name, libxl_action_on_shutdown *out)
{
	const struct node *node = node_child(conv->domain, name);
	int action = conv_value(actions, node_text(node));

	if (node == NULL)
		return 0;
	if (action < 0)
		return conv_refuse(conv, node, "unsupported action '%s' in %s",
		    node_text(node), name);
	*out = (libxl_action_on_shutdown)action;
	return 0;
}

static int
refuse_parts(const struct conv *conv)
{
	const struct node *security =
	    node_child(conv->domain, "launchSecurity");

	if (security != NULL)
		return conv_refuse(conv, security,
		    "launch security is not supported by libxl");
	return 0;
}

/* <xen:commandline>: arguments of the device model. */
static int
arguments(struct conv *conv)
{
	const struct node *line = node_child(conv->domain, "xen:commandline");

	for (const struct node *a = node_child(line, "xen:arg"); a != NULL;
	     a = node_next(a, "xen:arg")) {
		if (node_attr(a, "value") == NULL)
			return conv_refuse_code(conv, a, XVM_ERR_INTERNAL_ERROR,
			    "No device model command-line argument specified");
		if (conv_string_add(conv, &conv->config->b_info.extra,
			node_attr(a, "value")) != 0)
			return -1;
	}
	return 0;
}

int
domain_from_xml(struct conv *conv)
{
	libxl_domain_config *c = conv->config;

	if (names(conv) != 0 || vcpus(conv) != 0 || refuse_parts(conv) != 0 ||
	    arguments(conv) != 0)
		return -1;
	memory(conv);
	return event(conv, "on_poweroff", &c->on_poweroff) != 0 ||
		       event(conv, "on_reboot", &c->on_reboot) != 0 ||
		       event(conv, "on_crash", &c->on_crash) != 0
		   ? -1
		   : 0;
}

static void
add_kib(struct node *domain, const char *name, uint64_t n)
{
	struct node *node = node_add_text(domain, name,
	    doc_printf(domain->doc, "%llu", (unsigned long long)n));

	node_set_attr(node, "unit", "KiB");
}

static bool
equal(const libxl_bitmap *a, const libxl_bitmap *b)
{
	return a->size == b->size && memcmp(a->map, b->map, a->size) == 0;
}

static const char *
set_text(struct doc *doc, const libxl_bitmap *map)
{
	struct cpuset set;

	conv_cpuset(map, &set);
	return set.end == 0 ? NULL : cpuset_format(doc, &set);
}

static void
pins_to_xml(
    const libxl_domain_build_info *info, struct node *domain, struct node *vcpu)
{
	int n = info->num_vcpu_hard_affinity, same = 0;
	struct node *tune;

	while (same < n && equal(&info->vcpu_hard_affinity[same],
			       &info->vcpu_hard_affinity[0]))
		same++;
	if (n > 0 && same == info->max_vcpus &&
	    libxl_defbool_is_default(info->numa_placement)) {
		node_set_attr(vcpu, "cpuset",
		    set_text(domain->doc, &info->vcpu_hard_affinity[0]));
		return;
	}
	for (int i = 0; i < n; i++) {
		const libxl_bitmap *map = &info->vcpu_hard_affinity[i];
		const char *text;
		struct node *pin;

		if (libxl_bitmap_is_full(map) ||
		    (text = set_text(domain->doc, map)) == NULL)
			continue;
		tune = node_need(domain, "cputune");
		pin = node_add(tune, "vcpupin");
		node_set_attr_fmt(pin, "vcpu", "%d", i);
		node_set_attr(pin, "cpuset", text);
	}
}

static void
vcpus_to_xml(const libxl_domain_build_info *info, struct node *domain)
{
	struct doc *doc = domain->doc;
	int max = info->max_vcpus > 0 ? info->max_vcpus : 1, now = 0;
	struct node *vcpu =
	    node_add_text(domain, "vcpu", doc_printf(doc, "%d", max));
	struct cpuset set;

	node_set_attr(vcpu, "placement", "static");
	conv_cpuset(&info->avail_vcpus, &set);
	for (unsigned int i = 0; i < set.end; i++)
		now += cpuset_has(&set, i);
	if (now > 0 && now < max)
		node_set_attr_fmt(vcpu, "current", "%d", now);
	pins_to_xml(info, domain, vcpu);
	if (info->sched_params.weight !=
	    LIBXL_DOMAIN_SCHED_PARAM_WEIGHT_DEFAULT)
		(void)node_add_text(node_need(domain, "cputune"), "shares",
		    doc_printf(doc, "%d", info->sched_params.weight));
}

static void
event_to_xml(
    struct node *domain, const char *name, libxl_action_on_shutdown action)
{
	const char *text = conv_name(actions, (int)action);

	if (text != NULL)
		(void)node_add_text(domain, name, text);
}

static void
arguments_to_xml(libxl_string_list list, struct node *domain)
{
	struct node *line;

	if (list == NULL || list[0] == NULL)
		return;
	node_set_attr(
	    domain, "xmlns:xen", "http://libvirt.org/schemas/domain/xen/1.0");
	line = node_add(domain, "xen:commandline");
	for (; *list != NULL; list++)
		node_set_attr(node_add(line, "xen:arg"), "value", *list);
}

void
domain_to_xml(const libxl_domain_config *config, struct node *domain)
{
	const libxl_domain_build_info *info = &config->b_info;
	const uint8_t *bytes = libxl_uuid_bytearray_const(&config->c_info.uuid);
	char uuid[UUID_TEXT_SIZE];
	struct node *label;

	(void)node_add_text(domain, "name",
	    config->c_info.name == NULL ? "" : config->c_info.name);
	(void)node_add_text(domain, "uuid", uuid_format(bytes, uuid));
	if (config->c_info.ssid_label != NULL) {
		label = node_add(domain, "seclabel");
		node_set_attr(label, "type", "static");
		node_set_attr(label, "model", "flask");
		node_set_attr(label, "relabel", "no");
		(void)node_add_text(label, "label", config->c_info.ssid_label);
	}
	add_kib(domain, "memory", info->max_memkb);
	add_kib(domain, "currentMemory",
	    info->target_memkb == LIBXL_MEMKB_DEFAULT ? info->max_memkb
						      : info->target_memkb);
	vcpus_to_xml(info, domain);
	event_to_xml(domain, "on_poweroff", config->on_poweroff);
	event_to_xml(domain, "on_reboot", config->on_reboot);
	event_to_xml(domain, "on_crash", config->on_crash);
	arguments_to_xml(info->extra, domain);
}
