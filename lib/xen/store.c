/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Xenstore's wire: one loop that writes questions and reads answers. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

#define PARTS_MAX 100000

struct store {
	int fd;
	bool is_socket;		/* else the device: one message a write */
	uint32_t next_id;
	bool changed;		/* a watch told something */
	struct buf in;		/* received, not looked at */
};

/* What goes on during one exchange. */
struct exchange {
	struct store_batch *batch;
	uint32_t first_id;
	unsigned int answered;
	struct buf out;		/* to be written */
	size_t sent;
};

static const char *const places[] = {
	"/run/xenstored/socket",
	"/var/run/xenstored/socket",
	"/dev/xen/xenbus",
	"/proc/xen/xenbus",
};

/* --- connecting ----------------------------------------------------------- */

static int
connect_socket(const char *path)
{
	const struct timeval limit = { .tv_sec = 2 };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		int errnum = errno;

		(void)close(fd);
		errno = errnum;
		return -1;
	}
	return fd;
}

static struct store *
new_store(int fd, bool is_socket, struct error *err)
{
	struct store *s = calloc(1, sizeof(*s));
	int flags = fcntl(fd, F_GETFL);

	if (s == NULL || flags < 0 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
		error_nomem(err);
		free(s);
		(void)close(fd);
		return NULL;
	}
	s->fd = fd;
	s->is_socket = is_socket;
	s->next_id = 1;
	return s;
}

struct store *
store_open_fd(int fd, struct error *err)
{
	return new_store(fd, true, err);
}

struct store *
store_open(struct error *err)
{
	int errnum = ENOENT, fd;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		bool is_socket = i < 2;

		fd = is_socket ? connect_socket(places[i]) :
		    open(places[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			return new_store(fd, is_socket, err);
		if (errno != ENOENT)
			errnum = errno;
	}
	if (errnum == EACCES || errnum == EPERM)
		error_set(err, XVM_FROM_XENSTORE, XVM_ERR_OPERATION_FAILED,
		    "only root may ask xenstored");
	else if (errnum == ENOENT || errnum == ECONNREFUSED)
		error_set(err, XVM_FROM_XENSTORE, XVM_ERR_OPERATION_FAILED,
		    "xenstored does not run (%s)", places[0]);
	else
		error_system(err, XVM_FROM_XENSTORE, errnum,
		    "cannot connect to xenstored");
	return NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		(void)close(s->fd);
	buf_release(&s->in);
	free(s);
}

int
store_fd(const struct store *s)
{
	return s->fd;
}

/* The connection is of no use any more. */
static int
lose(struct store *s, struct error *err, const char *why)
{
	(void)close(s->fd);
	s->fd = -1;
	return error_set(err, XVM_FROM_XENSTORE, XVM_ERR_OPERATION_FAILED,
	    "xenstored %s", why);
}

/* --- the wire ------------------------------------------------------------- */

static void
put_message(struct buf *out, uint32_t type, uint32_t id, const void *data,
    size_t len)
{
	const struct xsd_sockmsg head = {
		.type = type,
		.req_id = id,
		.len = (uint32_t)len,
	};

	buf_add(out, &head, sizeof(head));
	buf_add(out, data, len);
}

/* How much may be written at once from a buffer of whole messages. */
static size_t
piece(const struct store *s, const char *data, size_t len)
{
	struct xsd_sockmsg head;

	if (s->is_socket)
		return len;
	memcpy(&head, data, sizeof(head));
	return sizeof(head) + head.len;
}

/* Write what can be written now. 0 or -1. */
static int
flush(struct store *s, const struct buf *out, size_t *sent,
    struct error *err)
{
	ssize_t n;

	while (*sent < out->len) {
		const char *data = out->data + *sent;
		size_t len = piece(s, data, out->len - *sent);

		n = s->is_socket ? send(s->fd, data, len, MSG_NOSIGNAL) :
		    write(s->fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n <= 0)
			return lose(s, err, "closed the connection");
		*sent += (size_t)n;
	}
	return 0;
}

/* Take in what has arrived. 0 or -1. */
static int
receive(struct store *s, struct error *err)
{
	const size_t room = 65536;
	ssize_t n;

	if (buf_reserve(&s->in, room) == NULL)
		return error_nomem(err);
	do {
		n = read(s->fd, s->in.data + s->in.len, room);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return lose(s, err, "closed the connection");
	s->in.len += (size_t)n;
	return 0;
}

/* The number of an error's name. */
static int
error_number(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]);
	    i++) {
		if (strlen(xsd_errors[i].errstring) + 1 == len &&
		    memcmp(xsd_errors[i].errstring, name, len) == 0)
			return xsd_errors[i].errnum;
	}
	return EIO;
}

/* Keep one answer. 0, or -1 when it belongs to no question. */
static int
take_answer(struct store *s, struct exchange *x,
    const struct xsd_sockmsg *head, const char *data, struct error *err)
{
	uint32_t i = head->req_id - x->first_id;
	struct store_batch *b = x->batch;
	struct store_question *q;

	if (i >= b->n || b->v[i].errnum != EINPROGRESS)
		return lose(s, err, "sent an answer to no question");
	q = &b->v[i];
	x->answered++;
	if (head->type == XS_ERROR) {
		q->errnum = error_number(data, head->len);
		return 0;
	}
	if (b->values.len + head->len > STORE_VALUES_MAX)
		return lose(s, err, "answered with too much");
	q->errnum = 0;
	q->value = b->values.len;
	q->len = head->len;
	buf_add(&b->values, data, head->len);
	buf_putc(&b->values, '\0');
	return b->values.failed ? error_nomem(err) : 0;
}

/* Look at all whole messages that were received; x NULL: none is asked for. */
static int
take_messages(struct store *s, struct exchange *x, struct error *err)
{
	struct xsd_sockmsg head;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && s->in.len - at >= sizeof(head)) {
		memcpy(&head, s->in.data + at, sizeof(head));
		if (head.len > XENSTORE_PAYLOAD_MAX) {
			rc = lose(s, err, "sent a message that is too long");
			break;
		}
		if (s->in.len - at < sizeof(head) + head.len)
			break;
		if (head.type == XS_WATCH_EVENT)
			s->changed = true;
		else if (x != NULL)
			rc = take_answer(s, x, &head,
			    s->in.data + at + sizeof(head), err);
		else
			rc = lose(s, err, "sent an answer to no question");
		at += sizeof(head) + head.len;
	}
	buf_consume(&s->in, at);
	return rc;
}

/* Write and read until every question has its answer. */
static int
converse(struct store *s, struct exchange *x, struct error *err)
{
	while (x->answered < x->batch->n) {
		struct pollfd p = { .fd = s->fd, .events = POLLIN };
		int n;

		if (x->sent < x->out.len) {
			if (flush(s, &x->out, &x->sent, err) != 0)
				return -1;
			if (x->sent < x->out.len)
				p.events |= POLLOUT;
		}
		n = poll(&p, 1, STORE_PATIENCE_MS);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(err, XVM_FROM_XENSTORE, errno,
			    "cannot wait for xenstored");
		if (n == 0)
			return lose(s, err, "does not answer");
		if ((p.revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
		    (receive(s, err) != 0 || take_messages(s, x, err) != 0))
			return -1;
	}
	return 0;
}

/* One message that is not a question of a batch; its answer, or -1. */
static int
ask_one(struct store *s, uint32_t type, const void *data, size_t len,
    struct store_batch *answer, struct error *err)
{
	struct exchange x = { .batch = answer };
	int rc;

	(void)store_add(answer, STORE_READ, "%s", "");
	if (answer->failed)
		return error_nomem(err);
	answer->v[0].errnum = EINPROGRESS;
	x.first_id = s->next_id++;
	put_message(&x.out, type, x.first_id, data, len);
	rc = x.out.failed ? error_nomem(err) : converse(s, &x, err);
	buf_release(&x.out);
	return rc;
}

/* A directory that does not fit into one message: part by part. */
static int
read_long_directory(struct store *s, struct store_batch *b,
    struct store_question *q, struct error *err)
{
	struct buf names = BUF_INIT, question = BUF_INIT;
	char generation[64] = "";
	unsigned int parts = 0;
	int rc = 0, errnum = 0;
	bool whole = false;

	while (!whole && rc == 0 && errnum == 0) {
		struct store_batch answer = STORE_BATCH_INIT;
		size_t len = 0, head;
		const char *text;

		buf_clear(&question);
		buf_puts(&question, b->paths.data + q->path);
		buf_putc(&question, '\0');
		buf_printf(&question, "%zu", names.len);
		buf_putc(&question, '\0');
		rc = question.failed ? error_nomem(err) :
		    ask_one(s, XS_DIRECTORY_PART, question.data, question.len,
		    &answer, err);
		text = store_value(&answer, 0, &len);
		head = text != NULL ? strnlen(text, len) + 1 : 0;
		if (rc != 0) {
			;
		} else if (text == NULL) {
			errnum = answer.v[0].errnum;
		} else if (head > len || head > sizeof(generation)) {
			errnum = EIO;
		} else if (names.len != 0 && strcmp(text, generation) != 0) {
			buf_clear(&names);	/* it changed: once more */
		} else {
			memcpy(generation, text, head);
			text += head;
			len -= head;
			/* One more NUL ends the last part. */
			whole = len == 0 || (text[len - 1] == '\0' &&
			    (len == 1 || text[len - 2] == '\0'));
			if (whole && len > 0)
				len--;
			buf_add(&names, text, len);
			if (names.len > STORE_VALUES_MAX ||
			    ++parts > PARTS_MAX)
				errnum = E2BIG;
		}
		store_batch_release(&answer);
	}
	q->errnum = errnum;
	if (rc == 0 && errnum == 0) {
		q->value = b->values.len;
		q->len = names.len;
		buf_add(&b->values, names.data, names.len);
		buf_putc(&b->values, '\0');
		rc = b->values.failed || names.failed ? error_nomem(err) : 0;
	}
	buf_release(&names);
	buf_release(&question);
	return rc;
}

int
store_run(struct store *s, struct store_batch *b, struct error *err)
{
	struct exchange x = { .batch = b };
	int rc;

	if (s->fd < 0)
		return error_set(err, XVM_FROM_XENSTORE,
		    XVM_ERR_OPERATION_FAILED,
		    "the connection to xenstored is lost");
	if (b->failed)
		return error_nomem(err);
	buf_clear(&b->values);
	x.first_id = s->next_id;
	s->next_id += b->n;
	for (unsigned int i = 0; i < b->n; i++) {
		const char *path = b->paths.data + b->v[i].path;

		b->v[i].errnum = EINPROGRESS;
		put_message(&x.out, b->v[i].op == STORE_READ ? XS_READ :
		    XS_DIRECTORY, x.first_id + i, path, strlen(path) + 1);
	}
	rc = x.out.failed ? error_nomem(err) : converse(s, &x, err);
	buf_release(&x.out);
	for (unsigned int i = 0; i < b->n && rc == 0; i++) {
		if (b->v[i].op == STORE_DIRECTORY && b->v[i].errnum == E2BIG)
			rc = read_long_directory(s, b, &b->v[i], err);
	}
	return rc;
}

int
store_watch(struct store *s, const char *path, const char *token,
    struct error *err)
{
	struct store_batch answer = STORE_BATCH_INIT;
	struct buf question = BUF_INIT;
	int rc;

	buf_puts(&question, path);
	buf_putc(&question, '\0');
	buf_puts(&question, token);
	buf_putc(&question, '\0');
	rc = question.failed ? error_nomem(err) :
	    ask_one(s, XS_WATCH, question.data, question.len, &answer, err);
	if (rc == 0 && answer.v[0].errnum != 0)
		rc = error_system(err, XVM_FROM_XENSTORE, answer.v[0].errnum,
		    "cannot watch %s in xenstore", path);
	buf_release(&question);
	store_batch_release(&answer);
	return rc;
}

int
store_changed(struct store *s, struct error *err)
{
	bool changed;

	if (s->fd < 0 || receive(s, err) != 0 ||
	    take_messages(s, NULL, err) != 0)
		return -1;
	changed = s->changed;
	s->changed = false;
	return changed;
}
