/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starting our helper program for what needs a process of its own. */
#ifndef LIB_XEN_HELPER_H
#define LIB_XEN_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "../error.h"

/*
 * Start `virtd OPTION`. fd becomes its CHILD_FD (child_wire.h), all others are
 * closed but stderr, which stays when keep_stderr; it is in a session of its
 * own and has the default signals. 0, or -1 with err set.
 */
int	helper_spawn(const char *option, int fd, bool keep_stderr,
	    pid_t *pid_out, struct error *err);

#endif
