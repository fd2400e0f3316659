/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NUMA nodes that a domain sees: <numa> of <cpu>, libxl's vnuma. */
#include <stdlib.h>
#include <string.h>

#include "config_parts.h"
#include "number.h"

#define LOCAL 10u /* distances, as firmware counts them */
#define REMOTE 20u

/* Nodes of the host; without one, the one that every host has. */
static unsigned int
host_nodes(const struct conv *conv)
{
	libxl_physinfo info;
	unsigned int n = 1;

	if (conv->ctx == NULL)
		return n;
	libxl_physinfo_init(&info);
	if (libxl_get_physinfo(conv->ctx, &info) == 0)
		n = info.nr_nodes;
	libxl_physinfo_dispose(&info);
	return n;
}

static uint32_t
distance(const struct node *numa, uint64_t from, uint64_t to)
{
	for (const struct node *c = node_child(numa, "cell"); c != NULL;
	     c = node_next(c, "cell")) {
		const struct node *list = node_child(c, "distances");

		if (conv_number(c, "id", UINT64_MAX) != from)
			continue;
		for (const struct node *s = node_child(list, "sibling");
		     s != NULL; s = node_next(s, "sibling")) {
			if (conv_number(s, "id", UINT64_MAX) == to)
				return (uint32_t)conv_number(
				    s, "value", REMOTE);
		}
	}
	return from == to ? LOCAL : REMOTE;
}

static int
read_cell(struct conv *conv, const struct node *cell, unsigned int nodes)
{
	libxl_domain_build_info *info = &conv->config->b_info;
	unsigned int id = (unsigned int)info->num_vnuma_nodes;
	const char *cpus = node_attr(cell, "cpus");
	libxl_vnode_info *node = conv_array_add(
	    conv, &info->vnuma_nodes, &info->num_vnuma_nodes, sizeof(*node));
	struct cpuset set;

	if (node == NULL)
		return -1;
	libxl_vnode_info_init(node);
	node->pnode = host_nodes(conv) < nodes ? 0 : id;
	node->memkb = conv_number(cell, "memory", 0);
	if (cpus == NULL || cpuset_parse(cpus, &set) != 0 || set.end == 0)
		return conv_refuse(
		    conv, cell, "vnuma sibling %u missing vcpus set", id);
	if (node->memkb % 1024 != 0)
		return conv_refuse(conv, cell,
		    "memory of NUMA cell %u is not a multiple of 1 MiB", id);
	node->distances = calloc(nodes, sizeof(*node->distances));
	if (node->distances == NULL)
		return error_nomem(conv->err);
	node->num_distances = (int)nodes;
	for (unsigned int i = 0; i < nodes; i++)
		node->distances[i] = distance(cell->parent, id, i);
	return conv_bitmap(
	    conv, &node->vcpus, &set, (unsigned int)info->max_vcpus);
}

int
numa_from_xml(struct conv *conv)
{
	const struct node *numa = node_find(conv->domain, "cpu/numa");
	unsigned int nodes = (unsigned int)node_count(numa, "cell");

	if (nodes == 0)
		return 0;
	for (const struct node *c = node_child(numa, "cell"); c != NULL;
	     c = node_next(c, "cell")) {
		if (read_cell(conv, c, nodes) != 0)
			return -1;
	}
	libxl_defbool_set(&conv->config->b_info.numa_placement, false);
	return 0;
}

static void
cell_to_xml(const libxl_domain_build_info *info, int id, struct node *numa)
{
	const libxl_vnode_info *v = &info->vnuma_nodes[id];
	struct node *cell = node_add(numa, "cell"), *list = NULL, *sibling;
	struct cpuset set;

	node_set_attr_fmt(cell, "id", "%d", id);
	conv_cpuset(&v->vcpus, &set);
	node_set_attr(cell, "cpus", cpuset_format(numa->doc, &set));
	node_set_attr_fmt(cell, "memory", "%llu", (unsigned long long)v->memkb);
	node_set_attr(cell, "unit", "KiB");
	for (int i = 0; i < v->num_distances; i++) {
		if (v->distances[i] == (i == id ? LOCAL : REMOTE))
			continue;
		/* One that is not usual: all are written. */
		list = node_add(cell, "distances");
		break;
	}
	for (int i = 0; list != NULL && i < v->num_distances; i++) {
		sibling = node_add(list, "sibling");
		node_set_attr_fmt(sibling, "id", "%d", i);
		node_set_attr_fmt(sibling, "value", "%u", v->distances[i]);
	}
}

void
numa_to_xml(const libxl_domain_config *config, struct node *domain)
{
	const libxl_domain_build_info *info = &config->b_info;
	struct node *numa;

	if (info->num_vnuma_nodes == 0)
		return;
	numa = node_add(node_need(domain, "cpu"), "numa");
	for (int i = 0; i < info->num_vnuma_nodes; i++)
		cell_to_xml(info, i, numa);
}
