/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NUMA cells in the host's capabilities. */
#include "host_caps.h"

#include "../lib/number.h"
#include "domain_doc.h"

/* <capabilities>, NULL after saying why not. */
const struct node *
host_capabilities(struct cmd *cmd, const char *name, const char *unparsed)
{
	const struct xvm_connect_get_capabilities_ret *ret;
	const struct node *root = NULL;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_CAPABILITIES, NULL);
	if (ret == NULL) {
		(void)cmd_error(cmd, "unable to get node capabilities");
		return NULL;
	}
	root = cmd_xml(cmd, ret->capabilities, name);
	if (root == NULL)
		(void)cmd_error(cmd, "%s", unparsed);
	return root;
}

const struct node *
host_first_cell(const struct node *caps)
{
	return node_child(node_find(caps, "host/topology/cells"), "cell");
}

int
host_cell_id(struct cmd *cmd, const struct node *cell, int *out)
{
	const char *text = node_attr(cell, "id");

	if (text == NULL || number_i32(text, 10, out) != 0)
		return cmd_error(cmd, "conversion from string failed");
	return 0;
}
