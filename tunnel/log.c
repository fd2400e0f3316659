/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* virtd's log: to stderr or syslog, never into a stream. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "visible.h"

static enum log_level wanted = LOG_LEVEL_WARNING;
static bool to_syslog;

void
log_open(enum log_level level, bool syslog_wanted)
{
	wanted = level;
	to_syslog = syslog_wanted;
	if (to_syslog)
		openlog("virtd", LOG_PID, LOG_DAEMON);
}

void
server_log(enum log_level level, const char *fmt, ...)
{
	static const int priority[] = {
		LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG,
	};
	struct buf text = BUF_INIT, line = BUF_INIT;
	va_list ap;

	if (level > wanted)
		return;
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	/* A client's words may be in it. */
	visible_add(&line, buf_str(&text), text.len);
	if (to_syslog)
		syslog(priority[level], "%s", buf_str(&line));
	else
		(void)fprintf(stderr, "virtd: %s\n", buf_str(&line));
	buf_release(&text);
	buf_release(&line);
}
