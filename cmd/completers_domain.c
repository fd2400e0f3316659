/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completers that look into the domain which is named on the line. */
#include <string.h>

#include "complete.h"
#include "domain_doc.h"

/* The domain's document; NULL where there is none to see. */
static struct node *
domain_doc(struct cmd *cmd)
{
	const struct xvm_domain *dom;

	if (cmd_conn(cmd) == NULL || !conn_is_alive(cmd_conn(cmd)) ||
	    !cmd_has(cmd, "domain"))
		return NULL;
	dom = cmd_domain(cmd);
	return dom == NULL ? NULL : cmd_domain_doc(cmd, dom, 0);
}

/* An attribute of a child of each device of a kind. */
static void
add_device_attr(struct cmd *cmd, const char *kind, const char *child,
    const char *attr, struct words *words)
{
	struct node *dev = node_child(node_child(domain_doc(cmd), "devices"),
	    kind);

	for (; dev != NULL; dev = node_next(dev, kind)) {
		const char *value = node_attr(node_child(dev, child), attr);

		if (value != NULL)
			words_add(words, "%s", value);
	}
}

void
complete_disk_target(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	(void)flags;
	add_device_attr(cmd, "disk", "target", "dev", words);
}

void
complete_interface(struct cmd *cmd, unsigned int flags, struct words *words)
{
	(void)flags;
	add_device_attr(cmd, "interface", "target", "dev", words);
	add_device_attr(cmd, "interface", "mac", "address", words);
}

void
complete_device_alias(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	(void)flags;
	add_device_attr(cmd, NULL, "alias", "name", words);
}

void
complete_vcpu(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct xvm_domain_get_vcpus_flags_args args = { .flags = flags };
	const struct xvm_domain_get_vcpus_flags_ret *ret;
	const struct xvm_domain *dom;

	if (cmd_conn(cmd) == NULL || !cmd_has(cmd, "domain") ||
	    (dom = cmd_domain(cmd)) == NULL)
		return;
	args.dom = *dom;
	args.flags = XVM_DOMAIN_VCPU_MAXIMUM;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_VCPUS_FLAGS, &args);
	for (int i = 0; ret != NULL && i < ret->num; i++)
		words_add(words, "%d", i);
}

void
complete_iothread(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct xvm_domain_get_iothread_info_args args = { .flags = flags };
	const struct xvm_domain_get_iothread_info_ret *ret;
	const struct xvm_domain *dom;

	if (cmd_conn(cmd) == NULL || !cmd_has(cmd, "domain") ||
	    (dom = cmd_domain(cmd)) == NULL)
		return;
	args.dom = *dom;
	ret = cmd_call(cmd, XVM_CALL_DOMAIN_GET_IOTHREAD_INFO, &args);
	for (unsigned int i = 0; ret != NULL && i < ret->info.info_len; i++)
		words_add(words, "%u", ret->info.info_val[i].iothread_id);
}

void
complete_metadata_uri(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	struct node *n = node_child(node_child(domain_doc(cmd), "metadata"),
	    NULL);

	(void)flags;
	for (; n != NULL; n = node_next(n, NULL)) {
		for (const struct attr *a = n->attrs; a != NULL; a = a->next) {
			if (strncmp(a->name, "xmlns", 5) == 0)
				words_add(words, "%s", a->value);
		}
	}
}

void
complete_cpu(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct xvm_node_get_cpu_map_args args = { 1, 0, 0 };
	const struct xvm_node_get_cpu_map_ret *ret;

	(void)flags;
	if (cmd_conn(cmd) == NULL || (ret = cmd_call(cmd,
	    XVM_CALL_NODE_GET_CPU_MAP, &args)) == NULL)
		return;
	for (int i = 0; i < ret->ret &&
	    (unsigned int)i / 8 < ret->cpumap.cpumap_len; i++) {
		if ((ret->cpumap.cpumap_val[i / 8] & 1 << i % 8) != 0)
			words_add(words, "%d", i);
	}
}

/* <capabilities>, for what the host has. */
static struct node *
host_doc(struct cmd *cmd)
{
	const struct xvm_connect_get_capabilities_ret *ret;

	if (cmd_conn(cmd) == NULL || !conn_is_alive(cmd_conn(cmd)) ||
	    (ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_CAPABILITIES,
	    NULL)) == NULL)
		return NULL;
	return cmd_xml(cmd, ret->capabilities, "(capabilities)");
}

void
complete_cell(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct node *cell = node_child(node_find(host_doc(cmd),
	    "host/topology/cells"), "cell");

	(void)flags;
	for (; cell != NULL; cell = node_next(cell, "cell")) {
		if (node_attr(cell, "id") != NULL)
			words_add(words, "%s", node_attr(cell, "id"));
	}
}

void
complete_pages(struct cmd *cmd, unsigned int flags, struct words *words)
{
	struct node *page = node_child(node_find(host_doc(cmd), "host/cpu"),
	    "pages");

	(void)flags;
	for (; page != NULL; page = node_next(page, "pages")) {
		if (node_attr(page, "size") != NULL)
			words_add(words, "%s%s", node_attr(page, "size"),
			    node_attr(page, "unit") == NULL ? "" :
			    node_attr(page, "unit"));
	}
}

void
complete_domain_cpumodel(struct cmd *cmd, unsigned int flags,
    struct words *words)
{
	struct node *model = node_child(node_find(host_doc(cmd), "host/cpu"),
	    "model");

	(void)flags;
	if (model != NULL)
		words_add(words, "%s", node_text(model));
}
