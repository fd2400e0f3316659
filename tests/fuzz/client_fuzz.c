/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes from a server end in results, errors or a lost connection. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../lib/conn.h"
#include "../../tunnel/remote.h"
#include "../../tunnel/transport.h"
#include "fuzz.h"

static const uint8_t *answer;
static size_t answer_left;

/* A server whose whole answer is there at once; then it is gone. */
static ssize_t
answer_read(struct stream *s, void *buf, size_t n, struct error *err)
{
	(void)s;
	if (answer_left == 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_SYSTEM_ERROR,
		    "gone");
	if (n > answer_left)
		n = answer_left;
	memcpy(buf, answer, n);
	answer += n;
	answer_left -= n;
	return (ssize_t)n;
}

static ssize_t
answer_write(struct stream *s, const void *buf, size_t n, struct error *err)
{
	(void)s;
	(void)buf;
	(void)err;
	return (ssize_t)n;
}

/* Always readable. */
static int
answer_fd(struct stream *s, short events)
{
	static int fd[2];

	(void)s;
	(void)events;
	if (fd[1] == 0) {
		if (pipe(fd) != 0)
			abort();
		(void)close(fd[1]);
		fd[1] = -1;
	}
	return fd[0];
}

static void
answer_abort(struct stream *s)
{
	(void)s;
}

static const struct stream_ops ops = {
	.read = answer_read,
	.write = answer_write,
	.abort = answer_abort,
	.fd = answer_fd,
	.free = answer_abort,
};

/* In place of tunnel/transport.c. */
struct stream *
transport_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	static struct stream s = { &ops };

	(void)uri;
	(void)options;
	(void)err;
	return &s;
}

char *
transport_remote_uri(const struct uri *uri)
{
	return strdup(uri->driver);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct driver *const drivers[] = { &remote_driver, NULL };
	struct conn_options options = CONN_OPTIONS_INIT;
	struct xvm_connect_list_all_domains_args list = { 1, 0 };
	struct xvm_connect_list_all_domains_ret domains = { { 0, NULL }, 0 };
	struct xvm_connect_get_all_domain_stats_args all = { 0 };
	struct xvm_connect_get_all_domain_stats_ret stats = { 0 };
	struct xvm_node_get_info_ret node = { 0 };
	struct call calls[3] = {
		{ .number = XVM_CALL_CONNECT_LIST_ALL_DOMAINS, .args = &list,
		    .ret = &domains },
		{ .number = XVM_CALL_CONNECT_GET_ALL_DOMAIN_STATS,
		    .args = &all, .ret = &stats },
		{ .number = XVM_CALL_NODE_GET_INFO, .ret = &node },
	};
	struct error err = ERROR_INIT;
	struct conn *conn;
	struct event ev;

	answer = data;
	answer_left = size;
	conn = conn_open("xen+ext:///", &options, drivers, &err);
	if (conn != NULL) {
		(void)conn_submit(conn, calls, 3);
		while (conn_event_next(conn, &ev, &err) == 1)
			event_release(&ev);
		for (int i = 0; i < 3; i++) {
			call_value_free(call_type(calls[i].number), CALL_RET,
			    calls[i].ret);
			error_release(&calls[i].err);
		}
		conn_close(conn);
	}
	error_release(&err);
	return 0;
}
