/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transport libssh2: an ssh client inside the process; a module, loaded when
 * it is asked for.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "ssh2_module.h"
#include "ssh2_session.h"
#include "ssh_connect.h"
#include "target.h"
#include "transport.h"
#include "visible.h"

#define TIMEOUT_SECONDS 30
#define PROXY_SECONDS 120	/* the proxy may have questions itself */
#define STDERR_KEPT 4096

/* --- the channel ---------------------------------------------------------- */

static int
open_channel(struct ssh2 *s, const char *command, struct error *err)
{
	LIBSSH2_CHANNEL *channel;
	int rc;

	ssh_wait_start(&s->wait);
	do {
		channel = libssh2_channel_open_session(s->session);
		if (channel != NULL ||
		    libssh2_session_last_errno(s->session) !=
		    LIBSSH2_ERROR_EAGAIN)
			break;
		if (ssh2_await(s, "a channel", err) != 0)
			return -1;
	} while (true);
	if (channel == NULL)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host gives no channel: %s", ssh2_reason(s));
	UNTIL_DONE(rc, libssh2_channel_exec(channel, command), s,
	    "the command to start", err);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return -1;
	if (rc != 0)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host runs no command: %s", ssh2_reason(s));
	s->channel = channel;
	buf_release(&s->seen);
	return 0;
}

static void
listen_stderr(struct ssh2 *s)
{
	char part[1024];
	ssize_t n;

	while ((n = libssh2_channel_read_ex(s->channel,
	    SSH_EXTENDED_DATA_STDERR, part, sizeof(part))) > 0) {
		buf_add(&s->said, part, (size_t)n);
		if (s->said.len > STDERR_KEPT)
			buf_consume(&s->said, s->said.len - STDERR_KEPT);
	}
}

/* Its last line that says something, in place; or NULL. */
static const char *
last_line(struct ssh2 *s)
{
	char *start, *end;

	if (s->said.len == 0)
		return NULL;
	end = s->said.data + s->said.len;
	while (end > s->said.data && strchr("\r\n", end[-1]) != NULL)
		*--end = '\0';
	start = strrchr(s->said.data, '\n');
	start = start == NULL ? s->said.data : start + 1;
	return *start == '\0' ? NULL : start;
}

static int
broken(struct ssh2 *s, const char *doing, struct error *err)
{
	const char *why = last_line(s);
	struct buf text = BUF_INIT;

	if (why == NULL && s->dead && s->why.message != NULL)
		why = s->why.message;
	if (why != NULL) {
		buf_puts(&text, ": ");
		visible_add(&text, why, strlen(why));
	}
	error_system(err, XVM_FROM_RPC, ECONNRESET, "Cannot %s%s", doing,
	    buf_str(&text));
	buf_release(&text);
	return -1;
}

static ssize_t
ssh2_read(struct stream *stream, void *buf, size_t n, struct error *err)
{
	struct ssh2 *s = (struct ssh2 *)stream;
	ssize_t r;

	if (s->channel == NULL)
		return broken(s, "recv data", err);
	ssh2_flush(s);
	listen_stderr(s);
	r = libssh2_channel_read_ex(s->channel, 0, buf, n);
	if (r <= 0)
		listen_stderr(s);
	if (r > 0 || (!s->dead && libssh2_channel_eof(s->channel) == 0 &&
	    (r == 0 || r == LIBSSH2_ERROR_EAGAIN))) {
		ssh2_update(s);
		return r > 0 ? r : -2;
	}
	return broken(s, "recv data", err);
}

/*
 * Bytes count as written when io has them: who writes calls again with the
 * same bytes until then, as -2 says.
 */
static ssize_t
ssh2_write(struct stream *stream, const void *buf, size_t n, struct error *err)
{
	struct ssh2 *s = (struct ssh2 *)stream;
	ssize_t w = 0;

	if (s->channel == NULL)
		return broken(s, "write data", err);
	ssh2_flush(s);
	if (s->accepted == 0 && s->out.len == 0 && !s->dead) {
		w = libssh2_channel_write(s->channel, buf, n);
		if (w > 0)
			s->accepted = (size_t)w;
		else if (w != LIBSSH2_ERROR_EAGAIN && !s->dead &&
		    libssh2_channel_eof(s->channel) == 0)
			return broken(s, "write data", err);
	}
	ssh2_update(s);
	/* When it ended, the reason is there to read. */
	if (s->accepted == 0 || s->out.len > 0 || s->dead)
		return -2;
	w = (ssize_t)s->accepted;
	s->accepted = 0;
	return w;
}

static int
ssh2_fd(struct stream *stream, short events)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	if ((events & POLLOUT) == 0 || s->epfd < 0)
		return s->epfd;
	/* With nothing of ours to go out, only the host's window is full, and
	 * its answer will be read. */
	return s->out.len > 0 && !s->dead ?
	    s->io->ops->fd(s->io, POLLOUT) : -1;
}

static void
ssh2_abort(struct stream *stream)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	if (s->session != NULL) {
		if (!s->dead) {
			ssh2_flush(s);
			(void)libssh2_session_disconnect(s->session, "");
		}
		/* From here on nothing can be awaited by the library. */
		s->dead = true;
		for (int i = 0; i < 100 &&
		    libssh2_session_free(s->session) == LIBSSH2_ERROR_EAGAIN;
		    i++)
			continue;
	}
	s->session = NULL;
	s->channel = NULL;
	if (s->io != NULL)
		s->io->ops->free(s->io);
	s->io = NULL;
	if (s->epfd >= 0)
		(void)close(s->epfd);
	if (s->ready_fd >= 0)
		(void)close(s->ready_fd);
	s->epfd = s->ready_fd = -1;
}

static int
ssh2_finish(struct stream *stream, struct error *err)
{
	(void)err;
	ssh2_abort(stream);
	return 0;
}

static void
ssh2_free(struct stream *stream)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	ssh2_abort(stream);
	buf_release(&s->out);
	buf_release(&s->said);
	buf_release(&s->seen);
	error_release(&s->why);
	free(s);
}

static const struct stream_ops ssh2_ops = {
	.read = ssh2_read,
	.write = ssh2_write,
	.finish = ssh2_finish,
	.abort = ssh2_abort,
	.fd = ssh2_fd,
	.free = ssh2_free,
};

/* --- opening -------------------------------------------------------------- */

/* The host let us in; what was tried before that is worth a look. */
static void
tell(const struct login *l, const struct conn_options *options)
{
	struct buf text = BUF_INIT;

	if (options->told == NULL || l->notes.len <= l->usual)
		return;
	visible_add(&text, l->notes.data, l->notes.len);
	options->told(options->told_arg, buf_str(&text));
	buf_release(&text);
}

static int
log_in(struct ssh2 *s, const struct uri *uri, const struct ssh_config *c,
    const struct conn_options *options, bool batch, const char *command,
    struct error *err)
{
	struct login l = { .s = s, .uri = uri, .config = c,
	    .may_ask = !batch && ask_possible() };
	struct ssh_hosts hosts;
	int rc;

	if (ssh_hosts_init(&hosts, uri, c, err) != 0)
		return -1;
	s->login = &l;
	ssh_wait_start(&s->wait);
	s->io = ssh_connect(c, batch, &s->wait, err);
	rc = s->io == NULL ? -1 : ssh2_start(s, err);
	if (rc == 0)
		rc = ssh2_handshake(&l, &hosts, err);
	if (rc == 0)
		rc = ssh2_authenticate(&l, err);
	if (rc == 0)
		tell(&l, options);
	if (rc == 0)
		rc = open_channel(s, command, err);
	s->login = NULL;
	ssh_hosts_release(&hosts);
	buf_release(&l.notes);
	error_release(&l.asked);
	free(l.offered);
	return rc;
}

static void
set_patience(struct ssh2 *s, const struct conn_options *options,
    const struct ssh_config *c, bool batch)
{
	if (options->timeout > 0)
		return;
	if (c->connect_timeout > 0)
		s->wait.seconds = c->connect_timeout;
	else if (!batch && (c->proxy_jump != NULL || c->proxy_command != NULL))
		s->wait.seconds = PROXY_SECONDS;
}

static struct stream *
ssh2_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	const char *no_tty = uri_param(uri, "no_tty");
	struct ssh_config config;
	struct ssh2 *s = NULL;
	char *command;
	bool batch;
	int rc = -1;

	if (uri->host == NULL) {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "URI '%s': ssh needs a host name",
		    uri->text);
		return NULL;
	}
	command = target_command(uri, options->readonly, err);
	if (command == NULL)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		error_nomem(err);
		goto out;
	}
	s->stream.ops = &ssh2_ops;
	s->fd = s->epfd = s->ready_fd = -1;
	s->wait.cancel = options->cancel;
	s->wait.seconds = options->timeout > 0 ? options->timeout :
	    TIMEOUT_SECONDS;
	ssh_wait_start(&s->wait);
	if (ssh_config_read(uri, &s->wait, &config, err) != 0)
		goto out;
	batch = options->batch || config.batch ||
	    (no_tty != NULL && strcmp(no_tty, "0") != 0);
	set_patience(s, options, &config, batch);
	rc = log_in(s, uri, &config, options, batch, command, err);
	ssh_config_release(&config);
out:
	free(command);
	if (rc == 0)
		return &s->stream;
	visible_error(err);
	if (s != NULL)
		ssh2_free(&s->stream);
	return NULL;
}

__attribute__((visibility("default"))) const struct ssh2_module ssh2_module = {
	.open = ssh2_open,
};
