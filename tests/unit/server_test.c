/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The helper's server with a driver whose streams have no descriptor. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../tunnel/fd_stream.h"
#include "../../tunnel/message.h"
#include "../../tunnel/server.h"

#define LIMIT_SECONDS 10

/* --- a driver with one call ----------------------------------------------- */

/* "ab", "c", the end, with nothing to read in between. */
struct slow_stream {
	struct stream stream;
	int turn;
};

static ssize_t
slow_read(struct stream *stream, void *buf, size_t n, struct error *err)
{
	static const char *const parts[] = { NULL, NULL, "ab", NULL, "c",
		NULL, "" };
	struct slow_stream *s = (struct slow_stream *)stream;
	const char *part = parts[s->turn];

	(void)err;
	(void)n;
	if (s->turn < 6)
		s->turn++;
	if (part == NULL)
		return -2;
	memcpy(buf, part, strlen(part));
	return (ssize_t)strlen(part);
}

static ssize_t
slow_write(struct stream *stream, const void *buf, size_t n,
    struct error *err)
{
	(void)stream;
	(void)buf;
	(void)err;
	return (ssize_t)n;
}

static int
slow_finish(struct stream *stream, struct error *err)
{
	(void)stream;
	(void)err;
	return 0;
}

static void
slow_abort(struct stream *stream)
{
	(void)stream;
}

static int
slow_fd(struct stream *stream, short events)
{
	(void)stream;
	(void)events;
	return -1;
}

static void
slow_free(struct stream *stream)
{
	free(stream);
}

static const struct stream_ops slow_ops = {
	.read = slow_read,
	.write = slow_write,
	.finish = slow_finish,
	.abort = slow_abort,
	.fd = slow_fd,
	.free = slow_free,
};

static int
screenshot(void *state, struct call *call)
{
	struct slow_stream *s = calloc(1, sizeof(*s));

	(void)state;
	s->stream.ops = &slow_ops;
	call->stream = &s->stream;
	return 0;
}

static driver_handler *const table[] = {
	[XVM_CALL_DOMAIN_SCREENSHOT] = screenshot,
};

static int
fake_open(const struct uri *uri, const struct conn_options *options,
    void **state_out, struct error *err)
{
	(void)uri;
	(void)options;
	(void)err;
	*state_out = NULL;
	return 0;
}

static void
fake_submit(void *state, struct call *calls, size_t n)
{
	driver_dispatch(table, sizeof(table) / sizeof(table[0]), state, calls,
	    n);
}

static void
fake_close(void *state)
{
	(void)state;
}

static const struct driver fake_driver = {
	.name = "fake",
	.local = true,
	.open = fake_open,
	.submit = fake_submit,
	.close = fake_close,
};

static const struct driver *const drivers[] = { &fake_driver, NULL };

/* --- a server on one end of a pair of sockets ------------------------------ */

struct served {
	struct server *server;
	pthread_t thread;
	int fd;			/* the client's end */
	struct buf in;
};

static void *
serve(void *arg)
{
	static const volatile sig_atomic_t stop;
	sigset_t waiting;

	(void)sigemptyset(&waiting);
	server_run(((struct served *)arg)->server, &stop, &waiting);
	return NULL;
}

static void
begin(struct served *s)
{
	const struct server_options options = {
		.drivers = drivers,
		.uri = "fake:///",
		.clients_max = 1,
	};
	const struct timeval limit = { .tv_sec = LIMIT_SECONDS };
	struct error err = ERROR_INIT;
	int fds[2];

	memset(s, 0, sizeof(*s));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	s->server = server_new(&options, &err);
	assert_non_null(s->server);
	assert_int_equal(server_add(s->server, fd_stream(fds[0], fds[0],
	    &err), &err), 0);
	s->fd = fds[1];
	(void)setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
	    sizeof(limit));
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void
end(struct served *s)
{
	(void)close(s->fd);
	(void)pthread_join(s->thread, NULL);
	server_free(s->server);
	buf_release(&s->in);
}

static void
send_call(const struct served *s, int number, uint32_t serial,
    const void *args)
{
	const struct message m = {
		.program = PROGRAM_REMOTE,
		.version = PROGRAM_VERSION,
		.procedure = (uint32_t)number,
		.serial = serial,
	};
	struct error err = ERROR_INIT;
	struct buf out = BUF_INIT;

	assert_int_equal(message_add_value(&out, &m, call_type(number),
	    CALL_ARGS, args, &err), 0);
	assert_int_equal(write(s->fd, out.data, out.len), out.len);
	buf_release(&out);
}

/* The next message; what was the last one before is dropped. */
static void
receive(struct served *s, struct message *m, size_t drop)
{
	struct error err = ERROR_INIT;

	if (drop > 0)
		buf_consume(&s->in, drop);
	while (message_parse(&s->in, m, &err) == 0) {
		ssize_t n = read(s->fd, buf_reserve(&s->in, 4096), 4096);

		assert_true(n > 0);
		s->in.len += (size_t)n;
	}
}

static void
test_stream_without_descriptor(void **state)
{
	const struct xvm_connect_open_args open_args = { 0 };
	struct xvm_domain_screenshot_args args = { 0 };
	char name[] = "any", got[8] = "";
	struct message m = { 0 };
	struct served s;

	(void)state;
	begin(&s);
	args.dom.name = name;
	send_call(&s, XVM_CALL_CONNECT_OPEN, 0, &open_args);
	receive(&s, &m, 0);
	assert_int_equal(m.status, MESSAGE_OK);
	send_call(&s, XVM_CALL_DOMAIN_SCREENSHOT, 1, &args);
	receive(&s, &m, m.size);
	assert_int_equal(m.type, MESSAGE_REPLY);
	assert_int_equal(m.status, MESSAGE_OK);
	do {
		receive(&s, &m, m.size);
		assert_int_equal(m.type, MESSAGE_STREAM);
		assert_int_equal(m.status, MESSAGE_CONTINUE);
		assert_true(strlen(got) + m.n < sizeof(got));
		(void)strncat(got, m.payload, m.n);
	} while (m.n > 0);
	assert_string_equal(got, "abc");
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream_without_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
