/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program with pipes, as a stream. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "keepalive.h"
#include "visible.h"

#define STDERR_KEPT 4096	/* of what it said, the end of it */
#define END_MS 500		/* between asking it to end and making it */

struct child {
	struct stream stream;
	pid_t pid;
	int in, out, err;	/* -1 when closed */
	int held;		/* until it writes; -1: none */
	struct buf said;
};

/* Take what it wrote to stderr; keep the end. */
static void
listen_stderr(struct child *c)
{
	char part[1024];
	ssize_t n;

	while (c->err >= 0) {
		n = read(c->err, part, sizeof(part));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0 || errno != EAGAIN) {
				(void)close(c->err);
				c->err = -1;
			}
			return;
		}
		buf_add(&c->said, part, (size_t)n);
		if (c->said.len > STDERR_KEPT)
			buf_consume(&c->said, c->said.len - STDERR_KEPT);
	}
}

/* Its last line that says something, in place in c->said; or NULL. */
static const char *
last_line(struct child *c)
{
	char *start, *end;

	/* It may still be about to say why it ended. */
	if (c->err >= 0) {
		struct pollfd p = { .fd = c->err, .events = POLLIN };

		for (int i = 0; i < 20 && c->err >= 0; i++) {
			if (poll(&p, 1, 10) > 0)
				listen_stderr(c);
		}
	}
	if (c->said.len == 0)
		return NULL;
	end = c->said.data + c->said.len;
	while (end > c->said.data && strchr("\r\n", end[-1]) != NULL)
		*--end = '\0';
	start = strrchr(c->said.data, '\n');
	start = start == NULL ? c->said.data : start + 1;
	return *start == '\0' ? NULL : start;
}

static int
broken(struct child *c, const char *doing, int errnum, struct error *err)
{
	const char *why = last_line(c);
	struct buf text = BUF_INIT;

	if (why != NULL) {
		visible_add(&text, why, strlen(why));
		error_system(err, XVM_FROM_RPC, errnum, "Cannot %s: %s",
		    doing, buf_str(&text));
		buf_release(&text);
		return -1;
	}
	return error_system(err, XVM_FROM_RPC, errnum, "Cannot %s", doing);
}

static void
let_go(struct child *c)
{
	if (c->held >= 0)
		(void)close(c->held);
	c->held = -1;
}

static ssize_t
child_read(struct stream *s, void *buf, size_t n, struct error *err)
{
	struct child *c = (struct child *)s;
	ssize_t r;

	listen_stderr(c);
	do
		r = read(c->out, buf, n);
	while (r < 0 && errno == EINTR);
	if (r < 0 && errno == EAGAIN)
		return -2;
	let_go(c);
	if (r > 0)
		return r;
	return broken(c, "recv data", r == 0 ? ECONNRESET : errno, err);
}

static ssize_t
child_write(struct stream *s, const void *buf, size_t n, struct error *err)
{
	struct child *c = (struct child *)s;
	ssize_t w;

	if (c->in < 0)
		return -2;
	do
		w = write(c->in, buf, n);
	while (w < 0 && errno == EINTR);
	if (w >= 0)
		return w;
	if (errno == EAGAIN)
		return -2;
	/* It reads no more, but what it had to say may be there to read. */
	if (errno == EPIPE) {
		(void)close(c->in);
		c->in = -1;
		return -2;
	}
	return broken(c, "write data", errno, err);
}

static void
close_fds(struct child *c)
{
	int *fds[] = { &c->in, &c->out, &c->err };

	for (size_t i = 0; i < 3; i++) {
		if (*fds[i] >= 0)
			(void)close(*fds[i]);
		*fds[i] = -1;
	}
}

/* One that is stopped, or does not care for SIGTERM, is killed. */
static void
end_child(struct child *c)
{
	const struct timespec slice = { .tv_nsec = 200000 };
	int64_t until = clock_ms() + END_MS;
	pid_t rc = 0;

	if (c->pid <= 0)
		return;
	(void)kill(c->pid, SIGTERM);
	(void)kill(c->pid, SIGCONT);
	while ((rc = waitpid(c->pid, NULL, WNOHANG)) == 0 &&
	    clock_ms() < until)
		(void)nanosleep(&slice, NULL);
	if (rc == 0) {
		(void)kill(c->pid, SIGKILL);
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	c->pid = 0;
}

static void
child_abort(struct stream *s)
{
	struct child *c = (struct child *)s;

	close_fds(c);
	end_child(c);
	let_go(c);
}

static int
child_finish(struct stream *s, struct error *err)
{
	(void)err;
	child_abort(s);
	return 0;
}

static int
child_fd(struct stream *s, short events)
{
	struct child *c = (struct child *)s;

	if ((events & POLLPRI) != 0)
		return c->err;
	return (events & POLLOUT) != 0 ? c->in : c->out;
}

static void
child_free(struct stream *s)
{
	struct child *c = (struct child *)s;

	child_abort(s);
	buf_release(&c->said);
	free(c);
}

static const struct stream_ops child_ops = {
	.read = child_read,
	.write = child_write,
	.finish = child_finish,
	.abort = child_abort,
	.fd = child_fd,
	.free = child_free,
};

/* Between fork and exec: only what is safe there. Never returns. */
static void __attribute__((noreturn))
run_child(const char *const *argv, const int *fds, int report)
{
	struct sigaction action;
	sigset_t none;
	int errnum;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGQUIT, &action, NULL);
	action.sa_handler = SIG_DFL;
	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(fds[0], 0) >= 0 && dup2(fds[1], 1) >= 0 &&
	    dup2(fds[2], 2) >= 0)
		(void)execvp(argv[0], (char *const *)(size_t)argv);
	errnum = errno;
	(void)!write(report, &errnum, sizeof(errnum));
	_exit(127);
}

struct stream *
spawn_stream(const char *const *argv, struct error *err)
{
	/* Pairs: its stdin, stdout, stderr, and the report of exec. */
	int p[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	struct child *c = calloc(1, sizeof(*c));
	int fds[3], errnum = 0;
	ssize_t n;

	if (c == NULL) {
		error_nomem(err);
		return NULL;
	}
	c->stream.ops = &child_ops;
	c->in = c->out = c->err = c->held = -1;
	for (int i = 0; i < 8; i += 2) {
		if (pipe2(p + i, O_CLOEXEC) != 0) {
			errnum = errno;
			goto fail;
		}
	}
	fds[0] = p[0];
	fds[1] = p[3];
	fds[2] = p[5];
	c->pid = fork();
	if (c->pid < 0) {
		errnum = errno;
		goto fail;
	}
	if (c->pid == 0)
		run_child(argv, fds, p[7]);
	(void)close(p[7]);
	p[7] = -1;
	do
		n = read(p[6], &errnum, sizeof(errnum));
	while (n < 0 && errno == EINTR);
	if (n == sizeof(errnum)) {
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		goto fail;
	}
	errnum = 0;
	c->in = p[1];
	c->out = p[2];
	c->err = p[4];
	p[1] = p[2] = p[4] = -1;
	for (int i = 0; i < 8; i++) {
		if (p[i] >= 0)
			(void)close(p[i]);
	}
	(void)fcntl(c->in, F_SETFL, O_NONBLOCK);
	(void)fcntl(c->out, F_SETFL, O_NONBLOCK);
	(void)fcntl(c->err, F_SETFL, O_NONBLOCK);
	return &c->stream;
fail:
	error_system(err, XVM_FROM_RPC, errnum, "cannot run '%s'", argv[0]);
	for (int i = 0; i < 8; i++) {
		if (p[i] >= 0)
			(void)close(p[i]);
	}
	free(c);
	return NULL;
}

void
spawn_hold(struct stream *stream, int fd)
{
	struct child *c = (struct child *)stream;

	let_go(c);
	c->held = fd;
}
