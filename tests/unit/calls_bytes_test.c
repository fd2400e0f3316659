/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of calls: every recording of tests/wire decodes and encodes to
 * itself; what is cut short or lies about its counts is refused, with little
 * memory asked for and none kept.
 *
 * usage: calls_bytes_test [DIR of recordings]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "call.h"
#include "calls_recordings.h"

/*
 * --- the memory that is asked for ---
 * The linker brings the calls of our code and of libtirpc here; the C library's
 * own (of asprintf) do not pass, so that blocks are known by their addresses.
 */
struct block {
	void *p;
	struct block *next;
};

static struct block *blocks[1024];
static size_t live, largest;

void	*__real_malloc(size_t n);
void	*__real_calloc(size_t n, size_t size);
void	*__real_realloc(void *p, size_t n);
void	__real_free(void *p);
void	*__wrap_malloc(size_t n);
void	*__wrap_calloc(size_t n, size_t size);
void	*__wrap_realloc(void *p, size_t n);
void	__wrap_free(void *p);

static struct block **
block_place(const void *p)
{
	struct block **at = &blocks[(uintptr_t)p / 16 % 1024];

	while (*at != NULL && (*at)->p != p)
		at = &(*at)->next;
	return at;
}

static void
forget(const void *p)
{
	struct block **at = block_place(p), *b = *at;

	if (b == NULL)
		return;
	*at = b->next;
	__real_free(b);
	live--;
}

static void *
note(void *p, size_t n)
{
	struct block **at = block_place(p);

	if (n > largest)
		largest = n;
	if (p == NULL || *at != NULL)
		return p;
	*at = __real_calloc(1, sizeof(**at));
	if (*at == NULL)
		abort();
	(*at)->p = p;
	live++;
	return p;
}

void *
__wrap_malloc(size_t n)
{
	return note(__real_malloc(n), n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return note(__real_calloc(n, size), n * size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	forget(p);
	return note(__real_realloc(p, n), n);
}

void
__wrap_free(void *p)
{
	forget(p);
	__real_free(p);
}

/* --- the bytes ------------------------------------------------------------ */
/* No struct of one byte on the wire's needs more than this in memory. */
#define MEMORY_PER_BYTE 16

static struct recordings recordings;

/*
 * Decode bytes; when they are a value, encode it into out. Whatever they are,
 * nothing stays allocated and no more is asked for than they deserve.
 */
static bool
decodes(const struct recording *r, const char *bytes, size_t n,
    struct buf *out)
{
	const struct call_type *type = call_type(r->number);
	size_t size = type->part[r->part].size;
	char *value = test_calloc(1, size), *zero = test_calloc(1, size);
	struct error err = ERROR_INIT;
	size_t before = live;
	bool ok;

	largest = 0;
	ok = call_decode(type, r->part, bytes, n, value, &err) == 0;
	assert_true(largest <= MEMORY_PER_BYTE * n + 256);
	if (!ok) {
		assert_int_equal(err.code, XVM_ERR_RPC);
		assert_int_equal(err.domain, XVM_FROM_RPC);
		error_release(&err);
	} else if (out != NULL) {
		assert_int_equal(call_encode(type, r->part, value, out, &err),
		    0);
		before += out->data != NULL;
	}
	call_value_free(type, r->part, value);
	assert_memory_equal(value, zero, size);
	call_value_free(type, r->part, value);	/* of an empty one */
	assert_int_equal(live, before);
	test_free(value);
	test_free(zero);
	return ok;
}

static void
test_round_trip(void **state)
{
	(void)state;
	assert_true(recordings.n > 0);
	for (size_t i = 0; i < recordings.n; i++) {
		const struct recording *r = &recordings.list[i];
		const struct call_type *type = call_type(r->number);
		struct buf out = BUF_INIT;

		assert_non_null(type);
		assert_string_equal(r->name, type->name);
		if (!decodes(r, r->bytes, r->n, &out))
			fail_msg("%s:%d: %s does not decode", r->file,
			    r->line, r->name);
		if (out.len != r->n || memcmp(out.data, r->bytes, r->n) != 0)
			fail_msg("%s:%d: %s differs when encoded", r->file,
			    r->line, r->name);
		buf_release(&out);
	}
}

static void
test_truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < recordings.n; i++) {
		const struct recording *r = &recordings.list[i];
		/* Of its own size, so that reading behind it is seen. */
		for (size_t n = 0; n < r->n; n++) {
			char *cut = malloc(n + 1);

			assert_non_null(cut);
			memcpy(cut, r->bytes, n);
			assert_false(decodes(r, cut, n, NULL));
			free(cut);
		}
	}
}

static void
test_left_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < recordings.n; i++) {
		const struct recording *r = &recordings.list[i];
		char *longer = calloc(1, r->n + 4);

		assert_non_null(longer);
		memcpy(longer, r->bytes, r->n);
		assert_false(decodes(r, longer, r->n + 4, NULL));
		free(longer);
	}
}

/* Each word of each recording becomes a count that is too high. */
static void
test_counts(void **state)
{
	static const uint32_t counts[] = { 0xffffffff, 0x80000000, 0x7fffffff,
	    0x40000000, 8388609, 8388608, 4194304, 262144, 16384, 256, 17, 2 };

	(void)state;
	for (size_t i = 0; i < recordings.n; i++) {
		const struct recording *r = &recordings.list[i];
		char *copy = malloc(r->n);

		assert_non_null(copy);
		for (size_t at = 0; at + 4 <= r->n && at < 1024; at += 4) {
			memcpy(copy, r->bytes, r->n);
			for (size_t c = 0;
			    c < sizeof(counts) / sizeof(counts[0]); c++) {
				for (int b = 0; b < 4; b++)
					copy[at + b] = (char)(counts[c] >>
					    (24 - 8 * b));
				(void)decodes(r, copy, r->n, NULL);
			}
		}
		free(copy);
	}
}

/* A count at and over its limit, with the bytes that it promises. */
static void
test_limits(void **state)
{
	static const struct {
		int number;
		enum call_part part;
		uint32_t limit;
		size_t unit, before, behind;	/* bytes */
	} cases[] = {
		{ XVM_CALL_CONNECT_LIST_DOMAINS, CALL_RET, 16384, 4, 0, 0 },
		{ XVM_CALL_CONNECT_LIST_DEFINED_DOMAINS, CALL_RET, 16384, 4,
		    0, 0 },
		{ XVM_CALL_AUTH_LIST, CALL_RET, 20, 4, 0, 0 },
		{ XVM_CALL_NODE_GET_CELLS_FREE_MEMORY, CALL_RET, 1024, 8,
		    0, 0 },
		{ XVM_CALL_DOMAIN_MEMORY_PEEK, CALL_RET, 4194304, 1, 0, 0 },
		{ XVM_CALL_DOMAIN_GET_VCPU_PIN_INFO, CALL_RET, 8388608, 1,
		    0, 4 },
		{ XVM_CALL_DOMAIN_PIN_EMULATOR, CALL_ARGS, 2048, 1, 24, 4 },
		{ XVM_CALL_CONNECT_BASELINE_CPU, CALL_ARGS, 256, 4, 0, 4 },
		{ XVM_CALL_NODE_GET_SECURITY_MODEL, CALL_RET, 257, 4, 0, 4 },
		{ XVM_CALL_DOMAIN_GET_XML_DESC, CALL_RET, 4194304, 1, 0, 0 },
		{ XVM_CALL_DOMAIN_SEND_KEY, CALL_ARGS, 16, 4, 32, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (uint32_t more = 0; more < 2; more++) {
			uint32_t count = cases[i].limit + more;
			size_t n = cases[i].before + 4 +
			    ((count * cases[i].unit + 3) & ~(size_t)3) +
			    cases[i].behind;
			struct recording r = { .number = cases[i].number,
			    .part = cases[i].part, .n = n };
			char *bytes = calloc(1, n);

			assert_non_null(bytes);
			if (r.number == XVM_CALL_DOMAIN_GET_XML_DESC)
				memset(bytes + 4, 'x', n - 4);
			for (int b = 0; b < 4; b++)
				bytes[cases[i].before + b] =
				    (char)(count >> (24 - 8 * b));
			assert_int_equal(decodes(&r, bytes, n, NULL),
			    more == 0);
			free(bytes);
		}
	}
}

/* A count over its limit and a missing text are refused when encoding too. */
static void
test_encode_refuses(void **state)
{
	int ids[16385] = { 0 };
	struct xvm_connect_list_domains_ret list = { { 16385, ids } };
	struct xvm_domain_lookup_by_name_args name = { NULL };
	struct error err = ERROR_INIT;
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(call_encode(call_type(XVM_CALL_CONNECT_LIST_DOMAINS),
	    CALL_RET, &list, &out, &err), -1);
	assert_int_equal(err.code, XVM_ERR_RPC);
	assert_int_equal(out.len, 0);
	list.ids.ids_len--;
	assert_int_equal(call_encode(call_type(XVM_CALL_CONNECT_LIST_DOMAINS),
	    CALL_RET, &list, &out, &err), 0);
	assert_int_equal(out.len, 4 + 4 * 16384);
	assert_int_equal(call_encode(call_type(XVM_CALL_DOMAIN_LOOKUP_BY_NAME),
	    CALL_ARGS, &name, &out, &err), -1);
	assert_int_equal(out.len, 4 + 4 * 16384);
	buf_release(&out);
	error_release(&err);
}

static void
test_void(void **state)
{
	const struct call_type *type = call_type(XVM_CALL_CONNECT_CLOSE);
	struct error err = ERROR_INIT;
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(call_encode(type, CALL_ARGS, NULL, &out, &err), 0);
	assert_int_equal(out.len, 0);
	assert_int_equal(call_decode(type, CALL_RET, NULL, 0, NULL, &err), 0);
	assert_int_equal(call_decode(type, CALL_RET, "\0\0\0", 4, NULL, &err),
	    -1);
	call_value_free(type, CALL_RET, NULL);
	error_release(&err);
	buf_release(&out);
}

static void
test_wire_error(void **state)
{
	static char text[] = "a message", name[] = "test";
	char *message = text;
	struct xvm_domain dom = { .name = name, .id = 3 };
	struct xvm_error in = { .code = 42, .domain = 10, .message = &message,
	    .level = 2, .dom = &dom, .int1 = -1, .int2 = 7 };
	struct xvm_error back = { 0 };
	struct error err = ERROR_INIT;
	struct buf out = BUF_INIT, again = BUF_INIT;

	(void)state;
	assert_int_equal(call_error_encode(&in, &out, &err), 0);
	assert_int_equal(call_error_decode(out.data, out.len, &back, &err), 0);
	assert_int_equal(back.code, 42);
	assert_string_equal(*back.message, text);
	assert_string_equal(back.dom->name, name);
	assert_null(back.str1);
	assert_int_equal(call_error_encode(&back, &again, &err), 0);
	assert_int_equal(again.len, out.len);
	assert_memory_equal(again.data, out.data, out.len);
	call_error_free(&back);
	for (size_t n = 0; n < out.len; n++)
		assert_int_equal(call_error_decode(out.data, n, &back, &err),
		    -1);
	error_release(&err);
	buf_release(&out);
	buf_release(&again);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_encode_refuses),
		cmocka_unit_test(test_void),
		cmocka_unit_test(test_wire_error),
	};
	int rc;

	if (recordings_read(&recordings,
	    argc > 1 ? argv[1] : "tests/wire/recordings") != 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	recordings_release(&recordings);
	return rc;
}
