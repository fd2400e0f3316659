/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who answers calls: lib/test from memory, lib/xen on the hypervisor,
 * tunnel/remote by sending them to another host. One of the project's two
 * vtables; who links drivers names them in one const table (conn_open).
 */
#ifndef LIB_DRIVER_H
#define LIB_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

struct conn_options;
struct uri;

/* Something that happened: a message as an EVENT row of calls.def has it. */
struct event {
	int number;		/* XVM_CALL_DOMAIN_EVENT_CALLBACK_* */
	void *msg;		/* its struct, owned; callback_id comes first */
};

/* How a driver's connection is. */
enum driver_health {
	DRIVER_ALIVE,		/* as far as is known */
	DRIVER_REFUSED,		/* the other end never opened it */
	DRIVER_LOST,		/* the other end is gone */
};

struct driver {
	/* The URI's driver name; NULL: any (remote). */
	const char *name;
	/*
	 * Where the rest is when it is not here: a module's file, whose symbol
	 * driver_module is the complete struct.
	 */
	const char *module;
	/*
	 * A local driver answers here; event registration is then done by
	 * conn.c for it, and conn.c checks arguments and access first.
	 */
	bool local;

	/* Connect. *state_out is the driver's own. */
	int (*open)(const struct uri *, const struct conn_options *,
	    void **state_out, struct error *);
	/*
	 * Answer those of the n calls that have rc CALL_PENDING, in their
	 * order, one's failure not keeping the next; sets rc and err. A call
	 * that is slow runs on a thread of its own: what it holds meanwhile no
	 * quick one may have to wait for.
	 */
	void (*submit)(void *state, struct call *calls, size_t n);
	/* Is one slow here that calls.def calls quick? May be empty. */
	bool (*is_slow)(int number);
	/*
	 * Tell what happens from now on (wanted) or no longer. A slot that is
	 * empty means: no events.
	 */
	int (*event_enable)(void *state, bool wanted, struct error *);
	/* Readable when event_next may have one; -1: none. */
	int (*event_fd)(void *state);
	/* Take the next event: 1, 0 when there is none, -1 when lost. */
	int (*event_next)(void *state, struct event *out, struct error *);
	/* Empty: always DRIVER_ALIVE. */
	enum driver_health (*health)(void *state);
	/* Why it is not alive, borrowed; may be empty. */
	const struct error *(*why)(void *state);
	/* See conn_idle and conn_wait; both may be empty. */
	void (*idle)(void *state);
	int (*wait)(void *state);
	/* See conn_set_patience; may be empty. */
	void (*set_patience)(void *state, int ms);
	void (*close)(void *state);
};

#define CALL_PENDING 1	/* call.rc: the driver's to answer */

/* A local driver's answer to one call: 0, or -1 with call->err set. */
typedef int driver_handler(void *state, struct call *call);

/*
 * Answer pending calls from a table that the call's number indexes. An old
 * call's slot may be empty where today's is filled (legacy_calls.c lists them:
 * CONNECT_LIST_DOMAINS, DOMAIN_CREATE, DOMAIN_SAVE ...): it is reshaped into
 * that. Any other empty slot answers "not supported".
 */
void	driver_dispatch(driver_handler *const *table, size_t n_table,
	    void *state, struct call *calls, size_t n);
/* Whose slot answers a call: its own, today's, or none, 0. */
int	driver_answers_by(driver_handler *const *table, size_t n_table,
	    int number);

void	event_release(struct event *ev);
/* The domain that an event is about, borrowed; NULL: none. */
const struct xvm_domain	*event_domain(const struct event *ev);
/* A deep copy of an event's message. */
int	event_copy(const struct event *src, struct event *dst_out,
	    struct error *err);

#endif
