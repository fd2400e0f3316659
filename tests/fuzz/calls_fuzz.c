/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every struct of calls.x from hostile bytes. Input: one byte, odd for the
 * results instead of the arguments, one unused, two of the call's number, then
 * the struct. What decodes must encode, and that to a value that decodes and
 * encodes to the same bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "call.h"
#include "fuzz.h"

#define HEAD 4

/* Encode what bytes decode to into out; false when they are no value. */
static bool
recode(const struct call_type *type, enum call_part part, const void *bytes,
    size_t n, struct buf *out)
{
	size_t size = type->part[part].size;
	unsigned char *value = calloc(1, size + 1);
	struct error err = ERROR_INIT;
	bool ok;

	if (value == NULL)
		abort();
	ok = call_decode(type, part, bytes, n, value, &err) == 0;
	if (ok) {
		if (part == CALL_ARGS && !type->is_event)
			(void)call_check_readonly(type, value, &err);
		FUZZ_ASSERT(call_encode(type, part, value, out, &err) == 0);
		call_value_free(type, part, value);
	}
	for (size_t i = 0; i < size; i++)
		FUZZ_ASSERT(value[i] == 0);
	error_release(&err);
	free(value);
	return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	const struct call_type *type;
	enum call_part part;

	if (size < HEAD)
		return 0;
	part = data[0] & 1 ? CALL_RET : CALL_ARGS;
	type = call_type(data[2] << 8 | data[3]);
	if (type == NULL)
		return 0;
	if (recode(type, part, data + HEAD, size - HEAD, &once)) {
		FUZZ_ASSERT(recode(type, part, once.data, once.len, &twice));
		FUZZ_ASSERT(once.len == twice.len);
		FUZZ_ASSERT(once.len == 0 ||
		    memcmp(once.data, twice.data, once.len) == 0);
	}
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
