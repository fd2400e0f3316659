/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains started with the host, by the calls that any client has. */
#include "autostart.h"

#include <string.h>

#include "server.h"

static int
start(struct conn *conn, const struct xvm_domain *dom)
{
	struct xvm_domain_create_with_flags_args args = { .dom = *dom };
	struct xvm_domain_create_with_flags_ret ret;
	struct error err = ERROR_INIT;

	memset(&ret, 0, sizeof(ret));
	if (conn_call(conn, XVM_CALL_DOMAIN_CREATE_WITH_FLAGS, &args, &ret,
	    &err) != 0) {
		server_log(LOG_LEVEL_ERROR, "cannot start domain '%s': %s",
		    dom->name, err.message);
		error_release(&err);
		return -1;
	}
	server_log(LOG_LEVEL_INFO, "started domain '%s'", dom->name);
	call_value_free(call_type(XVM_CALL_DOMAIN_CREATE_WITH_FLAGS), CALL_RET,
	    &ret);
	return 0;
}

int
autostart_run(const struct driver *const *drivers, const char *uri,
    struct error *err)
{
	const struct conn_options options = CONN_OPTIONS_INIT;
	const struct xvm_connect_list_all_domains_args args = {
		.need_results = 1,
		.flags = XVM_CONNECT_LIST_DOMAINS_INACTIVE |
		    XVM_CONNECT_LIST_DOMAINS_AUTOSTART,
	};
	struct xvm_connect_list_all_domains_ret ret;
	unsigned int failed = 0;
	struct conn *conn;

	conn = conn_open(uri != NULL ? uri : "xen:///", &options, drivers, err);
	if (conn == NULL)
		return -1;
	memset(&ret, 0, sizeof(ret));
	if (conn_call(conn, XVM_CALL_CONNECT_LIST_ALL_DOMAINS, &args, &ret,
	    err) != 0) {
		conn_close(conn);
		return -1;
	}
	for (unsigned int i = 0; i < ret.domains.domains_len; i++)
		failed += start(conn, &ret.domains.domains_val[i]) != 0;
	call_value_free(call_type(XVM_CALL_CONNECT_LIST_ALL_DOMAINS), CALL_RET,
	    &ret);
	conn_close(conn);
	if (failed > 0)
		return error_set(err, XVM_FROM_NONE, XVM_ERR_OPERATION_FAILED,
		    "%u domains could not be started", failed);
	return 0;
}
