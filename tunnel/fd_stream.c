/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptors as a stream. */
#include "fd_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

struct fds {
	struct stream stream;
	int in, out;
};

static ssize_t
fds_read(struct stream *s, void *buf, size_t n, struct error *err)
{
	struct fds *f = (struct fds *)s;
	ssize_t r;

	do
		r = read(f->in, buf, n);
	while (r < 0 && errno == EINTR);
	if (r >= 0)
		return r;
	if (errno == EAGAIN)
		return -2;
	return error_system(err, XVM_FROM_RPC, errno, "Cannot recv data");
}

static ssize_t
fds_write(struct stream *s, const void *buf, size_t n, struct error *err)
{
	struct fds *f = (struct fds *)s;
	ssize_t w;

	do
		w = write(f->out, buf, n);
	while (w < 0 && errno == EINTR);
	if (w >= 0)
		return w;
	if (errno == EAGAIN)
		return -2;
	return error_system(err, XVM_FROM_RPC, errno, "Cannot write data");
}

static void
fds_abort(struct stream *s)
{
	struct fds *f = (struct fds *)s;

	if (f->in >= 0)
		(void)close(f->in);
	if (f->out >= 0 && f->out != f->in)
		(void)close(f->out);
	f->in = f->out = -1;
}

static int
fds_finish(struct stream *s, struct error *err)
{
	(void)err;
	fds_abort(s);
	return 0;
}

static int
fds_fd(struct stream *s, short events)
{
	struct fds *f = (struct fds *)s;

	return (events & POLLOUT) != 0 ? f->out : f->in;
}

static void
fds_free(struct stream *s)
{
	fds_abort(s);
	free(s);
}

static const struct stream_ops fds_ops = {
	.read = fds_read,
	.write = fds_write,
	.finish = fds_finish,
	.abort = fds_abort,
	.fd = fds_fd,
	.free = fds_free,
};

struct stream *
fd_stream(int in, int out, struct error *err)
{
	struct fds *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		error_nomem(err);
		return NULL;
	}
	f->stream.ops = &fds_ops;
	f->in = in;
	f->out = out;
	(void)fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	(void)fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
	return &f->stream;
}
