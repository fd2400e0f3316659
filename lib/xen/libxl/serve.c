/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call from the parent, carried out and answered. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxl_event.h>
#include <xenstore.h>

#include "../../buf.h"
#include "../child_wire.h"
#include "side.h"

static side_handler *const handlers[] = {
#define SIDE(NUMBER, name) [XVM_CALL_##NUMBER] = side_##name,
#include "handlers.h"
#undef SIDE
};

struct request {
	struct child_request head;
	char *uri, *owner, *bytes;
};

bool
side_is_abandoned(const struct side *side)
{
	struct pollfd p = { .fd = side->fd, .events = POLLIN | POLLRDHUP };

	/* It says nothing more: what comes is the end. */
	return poll(&p, 1, 0) > 0;
}

/* n bytes with a NUL behind; NULL when they do not come. */
static char *
read_part(int fd, uint32_t n, uint32_t max)
{
	char *part = n <= max ? malloc((size_t)n + 1) : NULL;

	if (part == NULL || (n > 0 && child_read(fd, part, n) != 1)) {
		free(part);
		return NULL;
	}
	part[n] = '\0';
	return part;
}

static int
read_request(int fd, struct request *req)
{
	memset(req, 0, sizeof(*req));
	if (child_read(fd, &req->head, sizeof(req->head)) != 1 ||
	    req->head.magic != CHILD_MAGIC)
		return -1;
	req->uri = read_part(fd, req->head.uri_size, CHILD_TEXT_MAX);
	if (req->uri != NULL)
		req->owner = read_part(fd, req->head.owner_size,
		    CHILD_TEXT_MAX);
	if (req->owner != NULL)
		req->bytes = read_part(fd, req->head.n_bytes,
		    CHILD_BYTES_MAX);
	return req->bytes != NULL ? 0 : -1;
}

static void
request_release(struct request *req)
{
	free(req->uri);
	free(req->owner);
	free(req->bytes);
}

static int
open_libxl(struct side *side, struct error *err)
{
	/* Here libxl may have SIGCHLD; but the watcher that we start is ours. */
	static const libxl_childproc_hooks hooks = {
		.chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
	};

	if (libxl_ctx_alloc(&side->ctx, LIBXL_VERSION, 0,
	    &side->log.logger) != 0) {
		side->ctx = NULL;
		if (geteuid() != 0)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_OPERATION_DENIED,
			    "only root may change domains");
		return side_failed(side, err, "cannot initialise libxenlight");
	}
	libxl_childproc_setmode(side->ctx, &hooks, NULL);
	side->xs = xs_open(0);
	if (side->xs == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot connect to xenstored");
	return 0;
}

static void
close_libxl(struct side *side)
{
	if (side->xs != NULL)
		xs_close(side->xs);
	if (side->ctx != NULL)
		(void)libxl_ctx_free(side->ctx);
}

/* A call of the table; its result goes to out. */
static int
answer_call(struct side *side, const struct request *req, struct buf *out,
    struct error *err)
{
	const struct call_type *type = call_type((int)req->head.procedure);
	struct call call = { .number = (int)req->head.procedure, .rc = -1 };
	side_handler *handler = NULL;
	void *args, *ret;
	int rc = -1;

	if (type != NULL &&
	    req->head.procedure < sizeof(handlers) / sizeof(handlers[0]))
		handler = handlers[req->head.procedure];
	if (handler == NULL)
		return error_unsupported(err, type != NULL ? type->api : "?");
	args = calloc(1, type->part[CALL_ARGS].size + 1);
	ret = calloc(1, type->part[CALL_RET].size + 1);
	if (args == NULL || ret == NULL) {
		error_nomem(err);
	} else if (type->part[CALL_ARGS].size == 0 || call_decode(type,
	    CALL_ARGS, req->bytes, req->head.n_bytes, args, err) == 0) {
		call.args = args;
		call.ret = ret;
		rc = handler(side, &call);
		error_move(err, &call.err);
		if (rc == 0 && type->part[CALL_RET].size != 0)
			rc = call_encode(type, CALL_RET, ret, out, err);
	}
	if (args != NULL && type->part[CALL_ARGS].size != 0)
		call_value_free(type, CALL_ARGS, args);
	if (ret != NULL && type->part[CALL_RET].size != 0)
		call_value_free(type, CALL_RET, ret);
	free(args);
	free(ret);
	return rc;
}

static int
carry_out(struct side *side, const struct request *req, struct buf *out,
    struct error *err)
{
	switch (req->head.procedure) {
	case CHILD_ORDER_REAP:
		return side_reap(side, req->bytes, err);
	case CHILD_ORDER_DESTROY_OWNED:
		return side_destroy_owned(side, err);
	default:
		side_clear_leftovers(side);
		return answer_call(side, req, out, err);
	}
}

static int
send_answer(int fd, int rc, struct buf *out, const struct error *failure)
{
	struct child_answer answer = { .magic = CHILD_MAGIC, .rc = rc };
	struct error err = ERROR_INIT;
	struct xvm_error wire;

	if (rc != 0) {
		buf_clear(out);
		error_to_wire(failure, &wire);
		if (call_error_encode(&wire, out, &err) != 0)
			buf_clear(out);
		error_release(&err);
		call_error_free(&wire);
	}
	answer.n_bytes = (uint32_t)out->len;
	if (child_write(fd, &answer, sizeof(answer)) != 0)
		return -1;
	return child_write(fd, buf_str(out), out->len);
}

extern int libxl_side_main(void);

/* The module's way in: the exit status of `virtd --libxl`. */
__attribute__((visibility("default"))) int
libxl_side_main(void)
{
	struct side side = { .fd = CHILD_FD };
	struct buf out = BUF_INIT;
	struct error err = ERROR_INIT;
	struct request req;
	const char *level = getenv("XVSH_DEBUG");
	int rc;

	(void)signal(SIGPIPE, SIG_IGN);
	if (read_request(CHILD_FD, &req) != 0) {
		request_release(&req);
		return EXIT_FAILURE;
	}
	side.uri = req.uri;
	(void)mark_owner_parse(req.owner, &side.owner);
	side_log_init(&side.log, level != NULL && strcmp(level, "0") == 0);
	rc = open_libxl(&side, &err);
	if (rc == 0)
		rc = carry_out(&side, &req, &out, &err);
	/* libxl ends first: its answer says that all is done. */
	close_libxl(&side);
	rc = send_answer(CHILD_FD, rc, &out, &err);
	error_release(&err);
	buf_release(&out);
	request_release(&req);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
