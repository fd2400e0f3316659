/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Old calls are answered by today's handlers of a driver's table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/driver.h"
#include "../../lib/legacy_calls.h"

static unsigned int seen_flags;

static int
list_all(void *state, struct call *call)
{
	const struct xvm_connect_list_all_domains_args *args = call->args;
	struct xvm_connect_list_all_domains_ret *ret = call->ret;
	const char *const names[] = { "one", "two" };

	(void)state;
	seen_flags = args->flags;
	ret->ret = 2;
	if (args->need_results == 0)
		return 0;
	ret->domains.domains_val = calloc(2, sizeof(struct xvm_domain));
	ret->domains.domains_len = 2;
	for (int i = 0; i < 2; i++) {
		ret->domains.domains_val[i].name = strdup(names[i]);
		ret->domains.domains_val[i].id = i + 7;
	}
	return 0;
}

static int
create_with_flags(void *state, struct call *call)
{
	const struct xvm_domain_create_with_flags_args *args = call->args;
	struct xvm_domain_create_with_flags_ret *ret = call->ret;

	(void)state;
	seen_flags = args->flags;
	if (strcmp(args->dom.name, "web") != 0)
		return error_set(&call->err, XVM_FROM_TEST, XVM_ERR_NO_DOMAIN,
		    "no %s", args->dom.name);
	ret->dom.name = strdup("web");
	return 0;
}

static int
set_memory(void *state, struct call *call)
{
	const struct xvm_domain_set_memory_flags_args *args = call->args;

	(void)state;
	seen_flags = args->flags;
	return args->memory == 4096 ? 0 : -1;
}

static int
own_max_memory(void *state, struct call *call)
{
	(void)state;
	(void)call;
	seen_flags = 12345;
	return 0;
}

static int
block_stats(void *state, struct call *call)
{
	struct xvm_domain_block_stats_flags_ret *ret = call->ret;
	struct xvm_typed_param *p = calloc(1, sizeof(*p));

	(void)state;
	p->field = strdup("wr_bytes");
	p->value.type = XVM_TYPED_LLONG;
	p->value.xvm_typed_value_u.l = 512;
	ret->params.params_val = p;
	ret->params.params_len = 1;
	return 0;
}

static driver_handler *const table[] = {
	[XVM_CALL_CONNECT_LIST_ALL_DOMAINS] = list_all,
	[XVM_CALL_DOMAIN_CREATE_WITH_FLAGS] = create_with_flags,
	[XVM_CALL_DOMAIN_SET_MEMORY_FLAGS] = set_memory,
	[XVM_CALL_DOMAIN_SET_MAX_MEMORY] = own_max_memory,
	[XVM_CALL_DOMAIN_BLOCK_STATS_FLAGS] = block_stats,
};

#define N_TABLE (sizeof(table) / sizeof(table[0]))

static struct call
answer(int number, const void *args, void *ret)
{
	struct call call = { .number = number, .args = args, .ret = ret,
		.rc = CALL_PENDING };

	seen_flags = 0;
	driver_dispatch(table, N_TABLE, NULL, &call, 1);
	return call;
}

static void
test_lists(void **state)
{
	struct xvm_connect_num_of_domains_ret n = { 0 };
	struct xvm_connect_list_domains_args ids_args = { .maxids = 1 };
	struct xvm_connect_list_domains_ret ids = { 0 };
	struct xvm_connect_list_defined_domains_args names_args = {
		.maxnames = 5,
	};
	struct xvm_connect_list_defined_domains_ret names = { 0 };

	(void)state;
	assert_int_equal(answer(XVM_CALL_CONNECT_NUM_OF_DOMAINS, NULL,
	    &n).rc, 0);
	assert_int_equal(n.num, 2);
	assert_int_equal(seen_flags, XVM_CONNECT_LIST_DOMAINS_ACTIVE);
	assert_int_equal(answer(XVM_CALL_CONNECT_LIST_DOMAINS, &ids_args,
	    &ids).rc, 0);
	assert_int_equal(ids.ids.ids_len, 1);
	assert_int_equal(ids.ids.ids_val[0], 7);
	free(ids.ids.ids_val);
	assert_int_equal(answer(XVM_CALL_CONNECT_LIST_DEFINED_DOMAINS,
	    &names_args, &names).rc, 0);
	assert_int_equal(seen_flags, XVM_CONNECT_LIST_DOMAINS_INACTIVE);
	assert_int_equal(names.names.names_len, 2);
	assert_string_equal(names.names.names_val[1], "two");
	call_value_free(call_type(XVM_CALL_CONNECT_LIST_DEFINED_DOMAINS),
	    CALL_RET, &names);
	/* A count that is negative is none. */
	ids_args.maxids = -1;
	memset(&ids, 0, sizeof(ids));
	assert_int_equal(answer(XVM_CALL_CONNECT_LIST_DOMAINS, &ids_args,
	    &ids).rc, 0);
	assert_int_equal(ids.ids.ids_len, 0);
	free(ids.ids.ids_val);
}

static void
test_results_and_errors(void **state)
{
	struct xvm_domain_create_args args = { 0 };
	struct xvm_domain_create_with_files_args files_args = { 0 };
	struct xvm_domain_create_with_files_ret files = { 0 };
	char web[] = "web", other[] = "other";
	struct call call;

	(void)state;
	args.dom.name = files_args.dom.name = web;
	files_args.flags = 4;
	assert_int_equal(answer(XVM_CALL_DOMAIN_CREATE, &args, NULL).rc, 0);
	assert_int_equal(answer(XVM_CALL_DOMAIN_CREATE_WITH_FILES,
	    &files_args, &files).rc, 0);
	assert_int_equal(seen_flags, 4);
	assert_string_equal(files.dom.name, "web");
	free(files.dom.name);
	args.dom.name = other;
	call = answer(XVM_CALL_DOMAIN_CREATE, &args, NULL);
	assert_int_equal(call.rc, -1);
	assert_int_equal(call.err.code, XVM_ERR_NO_DOMAIN);
	error_release(&call.err);
}

static void
test_slots(void **state)
{
	struct xvm_domain_set_memory_args args = { .memory = 4096 };
	struct xvm_domain_block_stats_ret stats = { 0 };
	struct xvm_domain_block_stats_args stats_args = { 0 };
	struct xvm_domain_save_args save_args = { 0 };
	struct call call;

	(void)state;
	assert_int_equal(answer(XVM_CALL_DOMAIN_SET_MEMORY, &args, NULL).rc,
	    0);
	assert_int_equal(seen_flags, XVM_DOMAIN_AFFECT_LIVE);
	/* A slot of its own comes first. */
	assert_int_equal(driver_answers_by(table, N_TABLE,
	    XVM_CALL_DOMAIN_SET_MAX_MEMORY), XVM_CALL_DOMAIN_SET_MAX_MEMORY);
	assert_int_equal(driver_answers_by(table, N_TABLE,
	    XVM_CALL_DOMAIN_SET_MEMORY), XVM_CALL_DOMAIN_SET_MEMORY_FLAGS);
	assert_int_equal(answer(XVM_CALL_DOMAIN_SET_MAX_MEMORY, &args,
	    NULL).rc, 0);
	assert_int_equal(seen_flags, 12345);
	assert_int_equal(answer(XVM_CALL_DOMAIN_BLOCK_STATS, &stats_args,
	    &stats).rc, 0);
	assert_int_equal(stats.wr_bytes, 512);
	assert_int_equal(stats.rd_bytes, -1);
	/* Neither: not supported, under the old one's name. */
	assert_int_equal(driver_answers_by(table, N_TABLE,
	    XVM_CALL_DOMAIN_SAVE), 0);
	call = answer(XVM_CALL_DOMAIN_SAVE, &save_args, NULL);
	assert_int_equal(call.rc, -1);
	assert_non_null(strstr(call.err.message, "virDomainSave"));
	error_release(&call.err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_results_and_errors),
		cmocka_unit_test(test_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
