/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML that a command prints. */
#ifndef CMD_DOMAIN_XML_H
#define CMD_DOMAIN_XML_H

#include "command.h"

/*
 * Print a document, or what --xpath (NULL: not given) selects from it; with
 * --wrap all of that in one element. 0 or -1.
 */
int	cmd_print_xml(struct cmd *cmd, const char *xml, const char *xpath);
/* The option "xpath": 0, or -1 when it is empty (nothing is said). */
int	cmd_xpath(struct cmd *cmd, const char **xpath_out);

#endif
