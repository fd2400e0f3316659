/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of commands that make a device's XML from options and attach it. */
#ifndef CMD_DEVICE_ATTACH_H
#define CMD_DEVICE_ATTACH_H

#include "command.h"

/*
 * With --print-xml print it, else attach it to the domain that the options
 * name. 0, or -1 after "Failed to attach " what.
 */
int	attach_or_print(struct cmd *cmd, const char *xml, unsigned int flags,
	    const char *what);

#endif
