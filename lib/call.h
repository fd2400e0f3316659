/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A call is data: a number, a struct of arguments, a struct of results and
 * the properties in its row of the table (calls.x, calls.def).
 */
#ifndef LIB_CALL_H
#define LIB_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "xvm-calls.h"

struct buf;
struct stream;

enum call_access {
	CALL_ACCESS_NONE,	/* about the connection itself */
	CALL_ACCESS_READ,
	CALL_ACCESS_WRITE,
};

enum call_stream {
	CALL_STREAM_NO,
	CALL_STREAM_IN,		/* data to the client */
	CALL_STREAM_OUT,	/* data from the client */
	CALL_STREAM_BOTH,
};

/* Which of a call's two structs. An event has arguments only. */
enum call_part {
	CALL_ARGS,
	CALL_RET,
};

struct call_struct {
	size_t size;		/* 0: the call has none */
	bool (*xdr)(void *xdrs, void *value);	/* for call.c alone */
};

struct call_type {
	int number;		/* XVM_CALL_* */
	const char *name;	/* "DOMAIN_GET_INFO" */
	const char *api;	/* "virDomainGetInfo", NULL for events */
	enum call_access access;
	unsigned int raise_bits;	/* READ becomes WRITE on these bits ... */
	size_t raise_offset;	/* ... of the unsigned int there in the args */
	const char *raise_words;	/* refusal's own words or NULL */
	bool slow;		/* it may block */
	enum call_stream stream;
	bool is_event;
	int event;		/* event's id, -1 */
	struct call_struct part[2];	/* by enum call_part */
};

/* One call of a batch. */
struct call {
	int number;		/* in: XVM_CALL_* */
	const void *args;	/* in: its struct, borrowed; NULL if it has none */
	void *ret;		/* in: zeroed result struct, filled on success */
	struct stream *stream;	/* out: with a stream, the caller's to free */
	int rc;			/* out: 0, or -1 and err says why */
	struct error err;	/* out: the caller releases it */
};

/* The row of a number, NULL when the table has none. Constant time. */
const struct call_type	*call_type(int number);
/* The i-th row in the order of numbers, NULL behind the last. */
const struct call_type	*call_type_at(size_t i);

/*
 * Is the call, with these arguments, allowed on a read-only connection?
 * 0, or -1 with libvirt's refusal.
 */
int	call_check_readonly(const struct call_type *type, const void *args,
	    struct error *err);

/*
 * Append a value's XDR to out. Refused: a text, a count over its limit.
 */
int	call_encode(const struct call_type *type, enum call_part part,
	    const void *value, struct buf *out, struct error *err);
/*
 * Read n bytes into *value, a struct of part[].size that the caller zeroed;
 * all n must be used. On failure *value is left zeroed, nothing is held.
 */
int	call_decode(const struct call_type *type, enum call_part part,
	    const void *bytes, size_t n, void *value, struct error *err);
/* The same for the wire's struct xvm_error. */
int	call_error_encode(const struct xvm_error *value, struct buf *out,
	    struct error *err);
int	call_error_decode(const void *bytes, size_t n,
	    struct xvm_error *value, struct error *err);
void	call_error_free(struct xvm_error *value);

/* Free what a value holds (malloc'd strings, arrays) and zero it. */
void	call_value_free(const struct call_type *type, enum call_part part,
	    void *value);

#endif
