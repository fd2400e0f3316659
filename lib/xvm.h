/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxvm: ask hypervisors, local or behind ssh. Stability: Volatile.
 *
 * Everything that can be asked is a call: a number (XVM_CALL_*), a struct of
 * arguments and a struct of results (xvm-calls.h, named after the call:
 * XVM_CALL_DOMAIN_GET_INFO has struct xvm_domain_get_info_args and
 * struct xvm_domain_get_info_ret). Numbers, structs and flags are those of
 * libvirt's protocol; libvirt's documentation of virDomainGetInfo says what
 * the call means. Flags, states and error codes are in xvm-constants.h.
 *
 * Units: memory in KiB, times in nanoseconds, unless the call says otherwise.
 *
 * Ownership: arguments stay the caller's. A result is zeroed by the caller,
 * filled on success with memory from malloc, and freed by xvm_ret_free.
 *
 * Errors: functions answer 0 or -1 (NULL) and fill the caller's struct
 * xvm_reason, which xvm_reason_clear frees. A reason may be NULL.
 *
 * Threads: a connection is used by one thread at a time; several connections
 * by several threads.
 */
#ifndef XVM_H
#define XVM_H

#include <stddef.h>

#include "xvm-calls.h"
#include "xvm-constants.h"

#ifdef __cplusplus
extern "C" {
#endif

#define XVM_API __attribute__((visibility("default")))

struct xvm;			/* a connection */

/* Why something failed. Zero it before the first use. */
struct xvm_reason {
	int code;		/* XVM_ERR_*, 0: nothing failed */
	int domain;		/* XVM_FROM_*: which part says so */
	char *message;		/* whole text, NULL when code is 0 */
};

enum xvm_open_flags {
	XVM_OPEN_READONLY = 1,	/* calls that change are refused */
};

/* "0.1.0". */
XVM_API const char *xvm_version(void);

/*
 * Connect by URI: test:///default, test:///PATH, xen:///, or remote:
 * xen+ssh://[user@]host/, +libssh2, +unix, +ext. Waits until the other end has
 * opened. timeout: seconds for the opening and for each later call or batch,
 * 0: none. There is no keepalive, as nobody would answer it between calls,
 * unless the URI says ?keepalive_interval=SECONDS: then the program has to ask
 * xvm_event_next whenever xvm_event_fd is readable, or the other end drops it.
 */
XVM_API struct xvm *xvm_open(const char *uri, unsigned int flags, int timeout,
    struct xvm_reason *why);
/* Close; NULL is fine. */
XVM_API void xvm_close(struct xvm *xvm);

/*
 * One call. args: its ..._args struct, NULL when it has none. ret: its
 * ..._ret struct, zeroed; NULL when it has none.
 */
XVM_API int xvm_call(struct xvm *xvm, int number, const void *args, void *ret,
    struct xvm_reason *why);
/* Free what a result holds and zero it. */
XVM_API void xvm_ret_free(int number, void *ret);

/* One call of a batch. */
struct xvm_batch_call {
	int number;
	const void *args;
	void *ret;
	int rc;			/* out: 0 or -1 */
	struct xvm_reason why;	/* out: when rc is -1 */
};

/*
 * Many calls in one round trip, each with its own outcome. Calls that need an
 * earlier one's result belong into a second batch. Returns how many failed.
 */
XVM_API size_t xvm_batch(struct xvm *xvm, struct xvm_batch_call *calls,
    size_t n);

/* Something that happened. */
struct xvm_event {
	int number;		/* XVM_CALL_DOMAIN_EVENT_CALLBACK_* */
	void *msg;		/* its ..._msg struct; callback_id comes first */
};

/*
 * Events of callbacks that were registered by the call
 * CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY. When xvm_event_next has answered
 * 0, poll xvm_event_fd for reading and ask it again.
 */
XVM_API int xvm_event_fd(struct xvm *xvm);
/* 1: *event has one, for xvm_event_free; 0: none now; -1: the connection is
 * lost. */
XVM_API int xvm_event_next(struct xvm *xvm, struct xvm_event *event,
    struct xvm_reason *why);
XVM_API void xvm_event_free(struct xvm_event *event);

XVM_API void xvm_reason_clear(struct xvm_reason *why);

#ifdef __cplusplus
}
#endif

#endif
