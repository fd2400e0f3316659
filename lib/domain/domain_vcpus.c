/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many virtual CPUs a document gives a domain. */
#include "domain_edit.h"

static const struct rule_attr vcpu_attrs[] = {
	{ .name = "placement" },
	{ .name = "cpuset" },
	{ .name = "current" },
	{ .name = NULL },
};

/* Is the vcpu there? one: its element below <vcpus>, NULL: it has none. */
static bool
is_online(const struct node *one, unsigned int i, unsigned int current)
{
	return one != NULL ? node_attr_is(one, "enabled", "yes") : i < current;
}

/* The element of a vcpu below <vcpus>. */
static struct node *
find_vcpu(const struct node *vcpus, unsigned int i)
{
	struct node *one = node_child(vcpus, "vcpu");

	while (one != NULL && edit_attr_u64(one, "id") != i)
		one = node_next(one, "vcpu");
	return one;
}

static void
write_counts(struct node *root, unsigned int max, unsigned int current)
{
	struct node *vcpu = edit_need(root, "vcpu");
	char *text = doc_printf(root->doc, "%u", max);

	if (text != NULL)
		node_set_text(vcpu, text);
	rule_set_attr(vcpu, vcpu_attrs, "current", current == max ? NULL :
	    doc_printf(root->doc, "%u", current));
}

void
edit_set_vcpus(struct node *root, unsigned int n)
{
	struct node *one = node_child(node_child(root, "vcpus"), "vcpu");

	write_counts(root, edit_vcpus_max(root), n);
	for (; one != NULL; one = node_next(one, "vcpu"))
		node_set_attr(one, "enabled",
		    edit_attr_u64(one, "id") < n ? "yes" : "no");
}

/* Remove the children whose number is not below max. */
static void
drop_from(struct node *parent, const char *name, const char *attr,
    unsigned int max)
{
	struct node *node = node_child(parent, name), *next;

	for (; node != NULL; node = next) {
		next = node_next(node, name);
		if (edit_attr_u64(node, attr) >= max)
			node_unlink(node);
	}
}

void
edit_set_vcpus_max(struct node *root, unsigned int max)
{
	unsigned int old = edit_vcpus_max(root), online = 0;
	unsigned int current = edit_vcpus(root);
	struct node *vcpus = node_child(root, "vcpus"), *node;

	drop_from(vcpus, "vcpu", "id", max);
	drop_from(node_child(root, "cputune"), "vcpupin", "vcpu", max);
	edit_drop_empty(node_child(root, "cputune"));
	for (unsigned int i = old; vcpus != NULL && i < max; i++) {
		node = node_add(vcpus, "vcpu");
		node_set_attr_fmt(node, "id", "%u", i);
		node_set_attr(node, "enabled", "no");
	}
	for (unsigned int i = 0; i < max && i < old; i++)
		online += is_online(find_vcpu(vcpus, i), i, current);
	write_counts(root, max, online);
}

bool
edit_vcpu_is_online(const struct node *root, unsigned int i)
{
	return is_online(find_vcpu(node_child(root, "vcpus"), i), i,
	    edit_vcpus(root));
}
