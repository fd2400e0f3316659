/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nodesevinfo: how the host can encrypt the memory of guests. */
#include "values.h"

static int
nodesevinfo_run(struct cmd *cmd)
{
	struct xvm_node_get_sev_info_args args = { 0 };
	const struct xvm_node_get_sev_info_ret *ret =
	    cmd_call(cmd, XVM_CALL_NODE_GET_SEV_INFO, &args);

	if (ret == NULL)
		return cmd_error(cmd, "Unable to get host SEV information");
	cmd_object_begin(cmd, NULL);
	for (unsigned int i = 0; i < ret->params.params_len; i++) {
		const struct xvm_typed_param *p = &ret->params.params_val[i];

		cmd_field(cmd, p->field, param_value(p), "%-18s: %s\n",
		    p->field, param_text(cmd, p));
	}
	cmd_object_end(cmd);
	return 0;
}

const struct command command_nodesevinfo = {
	.name = "nodesevinfo",
	.summary = "show the host's AMD SEV",
	.description = "Show what the host's processor can encrypt of the "
	    "memory of guests (AMD SEV).",
	.run = nodesevinfo_run,
};
