/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this host is called. */
#ifndef LIB_HOSTNAME_H
#define LIB_HOSTNAME_H

#include "error.h"

/*
 * Its name, with its domain when the resolver knows one (which may block); the
 * caller's. 0, or -1 out of memory.
 */
int	hostname_get(char **out, struct error *err);

#endif
