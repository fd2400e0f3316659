/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU maps of calls, and pinning. */
#include "cpumap.h"

#include <stdlib.h>
#include <string.h>

#include "domain/domain_edit.h"

static const struct rule cputune_order[] = {
	{ .name = "shares" },
	{ .name = "period" },
	{ .name = "quota" },
	{ .name = "global_period" },
	{ .name = "global_quota" },
	{ .name = "emulator_period" },
	{ .name = "emulator_quota" },
	{ .name = "iothread_period" },
	{ .name = "iothread_quota" },
	{ .name = "vcpupin", .flags = RULE_MANY },
	{ .name = "emulatorpin" },
	{ .name = "iothreadpin", .flags = RULE_MANY },
	{ .name = "emulatorsched" },
	{ .name = "vcpusched", .flags = RULE_MANY },
	{ .name = "iothreadsched", .flags = RULE_MANY },
	{ .name = "cachetune", .flags = RULE_MANY },
	{ .name = "memorytune", .flags = RULE_MANY },
	{ .name = NULL },
};

void
cpumap_read(const char *map, size_t n, struct cpuset *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < n * 8 && i < CPUSET_BITS; i++) {
		if (((unsigned char)map[i / 8] >> i % 8 & 1) != 0)
			cpuset_add(out, (unsigned int)i);
	}
}

void
cpumap_write(const struct cpuset *set, char *map, size_t n)
{
	memset(map, 0, n);
	for (unsigned int i = 0; i < set->end && i / 8 < n; i++) {
		if (cpuset_has(set, i))
			map[i / 8] |= (char)(1 << i % 8);
	}
}

char *
cpumap_alloc(int n, int len, struct error *err)
{
	char *maps;

	if (n > 0 && len > CPUMAPS_MAX / n) {
		error_set(err, XVM_FROM_RPC, XVM_ERR_INTERNAL_ERROR,
		    "maxinfo * maplen > REMOTE_CPUMAPS_MAX");
		return NULL;
	}
	maps = calloc((size_t)n * (size_t)len + 1, 1);
	if (maps == NULL)
		error_nomem(err);
	return maps;
}

int
cpumap_last(const struct cpuset *set)
{
	return (int)set->end - 1;
}

void
cpumap_effective(const struct node *root, const struct node *pin,
    unsigned int n_all, struct cpuset *out)
{
	const char *text = node_attr(pin, "cpuset");

	if (text == NULL)
		text = node_attr(node_child(root, "vcpu"), "cpuset");
	if (text != NULL) {
		(void)cpuset_parse(text, out);
		return;
	}
	memset(out, 0, sizeof(*out));
	for (unsigned int i = 0; i < n_all; i++)
		cpuset_add(out, i);
}

struct node *
cpumap_find_pin(const struct node *root, const char *name,
    const char *id_attr, unsigned int id)
{
	struct node *pin = node_child(node_child(root, "cputune"), name);

	while (pin != NULL && id_attr != NULL &&
	    edit_attr_u64(pin, id_attr) != id)
		pin = node_next(pin, name);
	return pin;
}

void
cpumap_pin(struct node *root, const char *name, const char *id_attr,
    unsigned int id, const struct cpuset *set)
{
	struct node *cputune = edit_need(root, "cputune"), *next;
	struct node *pin = cpumap_find_pin(root, name, id_attr, id);

	if (cputune == NULL)
		return;
	if (pin == NULL) {
		pin = node_new(root->doc, name);
		if (pin == NULL)
			return;
		if (id_attr != NULL)
			node_set_attr_fmt(pin, id_attr, "%u", id);
		next = node_child(cputune, name);
		while (next != NULL && edit_attr_u64(next, id_attr) < id)
			next = node_next(next, name);
		if (next != NULL)
			node_insert_before(next, pin);
		else
			rule_insert(cputune, cputune_order, pin);
	}
	node_set_attr(pin, "cpuset", cpuset_format(root->doc, set));
}

void
cpumap_sort_pins(struct node *root, const char *name, const char *id_attr,
    const unsigned int *ids, unsigned int n)
{
	struct node *cputune = node_child(root, "cputune");

	for (unsigned int i = 0; i < n; i++) {
		struct node *pin = cpumap_find_pin(root, name, id_attr,
		    ids[i]);

		if (pin == NULL)
			continue;
		node_unlink(pin);
		rule_insert(cputune, cputune_order, pin);
	}
}
