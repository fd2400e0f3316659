/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The terminal connected to a domain's console. */
#ifndef CMD_DOMAIN_CONSOLE_H
#define CMD_DOMAIN_CONSOLE_H

#include "command.h"

/*
 * Connect until the escape character is typed or the console ends. device: of
 * the console, NULL: the first; flags: XVM_DOMAIN_CONSOLE_*. 0, or -1 after
 * saying why, or with the command's reason.
 */
int	domain_console(struct cmd *cmd, const struct xvm_domain *dom,
	    const char *device, unsigned int flags);

#endif
