/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole files. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

int
file_read(const char *path, size_t max, struct buf *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	size_t before = out->len;
	ssize_t n;
	char *room;

	if (fd < 0)
		return error_system(err, XVM_FROM_NONE, errno,
		    "Failed to open file '%s'", path);
	for (;;) {
		room = buf_reserve(out, 65536);
		if (room == NULL) {
			error_nomem(err);
			break;
		}
		n = read(fd, room, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			error_system(err, XVM_FROM_NONE, errno,
			    "Failed to read file '%s'", path);
			break;
		}
		room[n] = '\0';
		out->len += (size_t)n;
		if (out->len - before > max) {
			error_system(err, XVM_FROM_NONE, EOVERFLOW,
			    "Failed to read file '%s'", path);
			break;
		}
		if (n == 0) {
			rc = 0;
			break;
		}
	}
	(void)close(fd);
	return rc;
}

int
fd_write(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int
file_replace(const char *path, const void *data, size_t n, mode_t mode,
    struct error *err)
{
	char *tmp;
	int fd;

	if (asprintf(&tmp, "%s.XXXXXX", path) < 0)
		return error_nomem(err);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		error_system(err, XVM_FROM_NONE, errno,
		    "failed to create file '%s'", path);
		free(tmp);
		return -1;
	}
	if (fd_write(fd, data, n) != 0 || fchmod(fd, mode) != 0 ||
	    fsync(fd) != 0) {
		error_system(err, XVM_FROM_NONE, errno,
		    "failed to write file '%s'", path);
		(void)close(fd);
		goto fail;
	}
	if (close(fd) != 0 || rename(tmp, path) != 0) {
		error_system(err, XVM_FROM_NONE, errno,
		    "failed to write file '%s'", path);
		goto fail;
	}
	free(tmp);
	return 0;
fail:
	(void)unlink(tmp);
	free(tmp);
	return -1;
}
