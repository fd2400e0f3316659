/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments that are refused before any driver: each kind of rule, in words. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "call_check.h"

static char text[] = "text", empty[] = "", lines[] = "a\nb";
static xvm_str text_p = text, empty_p = empty, lines_p = lines;

#define DOM { text, { 0 }, -1 }

static void
check(int number, const void *args, int domain, int code, const char *message)
{
	struct error err = ERROR_INIT;
	int rc = call_check_args(call_type(number), args, &err);

	if (message == NULL) {
		assert_int_equal(rc, 0);
		assert_int_equal(err.code, XVM_ERR_OK);
		return;
	}
	assert_int_equal(rc, -1);
	assert_string_equal(err.message, message);
	assert_int_equal(err.code, code);
	assert_int_equal(err.domain, domain);
	error_release(&err);
}

#define REFUSED(CALL, call, message, ...) \
	check(XVM_CALL_##CALL, &(const struct xvm_##call##_args) { \
	    __VA_ARGS__ }, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG, message)
#define ALLOWED(CALL, call, ...) \
	check(XVM_CALL_##CALL, &(const struct xvm_##call##_args) { \
	    __VA_ARGS__ }, 0, 0, NULL)

static void
test_numbers(void **state)
{
	(void)state;
	REFUSED(DOMAIN_LOOKUP_BY_ID, domain_lookup_by_id,
	    "id in virDomainLookupByID must be zero or greater", -1);
	ALLOWED(DOMAIN_LOOKUP_BY_ID, domain_lookup_by_id, 0);
	REFUSED(DOMAIN_SET_MEMORY, domain_set_memory,
	    "memory in virDomainSetMemory must not be zero", DOM, 0);
	check(XVM_CALL_DOMAIN_SET_MEMORY,
	    &(const struct xvm_domain_set_memory_args) { DOM,
	    INT64_MAX / 1024 }, XVM_FROM_DOMAIN, XVM_ERR_OVERFLOW,
	    "numerical overflow: input too large: 9007199254740991");
	ALLOWED(DOMAIN_SET_MEMORY, domain_set_memory, DOM,
	    INT64_MAX / 1024 - 1);
	REFUSED(DOMAIN_GET_VCPUS, domain_get_vcpus,
	    "maxinfo in virDomainGetVcpus must be greater than zero", DOM, 0,
	    1);
	REFUSED(DOMAIN_SEND_KEY, domain_send_key, "Unsupported codeset '10'",
	    DOM, 10, 0, { 1, (unsigned int[]) { 1 } }, 0);
	REFUSED(DOMAIN_SET_BLOCK_IO_TUNE, domain_set_block_io_tune,
	    "nparams in virDomainSetBlockIoTune must be greater than zero",
	    DOM, text, { 0, NULL }, 0);
	check(XVM_CALL_DOMAIN_GET_CPU_STATS,
	    &(const struct xvm_domain_get_cpu_stats_args) { DOM, UINT_MAX, 0,
	    2, 0 }, XVM_FROM_DOMAIN, XVM_ERR_OVERFLOW,
	    "numerical overflow: input too large: 4294967295 * 2");
	REFUSED(DOMAIN_GET_CPU_STATS, domain_get_cpu_stats,
	    "ncpus must be 1 when start_cpu is -1", DOM, 3, -1, 2, 0);
	check(XVM_CALL_NODE_GET_CPU_STATS,
	    &(const struct xvm_node_get_cpu_stats_args) { -2, 0, 0 },
	    XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG, "cpuNum in virNodeGetCPUStats "
	    "only accepts -1 as a negative value");
}

static void
test_flags(void **state)
{
	(void)state;
	REFUSED(DOMAIN_SAVE_FLAGS, domain_save_flags,
	    "Flags 'VIR_DOMAIN_SAVE_RUNNING' and 'VIR_DOMAIN_SAVE_PAUSED' are "
	    "mutually exclusive", DOM, text, NULL,
	    XVM_DOMAIN_SAVE_RUNNING | XVM_DOMAIN_SAVE_PAUSED);
	ALLOWED(DOMAIN_SAVE_FLAGS, domain_save_flags, DOM, text, NULL,
	    XVM_DOMAIN_SAVE_RUNNING);
	REFUSED(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags,
	    "Flag 'VIR_DOMAIN_AFFECT_CONFIG' is required by flag "
	    "'VIR_DOMAIN_VCPU_MAXIMUM'", DOM, 0, XVM_DOMAIN_VCPU_MAXIMUM);
	REFUSED(DOMAIN_SET_VCPUS_FLAGS, domain_set_vcpus_flags,
	    "nvcpus in virDomainSetVcpusFlags must not be zero", DOM, 0,
	    XVM_DOMAIN_VCPU_MAXIMUM | XVM_DOMAIN_AFFECT_CONFIG);
	REFUSED(DOMAIN_GET_BLOCK_IO_TUNE, domain_get_block_io_tune,
	    "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' "
	    "are mutually exclusive", DOM, &text_p, 1,
	    XVM_DOMAIN_AFFECT_LIVE | XVM_DOMAIN_AFFECT_CONFIG);
	REFUSED(DOMAIN_BLOCK_REBASE, domain_block_rebase,
	    "use of flags requires a copy job", DOM, text, NULL, 0,
	    XVM_DOMAIN_BLOCK_REBASE_SHALLOW);
}

static void
test_texts(void **state)
{
	(void)state;
	REFUSED(DOMAIN_RENAME, domain_rename,
	    "new_name in virDomainRename must not be NULL", DOM, NULL, 0);
	REFUSED(DOMAIN_RENAME, domain_rename,
	    "string new_name in virDomainRename must not be empty", DOM,
	    &empty_p, 0);
	ALLOWED(DOMAIN_RENAME, domain_rename, DOM, &text_p, 0);
	REFUSED(DOMAIN_GET_BLOCK_INFO, domain_get_block_info,
	    "string disk in virDomainGetBlockInfo must not be empty", DOM,
	    empty, 0);
	REFUSED(DOMAIN_SET_METADATA, domain_set_metadata,
	    "metadata title can't contain newlines", DOM,
	    XVM_DOMAIN_METADATA_TITLE, &lines_p, NULL, NULL, 0);
	ALLOWED(DOMAIN_SET_METADATA, domain_set_metadata, DOM,
	    XVM_DOMAIN_METADATA_DESCRIPTION, &lines_p, NULL, NULL, 0);
	REFUSED(DOMAIN_SET_METADATA, domain_set_metadata,
	    "uri in virDomainSetMetadata must be NULL", DOM,
	    XVM_DOMAIN_METADATA_TITLE, &text_p, NULL, &text_p, 0);
	REFUSED(DOMAIN_SET_METADATA, domain_set_metadata,
	    "key in virDomainSetMetadata must not be NULL", DOM,
	    XVM_DOMAIN_METADATA_ELEMENT, &text_p, NULL, &text_p, 0);
	ALLOWED(DOMAIN_SET_METADATA, domain_set_metadata, DOM,
	    XVM_DOMAIN_METADATA_ELEMENT, NULL, NULL, &text_p, 0);
	check(XVM_CALL_DOMAIN_SET_LIFECYCLE_ACTION,
	    &(const struct xvm_domain_set_lifecycle_action_args) { DOM, 3, 0,
	    0 }, XVM_FROM_DOMAIN, XVM_ERR_INVALID_ARG,
	    "invalid argument: invalid lifecycle type '3'");
}

/* A call without rules, and one without arguments. */
static void
test_others(void **state)
{
	(void)state;
	ALLOWED(DOMAIN_SUSPEND, domain_suspend, DOM);
	check(XVM_CALL_CONNECT_GET_TYPE, NULL, 0, 0, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
