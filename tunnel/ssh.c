/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport ssh: spawns OpenSSH. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spawn.h"
#include "target.h"
#include "transport.h"

#define ARGS_MAX 32

static bool
is_on(const char *value)
{
	return value != NULL && strcmp(value, "0") != 0;
}

struct stream *
ssh_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	const char *argv[ARGS_MAX], *keyfile = uri_param(uri, "keyfile");
	struct stream *s = NULL;
	char *command, port[8];
	size_t n = 0;

	if (uri->host == NULL) {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "URI '%s': transport ssh needs a host name", uri->text);
		return NULL;
	}
	command = target_command(uri, options->readonly, err);
	if (command == NULL)
		return NULL;
	argv[n++] = uri_param(uri, "command");
	if (argv[0] == NULL || argv[0][0] == '\0')
		argv[0] = "ssh";
	if (uri->port != 0) {
		(void)snprintf(port, sizeof(port), "%d", uri->port);
		argv[n++] = "-p";
		argv[n++] = port;
	}
	if (uri->user != NULL) {
		argv[n++] = "-l";
		argv[n++] = uri->user;
	}
	if (keyfile != NULL && keyfile[0] != '\0') {
		argv[n++] = "-i";
		argv[n++] = keyfile;
	}
	if (options->batch || is_on(uri_param(uri, "no_tty"))) {
		argv[n++] = "-o";
		argv[n++] = "BatchMode=yes";
	}
	if (is_on(uri_param(uri, "no_verify"))) {
		argv[n++] = "-o";
		argv[n++] = "StrictHostKeyChecking=no";
	}
	argv[n++] = "-T";
	argv[n++] = "-e";
	argv[n++] = "none";
	argv[n++] = "--";
	argv[n++] = uri->host;
	argv[n++] = command;
	argv[n] = NULL;
	s = spawn_stream(argv, err);
	free(command);
	return s;
}
