/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters: built, read, checked against a table, from and to text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "typed_param.h"

static void
assert_text(const struct xvm_typed_param *param, const char *expected)
{
	struct buf text = BUF_INIT;

	param_format(param, &text);
	assert_string_equal(buf_str(&text), expected);
	buf_release(&text);
}

static void
test_build_and_read(void **state)
{
	struct params p = PARAMS_INIT;
	struct error err = ERROR_INIT;
	const char *s;
	unsigned int ui;
	int64_t l;
	uint64_t ul;
	double d;
	bool b;
	int i;

	(void)state;
	params_add_int(&p, "i", -1);
	params_add_uint(&p, "ui", 4294967295u);
	params_add_llong(&p, "l", INT64_MIN);
	params_add_ullong(&p, "ul", UINT64_MAX);
	params_add_double(&p, "d", 1.5);
	params_add_boolean(&p, "b", true);
	params_add_string(&p, "s", "text");
	params_add_string(&p, "none", NULL);
	assert_false(p.failed);
	assert_int_equal(p.n, 8);
	assert_int_equal(params_get_int(p.v, p.n, "i", &i, &err), 1);
	assert_int_equal(i, -1);
	assert_int_equal(params_get_uint(p.v, p.n, "ui", &ui, &err), 1);
	assert_int_equal(ui, 4294967295u);
	assert_int_equal(params_get_llong(p.v, p.n, "l", &l, &err), 1);
	assert_true(l == INT64_MIN);
	assert_int_equal(params_get_ullong(p.v, p.n, "ul", &ul, &err), 1);
	assert_true(ul == UINT64_MAX);
	assert_int_equal(params_get_double(p.v, p.n, "d", &d, &err), 1);
	assert_true(d > 1.4 && d < 1.6);
	assert_int_equal(params_get_boolean(p.v, p.n, "b", &b, &err), 1);
	assert_true(b);
	assert_int_equal(params_get_string(p.v, p.n, "s", &s, &err), 1);
	assert_string_equal(s, "text");
	assert_int_equal(params_get_string(p.v, p.n, "none", &s, &err), 1);
	assert_string_equal(s, "");
	assert_int_equal(params_get_int(p.v, p.n, "other", &i, &err), 0);
	assert_int_equal(err.code, XVM_ERR_OK);
	assert_int_equal(params_get_int(p.v, p.n, "s", &i, &err), -1);
	assert_string_equal(err.message, "invalid argument: Invalid type "
	    "'int' requested for parameter 's', actual type is 'string'");
	error_release(&err);
	assert_text(&p.v[0], "-1");
	assert_text(&p.v[1], "4294967295");
	assert_text(&p.v[2], "-9223372036854775808");
	assert_text(&p.v[3], "18446744073709551615");
	assert_text(&p.v[4], "1.500000");
	assert_text(&p.v[5], "yes");
	assert_text(&p.v[6], "text");
	params_truncate(&p, 2);
	assert_int_equal(p.n, 2);
	assert_null(params_find(p.v, p.n, "s"));
	params_release(&p);
	assert_int_equal(p.n, 0);
}

static void
test_detach(void **state)
{
	struct params p = PARAMS_INIT;
	struct error err = ERROR_INIT;
	struct xvm_typed_param *v;
	unsigned int n;

	(void)state;
	params_add_int(&p, "i", 1);
	assert_int_equal(params_detach(&p, &n, &v, &err), 0);
	assert_int_equal(n, 1);
	assert_null(p.v);
	free(v[0].field);
	free(v);
	params_add_int(&p, "i", 1);
	p.failed = true;
	params_add_int(&p, "j", 1);
	assert_int_equal(p.n, 1);
	assert_int_equal(params_detach(&p, &n, &v, &err), -1);
	assert_int_equal(err.code, XVM_ERR_NO_MEMORY);
	assert_int_equal(n, 0);
	assert_null(v);
	error_release(&err);
}

static void
test_text(void **state)
{
	static const struct {
		int type;
		const char *text, *shown, *refusal;
	} cases[] = {
		{ XVM_TYPED_INT, "-5", "-5", NULL },
		{ XVM_TYPED_INT, "2147483648", NULL,
		    "Invalid value for field 'x': expected int" },
		{ XVM_TYPED_UINT, "-1", "4294967295", NULL },
		{ XVM_TYPED_UINT, "4294967296", NULL,
		    "Invalid value for field 'x': expected unsigned int" },
		{ XVM_TYPED_LLONG, "-9223372036854775808",
		    "-9223372036854775808", NULL },
		{ XVM_TYPED_LLONG, "1x", NULL,
		    "Invalid value for field 'x': expected long long" },
		{ XVM_TYPED_ULLONG, "-1", "18446744073709551615", NULL },
		{ XVM_TYPED_ULLONG, "", NULL, "Invalid value for field 'x': "
		    "expected unsigned long long" },
		{ XVM_TYPED_DOUBLE, "0.25", "0.250000", NULL },
		{ XVM_TYPED_DOUBLE, "y", NULL,
		    "Invalid value for field 'x': expected double" },
		{ XVM_TYPED_BOOLEAN, "TRUE", "yes", NULL },
		{ XVM_TYPED_BOOLEAN, "0", "no", NULL },
		{ XVM_TYPED_BOOLEAN, "2", NULL,
		    "Invalid boolean value for field 'x'" },
		{ XVM_TYPED_STRING, "", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct params p = PARAMS_INIT;
		struct error err = ERROR_INIT;
		int rc = params_add_text(&p, "x", cases[i].type,
		    cases[i].text, &err);

		if (cases[i].refusal != NULL) {
			assert_int_equal(rc, -1);
			assert_string_equal(err.str2, cases[i].refusal);
			assert_int_equal(p.n, 0);
		} else {
			assert_int_equal(rc, 0);
			assert_int_equal(p.v[0].value.type, cases[i].type);
			assert_text(&p.v[0], cases[i].shown);
		}
		error_release(&err);
		params_release(&p);
	}
}

static const struct param_rule rules[] = {
	{ "b", XVM_TYPED_UINT, false },
	{ "many", XVM_TYPED_STRING, true },
	{ "d", XVM_TYPED_ULLONG, false },
	{ NULL, 0, false },
};

static void
assert_refused(const struct params *p, int code, const char *text)
{
	struct error err = ERROR_INIT;

	assert_int_equal(params_validate(p->v, p->n, rules, &err), -1);
	assert_int_equal(err.code, code);
	assert_int_equal(err.domain, XVM_FROM_NONE);
	assert_string_equal(err.message, text);
	error_release(&err);
}

static void
test_validate(void **state)
{
	struct params p = PARAMS_INIT;
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(params_validate(NULL, 0, rules, &err), 0);
	params_add_string(&p, "many", "1");
	params_add_uint(&p, "b", 1);
	params_add_string(&p, "many", "2");
	assert_int_equal(params_validate(p.v, p.n, rules, &err), 0);
	/* Of several faults, the first in the order of names. */
	params_add_uint(&p, "unknown", 1);
	params_add_uint(&p, "d", 1);
	assert_refused(&p, XVM_ERR_INVALID_ARG, "invalid argument: invalid "
	    "type 'uint' for parameter 'd', expected 'ullong'");
	params_add_uint(&p, "c", 1);
	assert_refused(&p, XVM_ERR_ARGUMENT_UNSUPPORTED,
	    "argument unsupported: parameter 'c' not supported");
	params_add_int(&p, "b", 1);
	assert_refused(&p, XVM_ERR_INVALID_ARG,
	    "invalid argument: parameter 'b' occurs multiple times");
	params_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build_and_read),
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_validate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
