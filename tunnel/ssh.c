/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport ssh: spawns OpenSSH. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "persist.h"
#include "spawn.h"
#include "target.h"
#include "transport.h"

#define ARGS_MAX 40
#define NUMBER_MAX 40u		/* bytes of an option with a number */

/* ssh's words, ended by a NULL, and room for numbers in them. */
struct words {
	const char *argv[ARGS_MAX];
	size_t n;
	char port[NUMBER_MAX], persist[NUMBER_MAX], alive[NUMBER_MAX],
	    count[NUMBER_MAX];
};

static void
add(struct words *w, const char *word)
{
	w->argv[w->n++] = word;
	w->argv[w->n] = NULL;
}

static void
add_option(struct words *w, const char *option, const char *value)
{
	add(w, option);
	add(w, value);
}

static bool
is_on(const char *value)
{
	return value != NULL && strcmp(value, "0") != 0;
}

/* What decides whom one speaks to, and as whom. */
static void
add_target(struct words *w, const struct uri *uri)
{
	const char *program = uri_param(uri, "command");
	const char *keyfile = uri_param(uri, "keyfile");

	add(w, program == NULL || program[0] == '\0' ? "ssh" : program);
	if (uri->port != 0) {
		(void)snprintf(w->port, sizeof(w->port), "%d", uri->port);
		add_option(w, "-p", w->port);
	}
	if (uri->user != NULL)
		add_option(w, "-l", uri->user);
	if (keyfile != NULL && keyfile[0] != '\0')
		add_option(w, "-i", keyfile);
	if (is_on(uri_param(uri, "no_verify")))
		add_option(w, "-o", "StrictHostKeyChecking=no");
}

/* Let this ssh use the connection that is kept, or keep its own. */
static int
add_persist(struct words *w, const struct uri *uri,
    const struct conn_options *options, char **path_out, int *lock_out,
    struct error *err)
{
	struct words key = *w;

	add(&key, uri->host);
	if (persist_prepare(key.argv, options, path_out, lock_out, err) != 0)
		return -1;
	add_option(w, "-S", *path_out);
	add_option(w, "-o", "ControlMaster=auto");
	(void)snprintf(w->persist, sizeof(w->persist), "ControlPersist=%d",
	    options->ssh_persist);
	add_option(w, "-o", w->persist);
	/* Without it a dead one would be offered until TCP gives up. */
	if (options->keepalive_interval != 0) {
		(void)snprintf(w->alive, sizeof(w->alive),
		    "ServerAliveInterval=%d", options->keepalive_interval);
		(void)snprintf(w->count, sizeof(w->count),
		    "ServerAliveCountMax=%d", options->keepalive_count);
		add_option(w, "-o", w->alive);
		add_option(w, "-o", w->count);
	}
	return 0;
}

struct stream *
ssh_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	struct words w = { .n = 0 };
	char *command, *path = NULL;
	struct stream *s = NULL;
	int lock = -1;

	if (uri->host == NULL) {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "URI '%s': ssh needs a host name", uri->text);
		return NULL;
	}
	command = target_command(uri, options->readonly, err);
	if (command == NULL)
		return NULL;
	add_target(&w, uri);
	if (options->ssh_persist > 0 &&
	    add_persist(&w, uri, options, &path, &lock, err) != 0)
		goto out;
	if (options->batch || is_on(uri_param(uri, "no_tty")))
		add_option(&w, "-o", "BatchMode=yes");
	add(&w, "-T");
	add_option(&w, "-e", "none");
	add(&w, "--");
	add(&w, uri->host);
	add(&w, command);
	s = spawn_stream(w.argv, err);
	if (s != NULL)
		spawn_hold(s, lock);
	else if (lock >= 0)
		(void)close(lock);
out:
	free(path);
	free(command);
	return s;
}
