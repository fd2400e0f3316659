/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is there a watcher, and starting one. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child_wire.h"
#include "defined.h"
#include "helper.h"
#include "watch.h"
#include "watch_lock.h"

#define READY_MS 20000

int
watch_lock(struct error *err)
{
	int fd;

	if (defined_make_dir(DEFINED_RUN, err) != 0)
		return -1;
	fd = open(WATCH_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open lock file '" WATCH_LOCK "'");
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	error_system(err, XVM_FROM_LIBXL, errno, "cannot lock '" WATCH_LOCK
	    "'");
	(void)close(fd);
	return -1;
}

bool
watch_is_running(void)
{
	int fd = open(WATCH_LOCK, O_RDONLY | O_CLOEXEC);
	bool is;

	if (fd < 0)
		return false;
	/* A shared one: two that ask do not take each other for it. */
	is = flock(fd, LOCK_SH | LOCK_NB) != 0;
	(void)close(fd);
	return is;
}

int
watch_ensure(struct error *err)
{
	struct pollfd p = { .events = POLLIN };
	int pair[2], rc;
	pid_t pid;
	char byte;

	if (watch_is_running())
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot make a socket");
	rc = helper_spawn("--watch", pair[1], false, &pid, err);
	(void)close(pair[1]);
	p.fd = pair[0];
	/* It says that it is there, or ends since another one is. */
	if (rc == 0 && (poll(&p, 1, READY_MS) <= 0 ||
	    (child_read(pair[0], &byte, 1) != 1 && !watch_is_running())))
		rc = error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "the process that watches domains (virtd --watch) does "
		    "not start");
	(void)close(pair[0]);
	return rc;
}
