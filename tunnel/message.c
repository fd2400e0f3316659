/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages on a stream of bytes. */
#include "message.h"

#include <arpa/inet.h>
#include <string.h>

static void
put_u32(char *at, uint32_t n)
{
	n = htonl(n);
	memcpy(at, &n, sizeof(n));
}

uint32_t
message_u32(const char *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof(n));
	return ntohl(n);
}

int
message_parse(const struct buf *in, struct message *out, struct error *err)
{
	const char *p = in->data;
	uint32_t size;

	if (in->len < 4)
		return 0;
	size = message_u32(p);
	if (size < MESSAGE_HEADER_SIZE || size > MESSAGE_RECEIVE_MAX)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
		    "packet %u bytes received from peer %s, want %u", size,
		    size < MESSAGE_HEADER_SIZE ? "too small" : "too large",
		    size < MESSAGE_HEADER_SIZE ? MESSAGE_HEADER_SIZE :
		    MESSAGE_RECEIVE_MAX);
	if (in->len < size)
		return 0;
	out->program = message_u32(p + 4);
	out->version = message_u32(p + 8);
	out->procedure = message_u32(p + 12);
	out->type = message_u32(p + 16);
	out->serial = message_u32(p + 20);
	out->status = message_u32(p + 24);
	out->payload = p + MESSAGE_HEADER_SIZE;
	out->n = size - MESSAGE_HEADER_SIZE;
	out->size = size;
	return 1;
}

/* The header, its length still open; returns where it begins. */
static size_t
begin(struct buf *out, const struct message *m)
{
	char *p = buf_reserve(out, MESSAGE_HEADER_SIZE);
	size_t at = out->len;

	if (p == NULL)
		return at;
	put_u32(p, 0);
	put_u32(p + 4, m->program);
	put_u32(p + 8, m->version);
	put_u32(p + 12, m->procedure);
	put_u32(p + 16, m->type);
	put_u32(p + 20, m->serial);
	put_u32(p + 24, m->status);
	out->len += MESSAGE_HEADER_SIZE;
	return at;
}

static void
end(struct buf *out, size_t at)
{
	if (!out->failed)
		put_u32(out->data + at, (uint32_t)(out->len - at));
}

void
message_add(struct buf *out, const struct message *m)
{
	size_t at = begin(out, m);

	buf_add(out, m->payload, m->n);
	end(out, at);
}

int
message_add_value(struct buf *out, const struct message *m,
    const struct call_type *type, enum call_part part, const void *value,
    struct error *err)
{
	size_t at = begin(out, m);

	if (out->failed)
		return error_nomem(err);
	if (value != NULL &&
	    call_encode(type, part, value, out, err) != 0) {
		out->len = at;
		return -1;
	}
	if (out->len - at > MESSAGE_SEND_MAX) {
		out->len = at;
		return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
		    "message of %s is larger than %u bytes", type->name,
		    MESSAGE_SEND_MAX);
	}
	end(out, at);
	return 0;
}

void
message_add_error(struct buf *out, const struct message *m,
    const struct error *error)
{
	struct error ignored = ERROR_INIT;
	struct xvm_error wire;
	size_t at = begin(out, m);

	error_to_wire(error, &wire);
	if (call_error_encode(&wire, out, &ignored) != 0) {
		error_release(&ignored);
		out->failed = true;
	}
	call_error_free(&wire);
	end(out, at);
}

void
message_add_keepalive(struct buf *out, enum keepalive_procedure what)
{
	const struct message m = {
		.program = PROGRAM_KEEPALIVE,
		.version = PROGRAM_VERSION,
		.procedure = what,
		.type = MESSAGE_EVENT,
	};

	message_add(out, &m);
}
