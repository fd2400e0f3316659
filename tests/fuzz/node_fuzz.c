/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any node file is loaded or refused; what is loaded can be listed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/conn.h"
#include "../../lib/file.h"
#include "../../lib/test/test_driver.h"
#include "fuzz_xml.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct driver *const drivers[] = { &test_driver, NULL };
	struct conn_options options = CONN_OPTIONS_INIT;
	struct xvm_connect_get_all_domain_stats_args args = { 0 };
	struct xvm_connect_get_all_domain_stats_ret ret = { 0 };
	struct error err = ERROR_INIT;
	static char path[64], uri[80];
	struct conn *conn;

	fuzz_xml_loads();
	if (path[0] == '\0') {
		(void)snprintf(path, sizeof(path), "/tmp/node-fuzz-%d.xml",
		    (int)getpid());
		(void)snprintf(uri, sizeof(uri), "test://%s", path);
	}
	FILE *f = fopen(path, "we");

	if (f == NULL)
		abort();
	(void)fwrite(data, 1, size, f);
	(void)fclose(f);
	conn = conn_open(uri, &options, drivers, &err);
	if (conn != NULL) {
		if (conn_call(conn, XVM_CALL_CONNECT_GET_ALL_DOMAIN_STATS,
		    &args, &ret, &err) == 0)
			call_value_free(call_type(
			    XVM_CALL_CONNECT_GET_ALL_DOMAIN_STATS), CALL_RET,
			    &ret);
		conn_close(conn);
	}
	(void)unlink(path);
	error_release(&err);
	return 0;
}
