/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver for Xen: what it can read by the hypervisor's and xenstore's
 * interfaces alone it answers here; what builds or changes domains is carried
 * out by a child process (child.h), where libxl may own processes and signals.
 *
 * Sources: xenctrl.h, xen/io/xs_wire.h, Xen's docs/misc/xenstore-paths.
 */
#ifndef LIB_XEN_XEN_H
#define LIB_XEN_XEN_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../driver.h"
#include "../uuid.h"
#include "check.h"
#include "hyper.h"

struct store;
struct xen_events;

/* A connection. Handlers run with its lock held, but those of child.c. */
struct xen_conn {
	pthread_mutex_t lock;
	char *uri;			/* canonical */
	struct xc_interface_core *xc;	/* the hypervisor */
	struct store *store;		/* xenstore, see store.h; NULL: not yet */
	struct hyper_list list;		/* memory of the last listing */
	struct xen_events *events;	/* NULL: none wanted, see event.c */
	/* For child.c: the caller's wish to give up, or NULL; and whether
	 * some domain is to be destroyed when the connection ends. */
	const volatile sig_atomic_t *cancel;
	bool autodestroy;
};

/* Answer by the child process: the lock is not held meanwhile. */
int	xen_by_child(struct xen_conn *xen, struct call *call);

/* event.c */
int	xen_event_enable(void *state, bool wanted, struct error *err);
int	xen_event_fd(void *state);
int	xen_event_next(void *state, struct event *out, struct error *err);
void	xen_events_free(struct xen_events *events);
/* The connection has just changed something: look at once. */
void	xen_events_poke(struct xen_conn *xen);

/* A text result: a copy of s. 0, or -1 out of memory. */
int	xen_text(const char *s, char **out, struct error *err);

/* Every handler of this room: xen_NAME for a HANDLER(NUMBER, NAME) line. */
#define HANDLER(NUMBER, name) driver_handler xen_##name;
#define CHILD(NUMBER)
#include "handlers.h"
#undef HANDLER
#undef CHILD

#endif
