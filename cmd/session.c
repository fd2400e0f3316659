/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lasts from one command to the next. */
#include "session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "cmd.h"
#include "config.h"
#include "default_uri.h"
#include "split.h"

static const char *const level_names[] = {
	"DEBUG", "INFO", "INFO", "WARNING", "ERROR",
};

void
session_log(struct session *session, enum session_level level,
    const char *fmt, va_list ap)
{
	struct buf line = BUF_INIT;
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	if (session->log == NULL)
		return;
	(void)strftime(stamp, sizeof(stamp), "%Y.%m.%d %H:%M:%S",
	    localtime_r(&now, &tm));
	buf_printf(&line, "[%s xvsh %d] %s ", stamp, (int)getpid(),
	    level_names[level]);
	buf_vprintf(&line, fmt, ap);
	while (line.len > 0 && line.data[line.len - 1] == '\n')
		line.len--;
	buf_putc(&line, '\n');
	if (line.failed ||
	    fd_write(fileno(session->log), line.data, line.len) != 0) {
		(void)fclose(session->log);
		session->log = NULL;
		session_error(session, "failed to write the log file");
	}
	buf_release(&line);
}

void
session_error(struct session *session, const char *fmt, ...)
{
	va_list ap;

	if (session->log != NULL) {
		va_start(ap, fmt);
		session_log(session, SESSION_ERROR, fmt, ap);
		va_end(ap);
	}
	if (session->json) {
		struct error err = ERROR_INIT;

		va_start(ap, fmt);
		if (vasprintf(&err.message, fmt, ap) < 0)
			err.message = NULL;
		va_end(ap);
		print_json_error(&err, NULL);
		free(err.message);
		return;
	}
	(void)fflush(stdout);
	(void)fputs("error: ", stderr);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	(void)fflush(stderr);
}

void
session_fail(struct session *session, const struct error *err)
{
	if (session->json)
		print_json_error(err, NULL);
	else
		session_error(session, "%s", err->message);
}

void
session_vdebug(struct session *session, enum session_level level,
    const char *fmt, va_list ap)
{
	va_list again;

	if ((int)level < session->debug)
		return;
	va_copy(again, ap);
	session_log(session, level, fmt, again);
	va_end(again);
	if (!session->json)
		(void)vprintf(fmt, ap);
}

void
session_debug(struct session *session, enum session_level level,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	session_vdebug(session, level, fmt, ap);
	va_end(ap);
}

/* What was tried while connecting. */
static void
connecting(void *session, const char *text)
{
	session_debug(session, SESSION_DEBUG, "%s\n", text);
}

/* A local connection has nothing to probe: say so where it was asked for. */
static int
check_keepalive(struct session *session, struct error *err)
{
	bool forced = session->keepalive_interval >= 0 ||
	    session->keepalive_count >= 0;

	if (session->keepalive_interval == 0 ||
	    !conn_is_local(session->conn))
		return 0;
	if (!forced) {
		session_debug(session, SESSION_INFO,
		    "Failed to setup keepalive on connection\n");
		return 0;
	}
	session_error(session, "Cannot setup keepalive on connection as "
	    "requested, disconnecting");
	conn_close(session->conn);
	session->conn = NULL;
	return error_unsupported(err, "virConnectSetKeepAlive");
}

int
session_connect(struct session *session, const char *name, bool readonly,
    bool force, struct error *err)
{
	struct conn_options options = CONN_OPTIONS_INIT;
	bool connected = session->conn != NULL;
	const char *uri = name != NULL ? name : session->uri;
	char *found = NULL;
	int persist;

	if (!readonly && name == NULL)
		readonly = session->readonly;
	conn_close(session->conn);
	session->conn = NULL;
	options.readonly = readonly;
	options.eager = session->interactive || force;
	options.batch = session->completing;
	options.attended = true;
	options.keepalive_interval = session->keepalive_interval;
	options.keepalive_count = session->keepalive_count;
	options.timeout = session->timeout;
	options.cancel = session->interrupted;
	options.told = connecting;
	options.told_arg = session;
	persist = config_ssh_persist(&session->ssh_persist, err);
	if (uri == NULL)
		uri = found = default_uri(session);
	options.ssh_persist = session->ssh_persist;
	if (uri == NULL)
		error_nomem(err);
	else if (persist == 0)
		session->conn = conn_open(uri, &options, session->drivers, err);
	free(found);
	if (session->conn != NULL)
		(void)check_keepalive(session, err);
	/* For programs the reason is all, and comes from who called. */
	if (session->conn == NULL && (session->completing || session->json))
		return -1;
	if (session->conn == NULL) {
		session_error(session, session->disconnected ?
		    "Failed to reconnect to the hypervisor" :
		    "failed to connect to the hypervisor");
		return -1;
	}
	if (name != NULL) {
		char *copy = strdup(name);

		if (copy == NULL)
			return error_nomem(err);
		free(session->uri);
		session->uri = copy;
	}
	session->readonly = readonly;
	if (connected && !force)
		session_error(session, "Reconnected to the hypervisor");
	session->disconnected = false;
	return 0;
}

int
session_need_connection(struct session *session, struct error *err)
{
	if (session->conn != NULL && !session->disconnected)
		return 0;
	return session_connect(session, NULL, false, false, err);
}

void
session_release(struct session *session)
{
	conn_close(session->conn);
	session->conn = NULL;
	free(session->uri);
	session->uri = NULL;
	if (session->log != NULL)
		(void)fclose(session->log);
	session->log = NULL;
}

int
session_run(struct session *session, struct line *first)
{
	struct timeval before, after;
	int rc = 0;

	for (const struct line *line = first; line != NULL; line = line->next) {
		(void)gettimeofday(&before, NULL);
		rc = cmd_run_line(session, line);
		(void)gettimeofday(&after, NULL);
		if (session->quit)
			break;
		if (session->json || line->json)
			continue;
		if (session->timing)
			(void)printf("\n(Time: %.3f ms)\n\n",
			    (double)(after.tv_sec - before.tv_sec) * 1000 +
			    (double)(after.tv_usec - before.tv_usec) / 1000);
		else if (!session->quiet)
			(void)putchar('\n');
	}
	args_free(first);
	if (fflush(stdout) != 0 || ferror(stdout))
		rc = -1;
	return rc;
}

static int
parse_tokens(struct session *session, struct tokens *tokens, int rc,
    struct line **out)
{
	*out = NULL;
	if (rc != 0)
		session_error(session, "out of memory");
	else
		rc = args_parse(session, tokens, out);
	tokens_release(tokens);
	return rc;
}

int
session_parse_text(struct session *session, const char *text,
    struct line **out)
{
	struct tokens tokens = { NULL, 0 };

	/* virsh: nothing at all is no command. */
	*out = NULL;
	if (text[0] == '\0')
		return -1;
	return parse_tokens(session, &tokens, split_text(text, &tokens), out);
}

int
session_parse_argv(struct session *session, int argc, char *const *argv,
    struct line **out)
{
	struct tokens tokens = { NULL, 0 };

	return parse_tokens(session, &tokens, split_argv(argc, argv, &tokens),
	    out);
}

void
session_discard(struct line *line)
{
	args_free(line);
}
