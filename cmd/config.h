/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration file: $XDG_CONFIG_HOME/xvsh/xvsh.conf (~/.config), else
 * /etc/xvm/xvsh.conf. Lines of name = value, the value maybe in double quotes,
 * # begins a comment.
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include "../lib/error.h"

/* A setting, the user's file before the host's; the caller frees it. NULL. */
char	*config_get(const char *name);
/*
 * How many seconds an ssh connection is kept for others: XVSH_SSH_PERSIST,
 * else the setting ssh_persist, else 0. -1: it is no number.
 */
int	config_ssh_persist(int *out, struct error *err);

#endif
