/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver's answers about the connection and the hypervisor. */
#include "../hostname.h"
#include "../local_answers.h"
#include "test.h"

int
test_connect_get_type(void *state, struct call *call)
{
	struct xvm_connect_get_type_ret *ret = call->ret;

	(void)state;
	return test_text("TEST", &ret->type, &call->err);
}

int
test_connect_get_version(void *state, struct call *call)
{
	struct xvm_connect_get_version_ret *ret = call->ret;

	(void)state;
	ret->hv_ver = 2;	/* 0.0.2 */
	return 0;
}

int
test_connect_get_lib_version(void *state, struct call *call)
{
	struct xvm_connect_get_lib_version_ret *ret = call->ret;

	(void)state;
	ret->lib_ver = LOCAL_LIB_VERSION;
	return 0;
}

int
test_connect_get_hostname(void *state, struct call *call)
{
	struct xvm_connect_get_hostname_ret *ret = call->ret;
	int rc;

	/* The resolver may take its time. */
	test_leave(state);
	rc = hostname_get(&ret->hostname, &call->err);
	test_return(state);
	return rc;
}

int
test_connect_get_uri(void *state, struct call *call)
{
	const struct test_conn *tc = state;
	struct xvm_connect_get_uri_ret *ret = call->ret;

	return test_text(tc->uri, &ret->uri, &call->err);
}

int
test_connect_is_secure(void *state, struct call *call)
{
	struct xvm_connect_is_secure_ret *ret = call->ret;

	(void)state;
	ret->secure = 1;
	return 0;
}

int
test_connect_get_max_vcpus(void *state, struct call *call)
{
	struct xvm_connect_get_max_vcpus_ret *ret = call->ret;

	(void)state;
	ret->max_vcpus = 32;	/* whatever the type */
	return 0;
}

int
test_connect_supports_feature(void *state, struct call *call)
{
	const struct xvm_connect_supports_feature_args *args = call->args;
	struct xvm_connect_supports_feature_ret *ret = call->ret;

	(void)state;
	ret->supported = local_has_feature(args->feature);
	return 0;
}

int
test_connect_get_sysinfo(void *state, struct call *call)
{
	const struct xvm_connect_get_sysinfo_args *args = call->args;
	struct xvm_connect_get_sysinfo_ret *ret = call->ret;

	(void)state;
	if (test_check_flags(args->flags, 0, "testConnectGetSysinfo",
	    &call->err) != 0)
		return -1;
	return test_text("<sysinfo type='smbios'>\n"
	    "  <bios>\n"
	    "    <entry name='vendor'>LENOVO</entry>\n"
	    "    <entry name='version'>G4ETA1WW (2.61 )</entry>\n"
	    "    <entry name='date'>05/07/2014</entry>\n"
	    "    <entry name='release'>2.61</entry>\n"
	    "  </bios>\n"
	    "</sysinfo>\n", &ret->sysinfo, &call->err);
}
