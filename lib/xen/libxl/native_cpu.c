/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vCPUs, where they run, NUMA nodes and CPUID in xl.cfg. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "native_table.h"
#include "number.h"

#define VCPUS_MAX 4096
#define NODES_MAX 64

/* A conversion for the tools of config_parts.h: no host is asked. */
static struct conv
conv_for(const struct native_reader *r)
{
	return (struct conv){
	    .config = r->config,
	    .type = r->config->c_info.type,
	    .err = r->err,
	};
}

static int
read_number(const struct native_reader *r, const char *name, uint32_t max,
    uint32_t *out)
{
	const char *text = native_string(r, name);

	*out = 0;
	if (text == NULL)
		return 0;
	if (number_u32(text, 0, out) != 0 || *out > max)
		return native_refuse(r, name, text);
	return 0;
}

static int
read_vcpus(const struct native_reader *r)
{
	libxl_domain_build_info *info = &r->config->b_info;
	struct conv conv = conv_for(r);
	struct cpuset set = {.end = 0};
	uint32_t vcpus;

	if (read_number(r, "vcpus", VCPUS_MAX, &vcpus) != 0)
		return -1;
	if (info->max_vcpus == 0)
		info->max_vcpus = (int)vcpus;
	if (info->max_vcpus > VCPUS_MAX || info->max_vcpus < 0)
		return native_refuse(r, "maxvcpus", "too many");
	if ((uint32_t)info->max_vcpus < vcpus)
		return error_set(r->err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
		    "maxvcpus is less than vcpus");
	for (uint32_t i = 0; i < vcpus; i++)
		cpuset_add(&set, i);
	return vcpus == 0 ? 0
			  : conv_bitmap(&conv, &info->avail_vcpus, &set, vcpus);
}

/* "all", "0-3,^1" as a set. */
static int
read_set(const struct native_reader *r, const char *text, struct cpuset *out)
{
	if (strcmp(text, "all") == 0) {
		memset(out, 0, sizeof(*out));
		for (unsigned int i = 0; i < VCPUS_MAX; i++)
			cpuset_add(out, i);
		return 0;
	}
	return cpuset_parse(text, out) == 0 ? 0
					    : native_refuse(r, "cpus", text);
}

static int
add_pin(const struct native_reader *r, const char *text)
{
	libxl_domain_build_info *info = &r->config->b_info;
	struct conv conv = conv_for(r);
	struct cpuset set;
	libxl_bitmap *map;

	if (read_set(r, text, &set) != 0)
		return -1;
	map = conv_array_add(&conv, &info->vcpu_hard_affinity,
	    &info->num_vcpu_hard_affinity, sizeof(*map));
	return map == NULL
		   ? -1
		   : conv_bitmap(&conv, map, &set, conv_host_cpus(&conv));
}

static int
read_pins(const struct native_reader *r)
{
	libxl_domain_build_info *info = &r->config->b_info;
	const char *text = native_string(r, "cpus"), *item;

	while (text != NULL && info->num_vcpu_hard_affinity < info->max_vcpus) {
		if (add_pin(r, text) != 0)
			return -1;
	}
	for (int i = 0; text == NULL && i < info->max_vcpus &&
			(item = native_item(r, "cpus", i)) != NULL;
	     i++) {
		if (add_pin(r, item) != 0)
			return -1;
		/* As xl: with a list there is no automatic placement. */
		libxl_defbool_set(&info->numa_placement, false);
	}
	return 0;
}

/* The value of "NAME = VALUE" when the name is that, else NULL. */
static const char *
value_of(const char *text, const char *name)
{
	size_t n = strlen(name);

	text += strspn(text, " \t");
	if (strncmp(text, name, n) != 0)
		return NULL;
	text += n + strspn(text + n, " \t");
	return *text != '=' ? NULL : text + 1 + strspn(text + 1, " \t");
}

static int
read_distances(
    const struct native_reader *r, const char *text, libxl_vnode_info *node)
{
	const char *p = text;

	for (int i = 0; i < node->num_distances; i++) {
		char *end;
		unsigned long n = strtoul(p, &end, 10);

		if (end == p || n > UINT8_MAX)
			return native_refuse(r, "vdistances", text);
		node->distances[i] = (uint32_t)n;
		p = end + strspn(end, " ,");
	}
	return *p == '\0' ? 0 : native_refuse(r, "vdistances", text);
}

static int
read_node_part(
    const struct native_reader *r, const char *text, libxl_vnode_info *node)
{
	libxl_domain_build_info *info = &r->config->b_info;
	struct conv conv = conv_for(r);
	struct cpuset set;
	const char *value;
	uint32_t n;

	if ((value = value_of(text, "pnode")) != NULL) {
		if (number_u32(value, 10, &node->pnode) != 0)
			return native_refuse(r, "pnode", value);
		libxl_defbool_set(&info->numa_placement, false);
		return 0;
	}
	if ((value = value_of(text, "size")) != NULL) {
		if (number_u32(value, 10, &n) != 0)
			return native_refuse(r, "size", value);
		node->memkb = (uint64_t)n * 1024;
		return 0;
	}
	if ((value = value_of(text, "vcpus")) != NULL) {
		if (cpuset_parse(value, &set) != 0)
			return native_refuse(r, "vcpus", value);
		return conv_bitmap(&conv, &node->vcpus, &set,
		    info->max_vcpus > 0 ? (unsigned int)info->max_vcpus
					: set.end);
	}
	if ((value = value_of(text, "vdistances")) != NULL)
		return read_distances(r, value, node);
	return native_refuse(r, "vnuma", text);
}

static int
read_node(const struct native_reader *r, XLU_ConfigList *parts,
    libxl_vnode_info *node, int nodes)
{
	const char *text;

	libxl_vnode_info_init(node);
	node->distances = calloc((size_t)nodes, sizeof(*node->distances));
	if (node->distances == NULL)
		return error_nomem(r->err);
	node->num_distances = nodes;
	for (int i = 0; (text = xlu_cfg_get_listitem(parts, i)) != NULL; i++) {
		if (read_node_part(r, text, node) != 0)
			return -1;
	}
	return 0;
}

static int
read_numa(const struct native_reader *r)
{
	libxl_domain_build_info *info = &r->config->b_info;
	struct conv conv = conv_for(r);
	XLU_ConfigList *list, *parts;
	int nodes = 0;

	if (xlu_cfg_get_list(r->xlu, "vnuma", &list, &nodes, 1) != 0)
		return 0;
	if (nodes > NODES_MAX)
		return native_refuse(r, "vnuma", "too many nodes");
	for (int i = 0; i < nodes; i++) {
		XLU_ConfigValue *value = xlu_cfg_get_listitem2(list, i);
		libxl_vnode_info *node;

		if (value == NULL ||
		    xlu_cfg_value_get_list(r->xlu, value, &parts, 1) != 0)
			return native_refuse(r, "vnuma", "no list");
		node = conv_array_add(&conv, &info->vnuma_nodes,
		    &info->num_vnuma_nodes, sizeof(*node));
		if (node == NULL || read_node(r, parts, node, nodes) != 0)
			return -1;
	}
	return 0;
}

static int
read_cpuid(const struct native_reader *r)
{
	libxl_cpuid_policy_list *policy = &r->config->b_info.cpuid;
	const char *text = native_string(r, "cpuid"), *item;

	for (int i = 0; (item = native_item(r, "cpuid", i)) != NULL; i++) {
		if (libxl_cpuid_parse_config_xend(policy, item) != 0)
			return native_refuse(r, "cpuid", item);
	}
	if (text == NULL)
		return 0;
	if (strncmp(text, "host", 4) != 0 || (text[4] != ',' && text[4] != 0))
		return error_set(r->err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
		    "cpuid starting with %.*s is not supported, only libxl "
		    "format is",
		    (int)strcspn(text, ","), text);
	for (text += 4; *(text += strspn(text, ", ")) != '\0';) {
		size_t n = strcspn(text, ",");
		char *flag = strndup(text, n);
		int rc;

		if (flag == NULL)
			return error_nomem(r->err);
		rc = libxl_cpuid_parse_config(policy, flag);
		if (rc != 0)
			rc = native_refuse(r, "cpuid", flag);
		free(flag);
		if (rc != 0)
			return -1;
		text += n;
	}
	return 0;
}

int
native_read_cpus(const struct native_reader *r)
{
	libxl_domain_build_info *info = &r->config->b_info;
	uint64_t memory = 0;

	if (read_vcpus(r) != 0 || read_numa(r) != 0 || read_pins(r) != 0 ||
	    read_cpuid(r) != 0)
		return -1;
	/* Nodes say how much memory there is when nothing else does. */
	for (int i = 0; i < info->num_vnuma_nodes; i++)
		memory += info->vnuma_nodes[i].memkb;
	if (info->max_memkb == LIBXL_MEMKB_DEFAULT && memory > 0)
		info->max_memkb = memory;
	if (info->max_memkb == LIBXL_MEMKB_DEFAULT)
		info->max_memkb = info->target_memkb;
	return 0;
}

/* "all", or the numbers. */
static void
put_set(struct buf *out, const libxl_bitmap *map)
{
	struct cpuset set;

	conv_cpuset(map, &set);
	if (map->size > 0 && libxl_bitmap_is_full(map))
		buf_puts(out, "all");
	else
		cpuset_print(&set, out);
}

static void
write_pins(const libxl_domain_build_info *info, struct buf *out)
{
	struct buf list = BUF_INIT, one = BUF_INIT;
	int n = info->num_vcpu_hard_affinity;

	if (n == 0)
		return;
	if (libxl_defbool_is_default(info->numa_placement)) {
		put_set(&one, &info->vcpu_hard_affinity[0]);
		buf_printf(out, "cpus = \"%s\"\n", buf_str(&one));
		buf_release(&one);
		return;
	}
	for (int i = 0; i < n; i++) {
		buf_clear(&one);
		put_set(&one, &info->vcpu_hard_affinity[i]);
		native_list_add(&list, buf_str(&one));
	}
	buf_release(&one);
	native_list_put(out, "cpus", &list);
}

static void
write_numa(const libxl_domain_build_info *info, struct buf *out)
{
	struct buf set = BUF_INIT;

	for (int i = 0; i < info->num_vnuma_nodes; i++) {
		const libxl_vnode_info *v = &info->vnuma_nodes[i];

		buf_clear(&set);
		put_set(&set, &v->vcpus);
		buf_printf(out,
		    "%s[ \"pnode=%u\", \"size=%llu\", \"vcpus=%s\", "
		    "\"vdistances=",
		    i == 0 ? "vnuma = [ " : ",\n    ", v->pnode,
		    (unsigned long long)v->memkb / 1024, buf_str(&set));
		for (int j = 0; j < v->num_distances; j++)
			buf_printf(
			    out, "%s%u", j > 0 ? "," : "", v->distances[j]);
		buf_puts(out, "\" ]");
	}
	if (info->num_vnuma_nodes > 0)
		buf_puts(out, " ]\n");
	buf_release(&set);
}

static int
add_flag(void *list, const char *name, const char *flag, bool on)
{
	(void)name;
	(void)on;
	buf_printf(list, ",%s", flag);
	return 0;
}

int
native_write_cpus(
    const libxl_domain_config *config, struct buf *out, struct error *err)
{
	const libxl_domain_build_info *info = &config->b_info;
	struct buf list = BUF_INIT;
	struct cpuset set;
	unsigned int vcpus = 0;

	(void)err;
	conv_cpuset(&info->avail_vcpus, &set);
	for (unsigned int i = 0; i < set.end; i++)
		vcpus += cpuset_has(&set, i);
	if (vcpus > 0)
		buf_printf(out, "vcpus = %u\n", vcpus);
	write_pins(info, out);
	write_numa(info, out);
	if (info->cpuid != NULL && cpu_flags_each(info, add_flag, &list) == 0)
		buf_printf(out, "cpuid = \"host%s\"\n", buf_str(&list));
	buf_release(&list);
	return 0;
}
