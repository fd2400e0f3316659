/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Messages of libvirt's RPC protocol on a stream of bytes: a length (u32, big
 * endian, counts itself), six more u32, a payload in XDR.
 */
#ifndef TUNNEL_MESSAGE_H
#define TUNNEL_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/buf.h"
#include "../lib/call.h"

#define MESSAGE_HEADER_SIZE 28u	/* the length included */
#define MESSAGE_SEND_MAX (16u << 20)	/* what any peer of today accepts */
#define MESSAGE_RECEIVE_MAX ((32u << 20) + 4u)
#define MESSAGE_STREAM_CHUNK 262120u	/* data in one stream message */

#define PROGRAM_REMOTE 0x20008086u
#define PROGRAM_KEEPALIVE 0x6b656570u
#define PROGRAM_VERSION 1u

enum message_type {
	MESSAGE_CALL = 0,
	MESSAGE_REPLY = 1,
	MESSAGE_EVENT = 2,
	MESSAGE_STREAM = 3,
	MESSAGE_CALL_WITH_FDS = 4,
	MESSAGE_REPLY_WITH_FDS = 5,
	MESSAGE_STREAM_HOLE = 6,
};

enum message_status {
	MESSAGE_OK = 0,
	MESSAGE_ERROR = 1,
	MESSAGE_CONTINUE = 2,
};

enum keepalive_procedure {
	KEEPALIVE_PING = 1,
	KEEPALIVE_PONG = 2,
};

/* CONNECT_SUPPORTS_FEATURE: is it our helper, which keeps a batch's order? */
#define FEATURE_KEEPALIVE 10
#define FEATURE_XVM 0x78766d

struct message {
	uint32_t program, version, procedure, type, serial, status;
	const char *payload;	/* inside the buffer it was read from */
	size_t n;
	size_t size;		/* of the whole message there */
};

/*
 * Look at the first message in the buffer. 1: *out has it, valid until the
 * buffer changes (drop it with buf_consume(in, out->size)); 0: not all of it
 * is there; -1: this is no message, the stream cannot go on.
 */
int	message_parse(const struct buf *in, struct message *out,
	    struct error *err);

/* A number as it stands in messages, of four bytes. */
uint32_t	message_u32(const char *at);

/* Append a message with a payload that is there already. */
void	message_add(struct buf *out, const struct message *m);
/*
 * Append one with a call's struct as payload; value NULL: none. On failure
 * nothing is appended.
 */
int	message_add_value(struct buf *out, const struct message *m,
	    const struct call_type *type, enum call_part part,
	    const void *value, struct error *err);
/* An error reply (or the abort of a stream, by m->type). */
void	message_add_error(struct buf *out, const struct message *m,
	    const struct error *error);
void	message_add_keepalive(struct buf *out, enum keepalive_procedure what);

#endif
