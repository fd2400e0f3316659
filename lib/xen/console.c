/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain's console as a stream: the terminal that xenconsoled, or the device
 * model, serves. Who has it open holds a lock on a file, one for each terminal;
 * who forces another off it removes that file, and the other sees it go. xl has
 * a lock of its own (xl_console.h).
 *
 * Source: Xen's docs/misc/xenstore-paths, console/tty and serial/N/tty.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "../number.h"
#include "../stream.h"
#include "check.h"
#include "defined.h"
#include "domains.h"
#include "store.h"
#include "xl_console.h"

#define TRIES 100	/* to get a lock that others come and go with */

struct console {
	struct stream stream;
	int id;			/* of the domain */
	int tty, lock, xl_lock;
	int removed_fd;		/* inotify: somebody has forced us off */
	int both_fd;		/* epoll: tty or removed_fd */
	char path[PATH_MAX];	/* of the lock */
};

static bool
is_forced_off(const struct console *c)
{
	struct pollfd p = { .fd = c->removed_fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* 0 when the domain, or whoever served its terminal, has gone. */
static ssize_t
console_read(struct stream *stream, void *out, size_t n, struct error *err)
{
	struct console *c = (struct console *)stream;
	ssize_t got;

	if (is_forced_off(c))
		return 0;
	got = read(c->tty, out, n);
	if (got >= 0)
		return got;
	if (errno == EIO)
		return 0;
	if (errno == EAGAIN || errno == EINTR)
		return -2;
	return error_system(err, XVM_FROM_STREAMS, errno,
	    "cannot read from stream");
}

static ssize_t
console_write(struct stream *stream, const void *data, size_t n,
    struct error *err)
{
	struct console *c = (struct console *)stream;
	ssize_t done = write(c->tty, data, n);

	if (done >= 0)
		return done;
	if (errno == EAGAIN || errno == EINTR)
		return -2;
	return error_system(err, XVM_FROM_STREAMS, errno,
	    "cannot write to stream");
}

static int
console_finish(struct stream *stream, struct error *err)
{
	(void)stream;
	(void)err;
	return 0;
}

static void
console_abort(struct stream *stream)
{
	(void)stream;
}

static int
console_fd(struct stream *stream, short events)
{
	const struct console *c = (const struct console *)stream;

	return (events & POLLOUT) != 0 ? c->tty : c->both_fd;
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static void
console_free(struct stream *stream)
{
	struct console *c = (struct console *)stream;

	/* The name may be another's by now. */
	if (c->lock >= 0 && c->removed_fd >= 0 && !is_forced_off(c))
		(void)unlink(c->path);
	xl_console_unlock(c->id, c->xl_lock);
	close_fd(c->both_fd);
	close_fd(c->removed_fd);
	close_fd(c->lock);
	close_fd(c->tty);
	free(c);
}

static const struct stream_ops console_ops = {
	.read = console_read,
	.write = console_write,
	.finish = console_finish,
	.abort = console_abort,
	.fd = console_fd,
	.free = console_free,
};

/* A file that is locked and has its name: 1, 0 when another holds it, -1. */
static int
lock_once(struct console *c, struct error *err)
{
	struct stat st;

	c->lock = open(c->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (c->lock < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open lock file '%s'", c->path);
	if (flock(c->lock, LOCK_EX | LOCK_NB) == 0 &&
	    fstat(c->lock, &st) == 0 && st.st_nlink > 0)
		return 1;
	(void)close(c->lock);
	c->lock = -1;
	return 0;
}

static int
take_lock(struct console *c, bool force, struct error *err)
{
	int rc = 0;

	if (defined_make_dir(DEFINED_RUN, err) != 0)
		return -1;
	for (int i = 0; i < TRIES && rc == 0; i++) {
		rc = lock_once(c, err);
		if (rc == 0 && !force)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_OPERATION_FAILED, "Active console session "
			    "exists for this domain");
		if (rc == 0)
			(void)unlink(c->path);
	}
	if (rc == 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "others take the console again and again");
	return rc == 1 ? 0 : -1;
}

static int
watch_both(struct console *c, struct error *err)
{
	struct epoll_event tty = { .events = EPOLLIN };
	struct epoll_event removed = { .events = EPOLLIN };

	c->removed_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	c->both_fd = epoll_create1(EPOLL_CLOEXEC);
	if (c->removed_fd >= 0 && c->both_fd >= 0 &&
	    inotify_add_watch(c->removed_fd, c->path, IN_ATTRIB |
	    IN_DELETE_SELF) >= 0 &&
	    epoll_ctl(c->both_fd, EPOLL_CTL_ADD, c->tty, &tty) == 0 &&
	    epoll_ctl(c->both_fd, EPOLL_CTL_ADD, c->removed_fd,
	    &removed) == 0)
		return 0;
	return error_system(err, XVM_FROM_LIBXL, errno,
	    "cannot wait for the console");
}

static int
open_tty(struct console *c, const char *tty, struct error *err)
{
	struct termios t;

	c->tty = open(tty, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (c->tty < 0 || tcgetattr(c->tty, &t) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "Unable to open console '%s'", tty);
	cfmakeraw(&t);
	if (tcsetattr(c->tty, TCSANOW, &t) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "Unable to set up console '%s'", tty);
	return 0;
}

static struct stream *
console_new(int id, const char *tty, bool force, struct error *err)
{
	struct console *c = calloc(1, sizeof(*c));
	const char *base = strrchr(tty, '/');

	if (c == NULL) {
		error_nomem(err);
		return NULL;
	}
	c->stream.ops = &console_ops;
	c->id = id;
	c->tty = c->lock = c->xl_lock = c->removed_fd = c->both_fd = -1;
	(void)snprintf(c->path, sizeof(c->path), DEFINED_RUN "/console.%d.%s",
	    id, base != NULL ? base + 1 : tty);
	if (open_tty(c, tty, err) == 0 && take_lock(c, force, err) == 0 &&
	    watch_both(c, err) == 0) {
		c->xl_lock = xl_console_lock(id, force, err);
		if (c->xl_lock != -1)
			return &c->stream;
	}
	console_free(&c->stream);
	return NULL;
}

/*
 * Where xenstore has the terminal of a device: NULL means the first serial
 * port, where there is one, else the console. 0, or -1 for no such name.
 */
static int
find_tty(struct xen_conn *xen, int id, const char *device,
    struct store_batch *batch, const char **tty_out, struct error *err)
{
	unsigned int first, second;
	uint32_t n = 0;

	if (device != NULL && strncmp(device, "serial", 6) == 0 &&
	    number_u32(device + 6, 10, &n) != 0)
		device = "";
	if (device != NULL && strncmp(device, "serial", 6) != 0 &&
	    strcmp(device, "console0") != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "cannot find character device %s", device);
	first = store_add(batch, STORE_READ, "/local/domain/%d/serial/%u/tty",
	    id, n);
	second = store_add(batch, STORE_READ, "/local/domain/%d/console/tty",
	    id);
	if (xen_store_run(xen, batch, err) != 0)
		return -1;
	if (device == NULL || device[0] == 's')
		*tty_out = store_value(batch, first, NULL);
	if ((device == NULL && *tty_out == NULL) ||
	    (device != NULL && device[0] == 'c'))
		*tty_out = store_value(batch, second, NULL);
	if (*tty_out != NULL && (*tty_out)[0] == '/')
		return 0;
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "character device %s is not using a PTY",
	    device != NULL ? device : "(null)");
}

int
xen_domain_open_console(void *state, struct call *call)
{
	const struct xvm_domain_open_console_args *args = call->args;
	struct store_batch batch = STORE_BATCH_INIT;
	struct xen_domain dom;
	const char *tty = NULL;

	if (xen_check_flags(args->flags, XVM_DOMAIN_CONSOLE_FORCE,
	    "libxlDomainOpenConsole", &call->err) != 0 ||
	    xen_domain_find_active(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (find_tty(state, dom.id, args->dev_name != NULL ?
	    *args->dev_name : NULL, &batch, &tty, &call->err) == 0)
		call->stream = console_new(dom.id, tty,
		    (args->flags & XVM_DOMAIN_CONSOLE_FORCE) != 0,
		    &call->err);
	store_batch_release(&batch);
	xen_domain_release(&dom);
	return call->stream == NULL ? -1 : 0;
}
