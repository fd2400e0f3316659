/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* virtd's log: to stderr or syslog, never into a stream. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

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
	va_list ap;

	if (level > wanted)
		return;
	va_start(ap, fmt);
	if (to_syslog) {
		vsyslog(priority[level], fmt, ap);
	} else {
		(void)fputs("virtd: ", stderr);
		(void)vfprintf(stderr, fmt, ap);
		(void)fputc('\n', stderr);
	}
	va_end(ap);
}
