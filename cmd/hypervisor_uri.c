/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a user names the hypervisor. */
#include "hypervisor_uri.h"

#include <stdlib.h>

#include "../lib/conn.h"
#include "../lib/uri.h"

const char *
hypervisor_uri(struct cmd *cmd)
{
	const struct xvm_connect_get_uri_ret *ret;
	struct error err = ERROR_INIT;
	const char *said = NULL;
	char *text = NULL;
	struct uri uri;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_URI, NULL);
	if (ret == NULL)
		return NULL;
	if (uri_parse(conn_uri(cmd_conn(cmd)), &uri, &err) == 0) {
		if (uri_is_remote(&uri))
			text = uri_format(&uri);
		uri_release(&uri);
	}
	if (text != NULL)
		said = cmd_strdup(cmd, text);
	free(text);
	error_release(&err);
	return said == NULL ? ret->uri : said;
}
