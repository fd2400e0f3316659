/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The session of an embedded ssh, and the bytes below it.
 *
 * The library never sees a socket that is full: what it sends goes into a
 * buffer of ours first. It must not send something else while a packet is half
 * sent, and that cannot happen so.
 */
#include "ssh2_session.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#define SEEN_KEPT 8192		/* of what the host said first */

static void
lose(struct ssh2 *s, struct error *why)
{
	if (!s->dead && s->why.code == XVM_ERR_OK)
		error_move(&s->why, why);
	error_release(why);
	s->dead = true;
}

void
ssh2_flush(struct ssh2 *s)
{
	struct error err = ERROR_INIT;
	size_t done = 0;
	ssize_t n = 0;

	while (!s->dead && done < s->out.len) {
		n = s->io->ops->write(s->io, s->out.data + done,
		    s->out.len - done, &err);
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (done > 0)
		buf_consume(&s->out, done);
	if (n == -1)
		lose(s, &err);
}

/*
 * The library talks to the agent through the same two functions, by the
 * agent's own descriptor, which blocks.
 */
static ssize_t
send_agent(int fd, const void *data, size_t n)
{
	ssize_t w = send(fd, data, n, MSG_NOSIGNAL);

	return w < 0 ? -errno : w;
}

static ssize_t
receive_agent(struct ssh2 *s, int fd, void *data, size_t n)
{
	struct error err = ERROR_INIT;
	ssize_t r;

	if (ssh_wait_for(&s->wait, fd, POLLIN, "the agent", &err) != 0) {
		error_release(&err);
		return -ETIMEDOUT;
	}
	r = recv(fd, data, n, MSG_WAITALL);
	return r < 0 ? -errno : r;
}

static ssize_t
send_bytes(libssh2_socket_t fd, const void *data, size_t n, int flags,
    void **abstract)
{
	struct ssh2 *s = *abstract;

	(void)flags;
	if (fd != s->fd)
		return send_agent(fd, data, n);
	if (s->dead)
		return -EPIPE;
	buf_add(&s->out, data, n);
	if (s->out.failed)
		return -ENOMEM;
	ssh2_flush(s);
	return (ssize_t)n;
}

static ssize_t
receive_bytes(libssh2_socket_t fd, void *data, size_t n, int flags,
    void **abstract)
{
	struct ssh2 *s = *abstract;
	struct error err = ERROR_INIT;
	ssize_t r;

	(void)flags;
	if (fd != s->fd)
		return receive_agent(s, fd, data, n);
	if (s->dead)
		return 0;
	r = s->io->ops->read(s->io, data, n, &err);
	if (r == -2)
		return -EAGAIN;
	if (r > 0) {
		if (s->channel == NULL && s->seen.len < SEEN_KEPT)
			buf_add(&s->seen, data, (size_t)r);
		return r;
	}
	if (r == 0)
		error_set(&err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host closed the connection");
	lose(s, &err);
	return 0;
}

static void
watch(struct ssh2 *s, int op, int fd, unsigned int events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	(void)epoll_ctl(s->epfd, op, fd, &e);
}

/* Let epfd be readable when a read can do something. */
void
ssh2_update(struct ssh2 *s)
{
	int in = s->io->ops->fd(s->io, POLLIN);
	int out = s->io->ops->fd(s->io, POLLOUT);
	bool ready = s->dead, full = s->out.len > 0 && !s->dead;
	unsigned long there = 0;

	if (s->channel != NULL && !ready) {
		(void)libssh2_channel_window_read_ex(s->channel, &there, NULL);
		ready = there > 0 || libssh2_channel_eof(s->channel) != 0;
	}
	if (ready != s->ready_on)
		watch(s, ready ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, s->ready_fd,
		    EPOLLIN);
	s->ready_on = ready;
	if (full != s->out_on && in == out)
		watch(s, EPOLL_CTL_MOD, in, EPOLLIN | (full ? EPOLLOUT : 0u));
	else if (full != s->out_on)
		watch(s, full ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, out, EPOLLOUT);
	s->out_on = full;
}

/* The reason of the last failure: of the bytes below, else the library's. */
const char *
ssh2_reason(struct ssh2 *s)
{
	char *text = NULL;

	if (s->why.message != NULL)
		return s->why.message;
	(void)libssh2_session_last_error(s->session, &text, NULL, 0);
	return text == NULL || text[0] == '\0' ? "no reason given" : text;
}

bool
ssh2_knows(struct ssh2 *s, const char *type)
{
	const char **names = NULL;
	bool found = false;
	int n;

	n = libssh2_session_supported_algs(s->session, LIBSSH2_METHOD_HOSTKEY,
	    &names);
	for (int i = 0; i < n && !found; i++)
		found = strcmp(names[i], type) == 0;
	if (n > 0)
		libssh2_free(s->session, (void *)names);
	return found;
}

int
ssh2_await(struct ssh2 *s, const char *what, struct error *err)
{
	ssh2_flush(s);
	ssh2_update(s);
	return ssh_wait_for(&s->wait, s->epfd, POLLIN, what, err);
}

static void
init_library(void)
{
	(void)libssh2_init(0);
}

int
ssh2_start(struct ssh2 *s, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int also;

	(void)pthread_once(&once, init_library);
	s->epfd = epoll_create1(EPOLL_CLOEXEC);
	s->ready_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epfd < 0 || s->ready_fd < 0)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot watch the connection");
	s->fd = s->io->ops->fd(s->io, POLLIN);
	watch(s, EPOLL_CTL_ADD, s->fd, EPOLLIN);
	/* What a proxy says must be taken, or it waits to say it. */
	also = s->io->ops->fd(s->io, POLLPRI);
	if (also >= 0 && also != s->fd)
		watch(s, EPOLL_CTL_ADD, also, EPOLLIN);
	s->session = libssh2_session_init_ex(NULL, NULL, NULL, s);
	if (s->session == NULL)
		return error_nomem(err);
	libssh2_session_set_blocking(s->session, 0);
#if LIBSSH2_VERSION_NUM >= 0x010b01
	(void)libssh2_session_callback_set2(s->session, LIBSSH2_CALLBACK_SEND,
	    (libssh2_cb_generic *)send_bytes);
	(void)libssh2_session_callback_set2(s->session, LIBSSH2_CALLBACK_RECV,
	    (libssh2_cb_generic *)receive_bytes);
#else
	(void)libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_SEND,
	    (void *)(size_t)send_bytes);
	(void)libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_RECV,
	    (void *)(size_t)receive_bytes);
#endif
	return 0;
}
