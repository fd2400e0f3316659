/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* console: the terminal connected to a domain's console. */
#include "domain_console.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../lib/file.h"
#include "../lib/stream.h"
#include "domain_options.h"
#include "input.h"

#define CHUNK 4096
#define POLL_MS 50		/* when a stream has nothing to wait for */

struct console {
	struct conn *conn;
	struct stream *stream;
	char escape;		/* the key that ends it */
	char typed[CHUNK];	/* not yet written to the stream */
	size_t n_typed;
	bool done;
};

/* What the domain wrote, to the terminal. 0, or -1. */
static int
show_output(struct console *c, struct error *err)
{
	char bytes[CHUNK];
	ssize_t n;

	while ((n = c->stream->ops->read(c->stream, bytes, sizeof(bytes),
	    err)) > 0) {
		if (fd_write(STDOUT_FILENO, bytes, (size_t)n) != 0)
			return error_system(err, XVM_FROM_NONE, errno,
			    "cannot write to the terminal");
	}
	if (n == 0)
		c->done = true;
	return n == -1 ? -1 : 0;
}

/* What was typed, up to the escape character. 0, or -1. */
static int
take_typed(struct console *c, struct error *err)
{
	ssize_t n = read(STDIN_FILENO, c->typed, sizeof(c->typed));
	const char *escape;

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0)
		return error_system(err, XVM_FROM_NONE, errno,
		    "cannot read from the terminal");
	escape = memchr(c->typed, c->escape, (size_t)n);
	c->n_typed = escape == NULL ? (size_t)n : (size_t)(escape - c->typed);
	if (n == 0 || escape != NULL)
		c->done = true;
	return 0;
}

static int
send_typed(struct console *c, struct error *err)
{
	ssize_t n = c->stream->ops->write(c->stream, c->typed, c->n_typed,
	    err);

	if (n == -1)
		return -1;
	if (n > 0) {
		c->n_typed -= (size_t)n;
		memmove(c->typed, c->typed + n, c->n_typed);
	}
	return 0;
}

static int
pump(struct console *c, struct error *err)
{
	while (!c->done) {
		int fd = c->stream->ops->fd(c->stream, POLLIN);
		struct pollfd fds[2] = {
			{ .fd = c->n_typed == 0 ? STDIN_FILENO : -1,
			    .events = POLLIN },
			{ .fd = fd, .events = POLLIN },
		};

		if (poll(fds, 2, fd < 0 || c->n_typed > 0 ? POLL_MS :
		    conn_wait(c->conn)) < 0 &&
		    errno != EINTR)
			return error_system(err, XVM_FROM_NONE, errno,
			    "cannot wait for the console");
		if (fds[0].revents != 0 && take_typed(c, err) != 0)
			return -1;
		if (c->n_typed > 0 && send_typed(c, err) != 0)
			return -1;
		if (show_output(c, err) != 0)
			return -1;
	}
	return 0;
}

/* With the terminal raw: open the console and serve it. */
static int
serve(struct cmd *cmd, const struct xvm_domain *dom, const char *device,
    unsigned int flags, char escape)
{
	xvm_str name = call_text(device);
	struct xvm_domain_open_console_args args = {
		*dom, name == NULL ? NULL : &name, flags
	};
	struct console c = { .conn = cmd_conn(cmd), .escape = escape };
	struct call *call = cmd_batch(cmd, 1);
	struct error err = ERROR_INIT;
	int rc;

	cmd_batch_set(cmd, call, XVM_CALL_DOMAIN_OPEN_CONSOLE, &args);
	(void)cmd_submit(cmd, call, 1);
	if (call->rc != 0) {
		cmd_take_error(cmd, call);
		return -1;
	}
	c.stream = call->stream;
	rc = pump(&c, &err);
	if (rc != 0) {
		c.stream->ops->abort(c.stream);
		(void)cmd_set_error(cmd, &err);
	} else if (c.stream->ops->finish(c.stream, &err) != 0) {
		/* The domain's end may have been first. */
		error_release(&err);
	}
	c.stream->ops->free(c.stream);
	return rc;
}

static int
check_running(struct cmd *cmd, const struct xvm_domain *dom)
{
	struct xvm_domain_get_state_args args = { *dom, 0 };
	const struct xvm_domain_get_state_ret *ret =
	    cmd_call(cmd, XVM_CALL_DOMAIN_GET_STATE, &args);

	if (ret == NULL)
		return cmd_error(cmd, "Unable to get domain status");
	if (ret->state == XVM_DOMAIN_SHUTOFF)
		return cmd_error(cmd, "The domain is not running");
	return 0;
}

int
domain_console(struct cmd *cmd, const struct xvm_domain *dom,
    const char *device, unsigned int flags)
{
	const char *escape = cmd_session(cmd)->escape;
	struct termios saved, raw;
	char key = escape[0];
	int rc;

	if (check_running(cmd, dom) != 0)
		return -1;
	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &saved) != 0)
		return cmd_error(cmd, "Cannot run interactive console without "
		    "a controlling TTY");
	cmd_extra(cmd, "Connected to domain '%s'\n", dom->name);
	cmd_extra(cmd, "Escape character is %s", escape);
	if (key == '^') {
		cmd_extra(cmd, " (Ctrl + %c)", escape[1]);
		key = (char)(escape[1] & 0x1f);
	}
	cmd_extra(cmd, "\n");
	(void)fflush(stdout);
	raw = saved;
	cfmakeraw(&raw);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	rc = serve(cmd, dom, device, flags, key);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	return rc;
}

static const struct option console_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("devname", "alias of the device, else the first one",
	    complete_device_alias),
	OPTION_SWITCH("force", "disconnect who is connected to it"),
	OPTION_SWITCH("safe", "only if just one can be connected to it"),
	{ 0 }
};

static const struct flag_option console_flags[] = {
	{ "force", XVM_DOMAIN_CONSOLE_FORCE },
	{ "safe", XVM_DOMAIN_CONSOLE_SAFE },
};

static int
console_run(struct cmd *cmd)
{
	const struct xvm_domain *dom = cmd_domain(cmd);
	const char *device;

	if (dom == NULL || cmd_string(cmd, "devname", &device) != 0)
		return -1;
	return domain_console(cmd, dom, device, FLAGS_OF(cmd, console_flags));
}

const struct command command_console = {
	.name = "console",
	.summary = "connect the terminal to a domain's console",
	.description = "Connect the terminal to the domain's console until the "
	    "escape character is typed.",
	.options = console_options,
	.run = console_run,
};
