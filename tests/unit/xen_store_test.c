/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client of xenstore's wire, beside a xenstored that the test plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants these first. */
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

#include "../../lib/xen/store.h"

#define QUESTIONS 3000
#define LONG_NAMES 2000		/* "0" to "1999" do not fit into a message */

/* How the other end behaves. */
enum manner {
	ORDERLY,
	BACKWARDS,		/* answers each pair in the other order */
	HANGS_UP,		/* after the first question */
	STRANGE_ID,		/* answers what nobody asked */
	TOO_LONG,		/* claims more than a message may have */
};

struct daemon {
	int fd;
	enum manner manner;
	pthread_t thread;
	struct store *store;
};

static int
take(int fd, void *data, size_t n)
{
	char *p = data;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got <= 0)
			return -1;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

static void
give(int fd, uint32_t type, uint32_t id, const void *data, uint32_t len)
{
	const struct xsd_sockmsg head = {
		.type = type,
		.req_id = id,
		.len = len,
	};

	(void)!send(fd, &head, sizeof(head), MSG_NOSIGNAL);
	(void)!send(fd, data, len, MSG_NOSIGNAL);
}

/* The part of a long directory from an offset on. */
static void
give_part(int fd, uint32_t id, size_t offset)
{
	struct buf all = BUF_INIT, part = BUF_INIT;
	size_t n = 0;

	for (int i = 0; i < LONG_NAMES; i++) {
		buf_printf(&all, "%d", i);
		buf_putc(&all, '\0');
	}
	buf_puts(&part, "7");
	buf_putc(&part, '\0');
	/* Whole names, as many as fit. */
	while (offset + n < all.len) {
		size_t len = strlen(all.data + offset + n) + 1;

		if (part.len + n + len + 1 > XENSTORE_PAYLOAD_MAX)
			break;
		n += len;
	}
	buf_add(&part, all.data + offset, n);
	if (offset + n == all.len)
		buf_putc(&part, '\0');
	give(fd, XS_DIRECTORY_PART, id, part.data, (uint32_t)part.len);
	buf_release(&all);
	buf_release(&part);
}

static void
answer(int fd, const struct xsd_sockmsg *head, const char *path)
{
	static const char event[] = "@introduceDomain\0token";
	char text[64];

	if (head->type == XS_WATCH) {
		give(fd, XS_WATCH, head->req_id, "OK", 3);
		give(fd, XS_WATCH_EVENT, 0, event, sizeof(event));
	} else if (head->type == XS_DIRECTORY_PART) {
		give_part(fd, head->req_id,
		    strtoul(path + strlen(path) + 1, NULL, 10));
	} else if (strncmp(path, "/gone", 5) == 0) {
		give(fd, XS_ERROR, head->req_id, "ENOENT", 7);
	} else if (strcmp(path, "/long") == 0) {
		give(fd, XS_ERROR, head->req_id, "E2BIG", 6);
	} else if (head->type == XS_DIRECTORY) {
		give(fd, XS_DIRECTORY, head->req_id, "a\0bc", 5);
	} else {
		(void)snprintf(text, sizeof(text), "value of %s", path);
		give(fd, XS_READ, head->req_id, text,
		    (uint32_t)strlen(text));
	}
}

static void *
run_daemon(void *arg)
{
	struct daemon *d = arg;
	struct xsd_sockmsg head, held;
	char path[XENSTORE_PAYLOAD_MAX + 1], held_path[sizeof(path)];
	bool holds = false;

	while (take(d->fd, &head, sizeof(head)) == 0) {
		assert_true(head.len <= XENSTORE_PAYLOAD_MAX);
		if (take(d->fd, path, head.len) != 0)
			break;
		path[head.len] = '\0';
		if (d->manner == HANGS_UP)
			break;
		if (d->manner == STRANGE_ID)
			head.req_id += 100;
		if (d->manner == TOO_LONG) {
			head.type = XS_READ;
			head.len = 1 << 20;	/* of which nothing comes */
			(void)!send(d->fd, &head, sizeof(head), MSG_NOSIGNAL);
			break;
		}
		if (d->manner == BACKWARDS && !holds) {
			held = head;
			memcpy(held_path, path, sizeof(path));
			holds = true;
			continue;
		}
		answer(d->fd, &head, path);
		if (holds)
			answer(d->fd, &held, held_path);
		holds = false;
	}
	(void)close(d->fd);
	return NULL;
}

static void
start(struct daemon *d, enum manner manner)
{
	struct error err = ERROR_INIT;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	d->fd = fds[1];
	d->manner = manner;
	assert_int_equal(pthread_create(&d->thread, NULL, run_daemon, d), 0);
	d->store = store_open_fd(fds[0], &err);
	assert_non_null(d->store);
}

static void
stop(struct daemon *d)
{
	store_close(d->store);
	assert_int_equal(pthread_join(d->thread, NULL), 0);
}

static void
ask_many(enum manner manner)
{
	struct store_batch b = STORE_BATCH_INIT;
	struct error err = ERROR_INIT;
	struct daemon d;
	char text[64];

	start(&d, manner);
	/* More than any socket takes at once, both ways. */
	for (unsigned int i = 0; i < QUESTIONS; i++)
		assert_int_equal(store_add(&b, STORE_READ,
		    i % 10 == 3 ? "/gone/%u" : "/there/%u", i), i);
	assert_int_equal(store_run(d.store, &b, &err), 0);
	for (unsigned int i = 0; i < QUESTIONS; i++) {
		if (i % 10 == 3) {
			assert_null(store_value(&b, i, NULL));
			continue;
		}
		(void)snprintf(text, sizeof(text), "value of /there/%u", i);
		assert_string_equal(store_value(&b, i, NULL), text);
	}
	assert_null(store_value(&b, QUESTIONS, NULL));
	/* The same questions once more. */
	assert_int_equal(store_run(d.store, &b, &err), 0);
	assert_string_equal(store_value(&b, 0, NULL), "value of /there/0");
	store_batch_release(&b);
	stop(&d);
}

static void
test_many(void **state)
{
	(void)state;
	ask_many(ORDERLY);
}

static void
test_backwards(void **state)
{
	(void)state;
	ask_many(BACKWARDS);
}

static void
test_directories(void **state)
{
	struct store_batch b = STORE_BATCH_INIT;
	struct error err = ERROR_INIT;
	const char *name = NULL;
	struct daemon d;
	int n = 0;

	(void)state;
	start(&d, ORDERLY);
	(void)store_add(&b, STORE_DIRECTORY, "/short");
	(void)store_add(&b, STORE_DIRECTORY, "/long");
	(void)store_add(&b, STORE_DIRECTORY, "/gone");
	assert_int_equal(store_run(d.store, &b, &err), 0);
	name = store_next_name(&b, 0, NULL);
	assert_string_equal(name, "a");
	name = store_next_name(&b, 0, name);
	assert_string_equal(name, "bc");
	assert_null(store_next_name(&b, 0, name));
	for (name = NULL; (name = store_next_name(&b, 1, name)) != NULL; n++)
		assert_int_equal(atoi(name), n);
	assert_int_equal(n, LONG_NAMES);
	assert_null(store_next_name(&b, 2, NULL));
	store_batch_release(&b);
	stop(&d);
}

static void
test_watch(void **state)
{
	struct store_batch b = STORE_BATCH_INIT;
	struct error err = ERROR_INIT;
	struct daemon d;

	(void)state;
	start(&d, ORDERLY);
	assert_int_equal(store_changed(d.store, &err), 0);
	assert_int_equal(store_watch(d.store, "@introduceDomain", "token",
	    &err), 0);
	/* The event is taken beside an answer, or alone. */
	(void)store_add(&b, STORE_READ, "/there");
	assert_int_equal(store_run(d.store, &b, &err), 0);
	assert_string_equal(store_value(&b, 0, NULL), "value of /there");
	assert_int_equal(store_changed(d.store, &err), 1);
	assert_int_equal(store_changed(d.store, &err), 0);
	store_batch_release(&b);
	stop(&d);
}

static void
fail_with(enum manner manner, const char *message)
{
	struct store_batch b = STORE_BATCH_INIT;
	struct error err = ERROR_INIT;
	struct daemon d;

	start(&d, manner);
	(void)store_add(&b, STORE_READ, "/there");
	assert_int_equal(store_run(d.store, &b, &err), -1);
	assert_string_equal(err.message, message);
	assert_int_equal(store_fd(d.store), -1);
	error_release(&err);
	/* It stays lost, and says so. */
	assert_int_equal(store_run(d.store, &b, &err), -1);
	assert_int_equal(store_changed(d.store, &err), -1);
	error_release(&err);
	store_batch_release(&b);
	stop(&d);
}

static void
test_failures(void **state)
{
	(void)state;
	fail_with(HANGS_UP,
	    "operation failed: xenstored closed the connection");
	fail_with(STRANGE_ID,
	    "operation failed: xenstored sent an answer to no question");
	fail_with(TOO_LONG,
	    "operation failed: xenstored sent a message that is too long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
