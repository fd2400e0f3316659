/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole messages through a socket between us and the child process. */
#include "child_wire.h"

#include <errno.h>
#include <sys/socket.h>

int
child_read(int fd, void *data, size_t n)
{
	char *p = data;
	size_t have = 0;

	while (have < n) {
		ssize_t got = recv(fd, p + have, n - have, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0 && have == 0)
			return 0;
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 1;
}

int
child_write(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t put = send(fd, p, n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}
