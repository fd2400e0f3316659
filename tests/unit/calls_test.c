/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of calls: every number of calls.x has its row, in order, with
 * structs where the row names them, and what a read-only connection refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "call.h"

struct expected {
	int number, number_by_name;
	const char *name;
	size_t size[2];
	bool is_event;
};

#define VOID 0
#define ARGS(name) sizeof(struct xvm_##name##_args)
#define RET(name) sizeof(struct xvm_##name##_ret)
#define CALL(number, NAME, args, ret, api, access, raise, speed, stream) \
	{ number, XVM_CALL_##NAME, #NAME, { args, ret }, false },
#define EVENT(number, NAME, name, event) \
	{ number, XVM_CALL_##NAME, #NAME, \
	    { sizeof(struct xvm_##name##_msg), 0 }, true },
static const struct expected expected[] = {
#include "calls.def"
};
#undef CALL
#undef EVENT
#define N_EXPECTED (sizeof(expected) / sizeof(expected[0]))

/* Does not compile when a number of calls.x has no row, or two. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"
static bool
has_row(enum xvm_call_number number)
{
	switch (number) {
#define CALL(number, NAME, ...) case XVM_CALL_##NAME:
#define EVENT(number, NAME, ...) case XVM_CALL_##NAME:
#include "calls.def"
#undef CALL
#undef EVENT
		return true;
	}
	return false;
}
#pragma GCC diagnostic pop

static void
test_rows(void **state)
{
	int last = 0;

	(void)state;
	for (size_t i = 0; i < N_EXPECTED; i++) {
		const struct expected *e = &expected[i];
		const struct call_type *type = call_type_at(i);

		assert_non_null(type);
		assert_true(e->number > last);
		last = e->number;
		assert_int_equal(e->number, e->number_by_name);
		assert_int_equal(type->number, e->number);
		assert_string_equal(type->name, e->name);
		assert_ptr_equal(call_type(e->number), type);
		for (int part = CALL_ARGS; part <= CALL_RET; part++) {
			assert_int_equal(type->part[part].size, e->size[part]);
			assert_int_equal(type->part[part].xdr != NULL,
			    e->size[part] != 0);
		}
		assert_int_equal(type->is_event, e->is_event);
	}
	assert_null(call_type_at(N_EXPECTED));
	assert_null(call_type_at(SIZE_MAX));
}

static void
test_numbers(void **state)
{
	size_t found = 0;

	(void)state;
	for (int number = -2; number < 1000; number++) {
		const struct call_type *type = call_type(number);

		assert_int_equal(type != NULL,
		    has_row((enum xvm_call_number)number));
		if (type != NULL) {
			assert_int_equal(type->number, number);
			found++;
		}
	}
	assert_int_equal(found, N_EXPECTED);
	assert_null(call_type(INT32_MAX));
	assert_null(call_type(INT32_MIN));
}

static void
test_properties(void **state)
{
	const struct call_type *type;

	(void)state;
	for (size_t i = 0; (type = call_type_at(i)) != NULL; i++) {
		if (type->is_event) {
			assert_null(type->api);
			assert_true(type->event >= -1);
			assert_false(type->slow);
		} else {
			assert_int_equal(type->event, -1);
			assert_true(type->number == XVM_CALL_AUTH_LIST ||
			    strncmp(type->api, "vir", 3) == 0);
		}
		if (type->raise_bits != 0) {
			assert_int_equal(type->access, CALL_ACCESS_READ);
			assert_true(type->raise_offset + sizeof(int) <=
			    type->part[CALL_ARGS].size);
		} else
			assert_null(type->raise_words);
	}
}

static void
test_readonly(void **state)
{
	struct xvm_domain_get_xml_desc_args xml = { .flags = 2 };
	struct xvm_domain_interface_addresses_args addresses = { .source = 0 };
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_DOMAIN_GET_XML_DESC), &xml, &err), 0);
	xml.flags |= XVM_DOMAIN_XML_SECURE;
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_DOMAIN_GET_XML_DESC), &xml, &err), -1);
	assert_int_equal(err.code, XVM_ERR_OPERATION_DENIED);
	assert_non_null(strstr(err.message,
	    "virDomainGetXMLDesc with secure flag"));
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_DOMAIN_INTERFACE_ADDRESSES), &addresses, &err),
	    0);
	addresses.source = XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT;
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_DOMAIN_INTERFACE_ADDRESSES), &addresses, &err),
	    -1);
	assert_non_null(strstr(err.message,
	    "read only access prevents virDomainInterfaceAddresses"));
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_DOMAIN_DESTROY), NULL, &err), -1);
	assert_int_equal(call_check_readonly(
	    call_type(XVM_CALL_CONNECT_CLOSE), NULL, &err), 0);
	error_release(&err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_readonly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
