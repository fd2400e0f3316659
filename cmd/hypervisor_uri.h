/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a user names the hypervisor. */
#ifndef CMD_HYPERVISOR_URI_H
#define CMD_HYPERVISOR_URI_H

#include "command.h"

/*
 * The hypervisor's canonical URI, with the way to it where it is reached by a
 * transport (what the other end opened has none). Until the command's end; NULL
 * when the hypervisor does not answer.
 */
const char	*hypervisor_uri(struct cmd *cmd);

#endif
