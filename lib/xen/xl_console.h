/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock that `xl console' holds while it has a console of a domain: by
 * flock, on a file that is removed with it. Ours share it with each other, so
 * that none of xl's is there as long as one of ours is.
 *
 * Source: Xen's tools/console/client/main.c, console_lock.
 */
#ifndef LIB_XEN_XL_CONSOLE_H
#define LIB_XEN_XL_CONSOLE_H

#include <stdbool.h>

#include "../error.h"

#define XL_CONSOLE_NONE (-2)	/* this host has no place for such locks */

/*
 * A descriptor to be given to xl_console_unlock, XL_CONSOLE_NONE, or -1 with
 * libvirt's refusal. force: xl's has to go.
 */
int	xl_console_lock(int domid, bool force, struct error *err);
void	xl_console_unlock(int domid, int fd);

#endif
