/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watcher, `virtd --watch`: one small process a host that waits for
 * domains with a mark (marks.h) to end and has a child process do what the
 * mark says; that clears up after builders that were killed; that ends with
 * the last mark. Whoever marks a domain makes sure of it before building.
 *
 * It holds a lock on a file while it runs, so that there are never two.
 */
#ifndef LIB_XEN_WATCH_H
#define LIB_XEN_WATCH_H

#include <stdbool.h>

#include "../error.h"

bool	watch_is_running(void);
/* Start it unless it runs; when this returns, it sees all marks there are. */
int	watch_ensure(struct error *err);

#endif
