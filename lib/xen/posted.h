/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events that no look at the domains can tell: whoever causes one leaves it in
 * a directory, where every connection that wants events sees it come. Each is
 * a file, the number and the message in XDR, removed after a minute by whoever
 * leaves the next one.
 */
#ifndef LIB_XEN_POSTED_H
#define LIB_XEN_POSTED_H

#include "../driver.h"

/* The directory, made when it is missing; NULL: it cannot be. */
const char	*posted_dir(struct error *err);
/* number: XVM_CALL_DOMAIN_EVENT_CALLBACK_*, msg its struct. */
int	posted_put(int number, const void *msg, struct error *err);
/* The one in a file of the directory. 1, 0: it is none (any more), -1. */
int	posted_get(const char *name, struct event *out, struct error *err);

#endif
