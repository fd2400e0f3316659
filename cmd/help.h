/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of commands, for the program's --help. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

void	help_print_groups(void);	/* on stdout */

#endif
