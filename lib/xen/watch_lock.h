/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock that the watcher holds while it runs. */
#ifndef LIB_XEN_WATCH_LOCK_H
#define LIB_XEN_WATCH_LOCK_H

#include "../error.h"
#include "defined.h"

#define WATCH_LOCK DEFINED_RUN "/watch.lock"

/* Its descriptor, or -1: another has it (or worse). */
int	watch_lock(struct error *err);

#endif
