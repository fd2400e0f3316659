/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and changing a domain's tree in canonical form. */
#include "domain_edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain_xml_parts.h"
#include "../number.h"

struct node *
edit_need(struct node *root, const char *name)
{
	return rule_need(root, domain_part_rules, name);
}

void
edit_set_text(struct node *parent, const struct rule *order,
    const char *name, const char *text)
{
	struct node *child;

	if (text == NULL || strcmp(text, "0") == 0) {
		child = node_child(parent, name);
		if (child != NULL)
			node_unlink(child);
		return;
	}
	node_set_text(rule_need(parent, order, name), text);
}

void
edit_set_u64(struct node *parent, const struct rule *order, const char *name,
    uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	edit_set_text(parent, order, name, text);
}

void
edit_drop_empty(struct node *node)
{
	if (node != NULL && node->attrs == NULL && node->first == NULL)
		node_unlink(node);
}

uint64_t
edit_get_u64(const struct node *parent, const char *name)
{
	const char *text = node_find_text(parent, name);
	uint64_t value;

	return text != NULL && number_u64(text, 10, &value) == 0 ? value : 0;
}

uint64_t
edit_attr_u64(const struct node *node, const char *name)
{
	const char *text = node_attr(node, name);
	uint64_t value;

	return text != NULL && number_u64(text, 10, &value) == 0 ? value : 0;
}

unsigned int
edit_vcpus_max(const struct node *root)
{
	return (unsigned int)edit_get_u64(root, "vcpu");
}

unsigned int
edit_vcpus(const struct node *root)
{
	const struct node *vcpu = node_child(root, "vcpu");

	return node_attr(vcpu, "current") == NULL ? edit_vcpus_max(root) :
	    (unsigned int)edit_attr_u64(vcpu, "current");
}
