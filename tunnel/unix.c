/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport unix: a socket on this machine. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fd_stream.h"
#include "keepalive.h"
#include "paths.h"
#include "transport.h"

#define SLICE_MS 200

/*
 * A queue of clients that is full makes connect wait, and poll knows nothing
 * of that: so it waits in slices. 0, or -1 with the reason.
 */
static int
connect_within(int fd, const struct sockaddr_un *addr,
    const struct conn_options *options, struct error *err)
{
	const struct timeval slice = { .tv_usec = SLICE_MS * 1000 };
	int64_t end = clock_ms() + (int64_t)options->timeout * 1000;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &slice, sizeof(slice));
	while (connect(fd, (const struct sockaddr *)addr,
	    sizeof(*addr)) != 0) {
		if (errno != EAGAIN && errno != EINTR)
			return error_system(err, XVM_FROM_RPC, errno,
			    "Failed to connect socket to '%s'",
			    addr->sun_path);
		if (options->cancel != NULL && *options->cancel != 0)
			return error_set(err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_ABORTED, "interrupted");
		if (options->timeout > 0 && clock_ms() >= end)
			return error_set(err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_TIMEOUT,
			    "socket '%s' takes no more clients: no answer "
			    "within %d seconds", addr->sun_path,
			    options->timeout);
	}
	return 0;
}

struct stream *
unix_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *path = uri_param(uri, "socket");
	struct stream *s;
	int fd;

	if (path == NULL)
		path = options->readonly ? PATH_LIBVIRT_SOCKET "-ro" :
		    PATH_LIBVIRT_SOCKET;
	if (strlen(path) >= sizeof(addr.sun_path)) {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "socket path '%.64s...' is too long", path);
		return NULL;
	}
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		error_system(err, XVM_FROM_RPC, errno,
		    "Failed to connect socket to '%s'", path);
		return NULL;
	}
	s = connect_within(fd, &addr, options, err) == 0 ?
	    fd_stream(fd, fd, err) : NULL;
	if (s == NULL)
		(void)close(fd);
	return s;
}
