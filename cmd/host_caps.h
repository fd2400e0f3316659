/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NUMA cells in the host's capabilities. */
#ifndef CMD_HOST_CAPS_H
#define CMD_HOST_CAPS_H

#include "../lib/tree.h"
#include "command.h"

/*
 * <capabilities>, parsed; NULL after saying why not. name is the text's in
 * errors, unparsed what is said when it is no XML.
 */
const struct node	*host_capabilities(struct cmd *cmd, const char *name,
			    const char *unparsed);
/* The first <cell>; node_next gives the others. */
const struct node	*host_first_cell(const struct node *caps);
/* A cell's number. 0, or -1 after saying that it has none. */
int	host_cell_id(struct cmd *cmd, const struct node *cell, int *out);

#endif
