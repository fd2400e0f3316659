/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport unix: a socket on this machine. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fd_stream.h"
#include "paths.h"
#include "transport.h"

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
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		error_system(err, XVM_FROM_RPC, errno,
		    "Failed to connect socket to '%s'", path);
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	s = fd_stream(fd, fd, err);
	if (s == NULL)
		(void)close(fd);
	return s;
}
