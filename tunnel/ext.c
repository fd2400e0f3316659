/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport ext: a program of the user's on its stdin and stdout. */
#include "spawn.h"
#include "transport.h"

struct stream *
ext_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	const char *argv[] = { uri_param(uri, "command"), NULL };

	(void)options;
	if (argv[0] == NULL || argv[0][0] == '\0') {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "remote_open: for 'ext' transport, command is required");
		return NULL;
	}
	return spawn_stream(argv, err);
}
