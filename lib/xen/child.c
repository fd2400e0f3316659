/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parent's side of the child process that changes domains. */
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../buf.h"
#include "child_wire.h"
#include "helper.h"
#include "marks.h"

#define LOOK_MS 250	/* how often a caller's wish to give up is seen */
#define GIVE_UP_MS 5000	/* for the child to clean up meanwhile */

/* --- starting it ----------------------------------------------------------- */

/* Debugging asked for? Then libxl's messages may be seen. */
static bool
is_debugging(void)
{
	const char *level = getenv("XVSH_DEBUG");

	if (level == NULL)
		level = getenv("VIRSH_DEBUG");
	return level != NULL && strcmp(level, "0") == 0;
}

static int
start(pid_t *pid_out, int *fd_out, struct error *err)
{
	int pair[2], rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot make a socket");
	rc = helper_spawn("--libxl", pair[1], is_debugging(), pid_out, err);
	(void)close(pair[1]);
	if (rc != 0) {
		(void)close(pair[0]);
		return -1;
	}
	*fd_out = pair[0];
	return 0;
}

/* --- asking it ------------------------------------------------------------- */

static int
send_request(int fd, uint32_t procedure, const char *uri, const char *owner,
    const void *bytes, size_t n)
{
	struct child_request request = {
		.magic = CHILD_MAGIC,
		.procedure = procedure,
		.uri_size = (uint32_t)strlen(uri) + 1,
		.owner_size = (uint32_t)strlen(owner) + 1,
		.n_bytes = (uint32_t)n,
	};

	if (child_write(fd, &request, sizeof(request)) != 0 ||
	    child_write(fd, uri, request.uri_size) != 0 ||
	    child_write(fd, owner, request.owner_size) != 0)
		return -1;
	return child_write(fd, bytes, n);
}

/* Wait until it has something to say: 1, or 0 when the caller gives up. */
static int
wait_for_answer(const struct xen_conn *xen, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int patience = GIVE_UP_MS;
	bool given_up = false;

	for (;;) {
		if (!given_up && xen->cancel != NULL && *xen->cancel != 0) {
			/* It sees the end of requests, and stops where it
			 * safely can. */
			(void)shutdown(fd, SHUT_WR);
			given_up = true;
		}
		if (poll(&p, 1, LOOK_MS) > 0)
			return 1;
		if (given_up && (patience -= LOOK_MS) <= 0)
			return 0;
	}
}

/* Its answer's bytes: 1, 0 when it has ended without, -1 with err set. */
static int
receive(int fd, int32_t *rc_out, struct buf *out, struct error *err)
{
	struct child_answer answer;
	char *room;

	if (child_read(fd, &answer, sizeof(answer)) != 1)
		return 0;
	if (answer.magic != CHILD_MAGIC || answer.n_bytes > CHILD_BYTES_MAX)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "the helper program virtd is of another version");
	room = buf_reserve(out, answer.n_bytes + 1);
	if (room == NULL)
		return error_nomem(err);
	if (answer.n_bytes > 0 &&
	    child_read(fd, room, answer.n_bytes) != 1)
		return 0;
	room[answer.n_bytes] = '\0';
	out->len += answer.n_bytes;
	*rc_out = answer.rc;
	return 1;
}

/* It ended without an answer: how? */
static int
tell_end(pid_t pid, struct error *err)
{
	int status;
	pid_t rc;

	do {
		rc = waitpid(pid, &status, 0);
	} while (rc < 0 && errno == EINTR);
	if (rc == pid && WIFSIGNALED(status))
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "the process that changes domains was killed by signal "
		    "%d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (rc == pid && WIFEXITED(status))
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "the process that changes domains ended with status %d "
		    "and without an answer", WEXITSTATUS(status));
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
	    "the process that changes domains ended without an answer");
}

static int
take_error(const struct buf *bytes, struct error *err)
{
	struct xvm_error wire;

	memset(&wire, 0, sizeof(wire));
	if (call_error_decode(bytes->data, bytes->len, &wire, err) != 0)
		return -1;
	error_from_wire(err, &wire);
	call_error_free(&wire);
	return -1;
}

static void
reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* This connection, for domains that shall not outlive it. */
static void
name_owner(const struct xen_conn *xen, char text[MARK_OWNER_SIZE])
{
	struct mark_owner self = {
		.process = process_of(getpid()),
		.number = (unsigned int)((uintptr_t)xen >> 4),
	};

	mark_owner_format(&self, text);
}

/* Will a domain have to go when the connection does? */
static bool
wants_autodestroy(const struct call *call)
{
	const struct xvm_domain_create_with_flags_args *start = call->args;
	const struct xvm_domain_create_xml_args *create = call->args;

	switch (call->number) {
	case XVM_CALL_DOMAIN_CREATE_WITH_FLAGS:
		return (start->flags & XVM_DOMAIN_START_AUTODESTROY) != 0;
	case XVM_CALL_DOMAIN_CREATE_XML:
		return (create->flags & XVM_DOMAIN_START_AUTODESTROY) != 0;
	default:
		return false;
	}
}

/* The whole exchange for one call. */
static int
ask(struct xen_conn *xen, int fd, pid_t pid, struct call *call)
{
	const struct call_type *type = call_type(call->number);
	struct buf bytes = BUF_INIT;
	char owner[MARK_OWNER_SIZE];
	int32_t rc = -1;
	int got;

	name_owner(xen, owner);
	if (type->part[CALL_ARGS].size != 0 && call_encode(type, CALL_ARGS,
	    call->args, &bytes, &call->err) != 0)
		goto out;
	if (send_request(fd, (uint32_t)call->number, xen->uri, owner,
	    buf_str(&bytes), bytes.len) == 0 &&
	    wait_for_answer(xen, fd) == 0) {
		error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_ABORTED, "given up by the caller");
		goto out;
	}
	buf_clear(&bytes);
	got = receive(fd, &rc, &bytes, &call->err);
	if (got == 1)
		reap(pid);
	if (got == 0)
		rc = tell_end(pid, &call->err);
	else if (got < 0)
		rc = -1;
	else if (rc != 0)
		rc = take_error(&bytes, &call->err);
	else if (type->part[CALL_RET].size != 0)
		rc = call_decode(type, CALL_RET, buf_str(&bytes), bytes.len,
		    call->ret, &call->err);
out:
	buf_release(&bytes);
	return rc;
}

int
xen_child(void *state, struct call *call)
{
	struct xen_conn *xen = state;
	pid_t pid;
	int fd, rc;

	if (wants_autodestroy(call)) {
		(void)pthread_mutex_lock(&xen->lock);
		xen->autodestroy = true;
		(void)pthread_mutex_unlock(&xen->lock);
	}
	if (start(&pid, &fd, &call->err) != 0)
		return -1;
	rc = ask(xen, fd, pid, call);
	(void)close(fd);
	return rc;
}

/* --- orders ---------------------------------------------------------------- */

int
child_order(uint32_t order, const char *text, const char *owner,
    pid_t *pid_out, int *fd_out, struct error *err)
{
	if (start(pid_out, fd_out, err) != 0)
		return -1;
	if (send_request(*fd_out, order, "xen:///", owner, text,
	    strlen(text) + 1) == 0)
		return 0;
	(void)close(*fd_out);
	return tell_end(*pid_out, err);
}

void
xen_child_close(struct xen_conn *xen)
{
	struct error err = ERROR_INIT;
	char owner[MARK_OWNER_SIZE], byte;
	pid_t pid;
	int fd;

	if (!xen->autodestroy)
		return;
	name_owner(xen, owner);
	if (child_order(CHILD_ORDER_DESTROY_OWNED, "", owner, &pid, &fd,
	    &err) == 0) {
		(void)child_read(fd, &byte, 1);	/* until it is done */
		(void)close(fd);
		reap(pid);
	}
	error_release(&err);
}
