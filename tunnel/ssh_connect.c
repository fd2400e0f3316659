/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes below an embedded ssh. */
#include "ssh_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd_stream.h"
#include "spawn.h"

/* Connect to one address. The socket, or -1 with err set. */
static int
connect_one(const struct ssh_config *c, const struct addrinfo *a,
    const struct ssh_wait *wait, struct error *err)
{
	int fd, on = 1, errnum = 0;
	socklen_t n = sizeof(errnum);

	fd = socket(a->ai_family,
	    a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
	if (fd < 0)
		return error_system(err, XVM_FROM_RPC, errno,
		    "unable to create socket");
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
		errnum = errno;
		if (errnum == EINPROGRESS) {
			if (ssh_wait_for(wait, fd, POLLOUT, "the connection",
			    err) != 0)
				goto fail;
			(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &errnum, &n);
		}
		if (errnum != 0) {
			error_system(err, XVM_FROM_RPC, errnum,
			    "unable to connect to server at '%s:%d'",
			    c->hostname, c->port);
			goto fail;
		}
	}
	/* Each message is written at once; the answer must not wait. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
fail:
	(void)close(fd);
	return -1;
}

static struct stream *
connect_tcp(const struct ssh_config *c, const struct ssh_wait *wait,
    struct error *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG };
	struct addrinfo *found = NULL;
	struct stream *s = NULL;
	char port[8];
	int rc, fd = -1;

	(void)snprintf(port, sizeof(port), "%d", c->port);
	rc = getaddrinfo(c->hostname, port, &hints, &found);
	if (rc != 0) {
		error_set(err, XVM_FROM_RPC, XVM_ERR_SYSTEM_ERROR,
		    "unable to resolve '%s' service '%s': %s", c->hostname,
		    port, gai_strerror(rc));
		return NULL;
	}
	for (const struct addrinfo *a = found; a != NULL && fd < 0;
	    a = a->ai_next) {
		error_release(err);
		fd = connect_one(c, a, wait, err);
		if (err->code == XVM_ERR_OPERATION_ABORTED)
			break;
	}
	freeaddrinfo(found);
	if (fd >= 0) {
		s = fd_stream(fd, fd, err);
		if (s == NULL)
			(void)close(fd);
	}
	return s;
}

/* The last of "a,b,c" is where ssh goes, through the others. */
static struct stream *
connect_jump(const struct ssh_config *c, bool batch, struct error *err)
{
	const char *argv[12], *last = strrchr(c->proxy_jump, ',');
	struct buf way = BUF_INIT, through = BUF_INIT, to = BUF_INIT;
	struct stream *s = NULL;
	size_t n = 0;

	buf_printf(&way, "[%s]:%d", c->hostname, c->port);
	if (last != NULL)
		buf_add(&through, c->proxy_jump,
		    (size_t)(last - c->proxy_jump));
	last = last == NULL ? c->proxy_jump : last + 1;
	if (strncmp(last, "ssh://", 6) != 0)
		buf_puts(&to, "ssh://");
	buf_puts(&to, last);
	argv[n++] = c->program;
	if (batch) {
		argv[n++] = "-o";
		argv[n++] = "BatchMode=yes";
	}
	if (through.len > 0) {
		argv[n++] = "-J";
		argv[n++] = buf_str(&through);
	}
	argv[n++] = "-W";
	argv[n++] = buf_str(&way);
	argv[n++] = "--";
	argv[n++] = buf_str(&to);
	argv[n] = NULL;
	if (way.failed || through.failed || to.failed)
		error_nomem(err);
	else
		s = spawn_stream(argv, err);
	buf_release(&way);
	buf_release(&through);
	buf_release(&to);
	return s;
}

/* A shell must read it as part of one plain word. */
static bool
is_plain(const char *s)
{
	return s[0] != '-' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-")] == '\0';
}

/* The user's own text, for the user's own shell words. */
static struct stream *
connect_command(const struct ssh_config *c, struct error *err)
{
	const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
	struct buf script = BUF_INIT;
	struct stream *s = NULL;
	char *command;

	if (!is_plain(c->host) || !is_plain(c->hostname) ||
	    !is_plain(c->user)) {
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "user '%s' or host '%s' cannot be put into a ProxyCommand",
		    c->user, c->hostname);
		return NULL;
	}
	command = ssh_config_expand(c, c->proxy_command, false, err);
	if (command == NULL)
		return NULL;
	buf_printf(&script, "exec %s", command);
	argv[2] = buf_str(&script);
	if (script.failed)
		error_nomem(err);
	else
		s = spawn_stream(argv, err);
	buf_release(&script);
	free(command);
	return s;
}

struct stream *
ssh_connect(const struct ssh_config *c, bool batch,
    const struct ssh_wait *wait, struct error *err)
{
	if (c->proxy_command != NULL && c->fdpass) {
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "ProxyUseFdpass is for OpenSSH alone: use +ssh");
		return NULL;
	}
	if (c->proxy_command != NULL)
		return connect_command(c, err);
	if (c->proxy_jump != NULL)
		return connect_jump(c, batch, err);
	return connect_tcp(c, wait, err);
}
