/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's socket. */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../lib/number.h"

#define BACKLOG 128

/* The directory's lock, held while we serve; -1: none. */
static int lock_fd = -1;
static bool from_systemd;

/* A socket that was passed to us (sd_listen_fds), -1: none. */
static int
passed_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int n;

	if (pid == NULL || fds == NULL || number_i32(pid, 10, &n) != 0 ||
	    n != getpid() || strcmp(fds, "1") != 0)
		return -1;
	(void)fcntl(3, F_SETFD, FD_CLOEXEC);
	return 3;
}

/* The socket's directory: ours alone. */
static int
need_directory(const char *path, struct error *err)
{
	char *dir = strdup(path), *slash;
	struct stat st;
	int rc = -1;

	if (dir == NULL)
		return error_nomem(err);
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir) {
		error_set(err, XVM_FROM_RPC, XVM_ERR_INVALID_ARG,
		    "socket '%s' is not in a directory of its own", path);
		goto out;
	}
	*slash = '\0';
	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		error_system(err, XVM_FROM_RPC, errno,
		    "cannot make directory '%s'", dir);
		goto out;
	}
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 0077) != 0) {
		error_set(err, XVM_FROM_RPC, XVM_ERR_OPERATION_DENIED,
		    "directory '%s' must be owned by the daemon's user with "
		    "mode 0700", dir);
		goto out;
	}
	lock_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock_fd < 0) {
		error_system(err, XVM_FROM_RPC, errno,
		    "cannot open directory '%s'", dir);
		goto out;
	}
	if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0) {
		error_set(err, XVM_FROM_RPC, XVM_ERR_OPERATION_FAILED,
		    "another virtd serves '%s'", path);
		goto out;
	}
	rc = 0;
out:
	free(dir);
	return rc;
}

int
listen_open(const char *path, struct error *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = passed_socket();
	mode_t old;
	int rc;

	if (fd >= 0) {
		from_systemd = true;
		return fd;
	}
	if (strlen(path) >= sizeof(addr.sun_path))
		return error_set(err, XVM_FROM_RPC, XVM_ERR_INVALID_ARG,
		    "socket path '%s' is too long", path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	if (need_directory(path, err) != 0)
		return -1;
	/* The lock is ours: who made this one is dead. */
	(void)unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return error_system(err, XVM_FROM_RPC, errno,
		    "cannot make a socket");
	old = umask(0077);
	rc = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	(void)umask(old);
	if (rc != 0 || listen(fd, BACKLOG) != 0) {
		error_system(err, XVM_FROM_RPC, errno,
		    "cannot listen on '%s'", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

void
listen_close(const char *path)
{
	if (!from_systemd)
		(void)unlink(path);
	if (lock_fd >= 0)
		(void)close(lock_fd);
	lock_fd = -1;
}
