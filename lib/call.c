/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of calls, and what can be done with a call by its row alone. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "call_xdr.h"

/* rpcgen's functions: one for each struct of calls.x. */
#define DECLARE(name) extern bool_t xdr_xvm_##name(XDR *, struct xvm_##name *);
#define VOID
#define ARGS(name) DECLARE(name##_args)
#define RET(name) DECLARE(name##_ret)
#define CALL(number, NAME, args, ret, api, access, raise, speed, stream) \
	args ret
#define EVENT(number, NAME, name, event) DECLARE(name##_msg)
#include "calls.def"
DECLARE(error)
#undef DECLARE
#undef VOID
#undef ARGS
#undef RET
#undef CALL
#undef EVENT

/* The same with untyped pointers, for the table. */
#define WRAP(name) \
	static bool \
	any_##name(void *xdrs, void *value) \
	{ \
		return xdr_xvm_##name(xdrs, value); \
	}
#define VOID
#define ARGS(name) WRAP(name##_args)
#define RET(name) WRAP(name##_ret)
#define CALL(number, NAME, args, ret, api, access, raise, speed, stream) \
	args ret
#define EVENT(number, NAME, name, event) WRAP(name##_msg)
#include "calls.def"
WRAP(error)
#undef WRAP
#undef VOID
#undef ARGS
#undef RET
#undef CALL
#undef EVENT

#define STRUCT(name) { sizeof(struct xvm_##name), any_##name }
#define VOID { 0, NULL }
#define ARGS(name) STRUCT(name##_args)
#define RET(name) STRUCT(name##_ret)
#define NEVER .raise_bits = 0
#define RAISE(call, field, bits, words) .raise_bits = (bits), \
	.raise_offset = offsetof(struct xvm_##call##_args, field), \
	.raise_words = words
#define QUICK false
#define SLOW true
#define CALL(number_, NAME, args, ret, api_, access_, raise, speed, stream_) \
	{ .number = number_, .name = #NAME, .api = api_, \
	    .access = CALL_ACCESS_##access_, raise, .slow = speed, \
	    .stream = CALL_STREAM_##stream_, .event = -1, \
	    .part = { args, ret } },
#define EVENT(number_, NAME, name_, event_) \
	{ .number = number_, .name = #NAME, .access = CALL_ACCESS_READ, \
	    .is_event = true, .event = event_, \
	    .part = { STRUCT(name_##_msg), VOID } },
static const struct call_type rows[] = {
#include "calls.def"
};
#undef CALL
#undef EVENT

/* Where a number's row is, plus one. */
enum {
#define CALL(number, NAME, ...) ROW_##NAME,
#define EVENT(number, NAME, ...) ROW_##NAME,
#include "calls.def"
	ROW_COUNT
};
#undef CALL
#undef EVENT
static const unsigned short row_of[] = {
#define CALL(number, NAME, ...) [number] = ROW_##NAME + 1,
#define EVENT(number, NAME, ...) [number] = ROW_##NAME + 1,
#include "calls.def"
};
#undef CALL
#undef EVENT

static const struct call_struct error_struct = STRUCT(error);

const struct call_type *
call_type(int number)
{
	if (number < 0 ||
	    (size_t)number >= sizeof(row_of) / sizeof(row_of[0]) ||
	    row_of[number] == 0)
		return NULL;
	return &rows[row_of[number] - 1];
}

const struct call_type *
call_type_at(size_t i)
{
	return i < ROW_COUNT ? &rows[i] : NULL;
}

int
call_check_readonly(const struct call_type *type, const void *args,
    struct error *err)
{
	unsigned int bits;

	if (type->access == CALL_ACCESS_WRITE)
		goto refuse;
	if (type->raise_bits == 0 || args == NULL)
		return 0;
	memcpy(&bits, (const char *)args + type->raise_offset, sizeof(bits));
	if ((bits & type->raise_bits) == 0)
		return 0;
	if (type->raise_words != NULL)
		return error_set(err, error_api_domain(type->api),
		    XVM_ERR_OPERATION_DENIED,
		    "%s", type->raise_words);
refuse:
	return error_set(err, error_api_domain(type->api),
	    XVM_ERR_OPERATION_DENIED,
	    "read only access prevents %s", type->api);
}

static int
encode(const struct call_struct *cs, const char *name, const void *value,
    struct buf *out, struct error *err)
{
	XDR xdrs;
	u_long size;
	char *room;
	bool ok;

	if (cs->size == 0)
		return 0;
	/* The coder takes a pointer to change, for decoding; it changes none. */
	size = xdr_sizeof((xdrproc_t)(void *)cs->xdr, (void *)(size_t)value);
	if (size == 0)
		goto refuse;
	if ((room = buf_reserve(out, size)) == NULL)
		return error_nomem(err);
	xdrmem_create(&xdrs, room, (u_int)size, XDR_ENCODE);
	ok = cs->xdr(&xdrs, (void *)(size_t)value);
	if (ok)
		out->len += xdr_getpos(&xdrs);
	xdr_destroy(&xdrs);
	if (ok)
		return 0;
refuse:
	return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
	    "Unable to encode message payload of %s", name);
}

static void
value_free(const struct call_struct *cs, void *value)
{
	XDR xdrs;

	if (cs->size == 0 || value == NULL)
		return;
	memset(&xdrs, 0, sizeof(xdrs));
	xdrs.x_op = XDR_FREE;
	(void)cs->xdr(&xdrs, value);
	memset(value, 0, cs->size);
}

static int
decode(const struct call_struct *cs, const char *name, const void *bytes,
    size_t n, void *value, struct error *err)
{
	XDR xdrs;
	bool ok;

	if (cs->size == 0 && n == 0)
		return 0;
	if (cs->size != 0 && n <= UINT32_MAX) {
		xdrmem_create(&xdrs, (char *)(size_t)bytes, (u_int)n,
		    XDR_DECODE);
		ok = cs->xdr(&xdrs, value) && xdr_getpos(&xdrs) == n;
		xdr_destroy(&xdrs);
		if (ok)
			return 0;
		value_free(cs, value);
	}
	return error_set(err, XVM_FROM_RPC, XVM_ERR_RPC,
	    "Unable to decode message payload of %s", name);
}

int
call_encode(const struct call_type *type, enum call_part part,
    const void *value, struct buf *out, struct error *err)
{
	return encode(&type->part[part], type->name, value, out, err);
}

int
call_decode(const struct call_type *type, enum call_part part,
    const void *bytes, size_t n, void *value, struct error *err)
{
	return decode(&type->part[part], type->name, bytes, n, value, err);
}

void
call_value_free(const struct call_type *type, enum call_part part, void *value)
{
	value_free(&type->part[part], value);
}

int
call_error_encode(const struct xvm_error *value, struct buf *out,
    struct error *err)
{
	return encode(&error_struct, "error", value, out, err);
}

int
call_error_decode(const void *bytes, size_t n, struct xvm_error *value,
    struct error *err)
{
	return decode(&error_struct, "error", bytes, n, value, err);
}

void
call_error_free(struct xvm_error *value)
{
	value_free(&error_struct, value);
}
