/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxl's messages, of which errors carry the first. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "side.h"

#define LINES_MAX 3

/* Behind "file.c:123:function: " and "Domain 7:", which say nothing to users. */
static const char *
find_text(const char *line)
{
	const char *p = strstr(line, ".c:"), *end;

	if (p != NULL && isdigit((unsigned char)p[3])) {
		end = strstr(p, ": ");
		/* "function:Domain" is written as well. */
		if (end == NULL)
			end = strrchr(p, ':');
		if (end != NULL)
			line = end + 1;
	}
	while (*line == ' ')
		line++;
	if (strncmp(line, "Domain ", 7) == 0 &&
	    isdigit((unsigned char)line[7])) {
		p = line + 7 + strspn(line + 7, "0123456789");
		if (*p == ':')
			line = p + 1;
	}
	return line;
}

static void
keep(struct side_log *log, const char *text, int errnum)
{
	size_t n = strlen(log->reason);

	if (log->n == LINES_MAX || strstr(log->reason, text) != NULL)
		return;
	(void)snprintf(log->reason + n, sizeof(log->reason) - n, "%s%s",
	    log->n > 0 ? "; " : "", text);
	n = strlen(log->reason);
	if (errnum >= 0)
		(void)snprintf(log->reason + n, sizeof(log->reason) - n,
		    ": %s", strerror(errnum));
	log->n++;
}

__attribute__((format(printf, 5, 0))) static void
take_message(xentoollog_logger *logger, xentoollog_level level, int errnum,
    const char *context, const char *fmt, va_list ap)
{
	struct side_log *log = (struct side_log *)logger;
	char line[SIDE_REASON_MAX];

	(void)vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	if (log->seen)
		(void)fprintf(stderr, "%s: %s: %s%s%s\n",
		    context != NULL ? context : "libxl",
		    xtl_level_to_string(level), line,
		    errnum >= 0 ? ": " : "",
		    errnum >= 0 ? strerror(errnum) : "");
	if (level >= XTL_ERROR)
		keep(log, find_text(line), errnum);
}

static void
take_progress(xentoollog_logger *logger, const char *context,
    const char *doing, int percent, unsigned long done, unsigned long total)
{
	(void)logger;
	(void)context;
	(void)doing;
	(void)percent;
	(void)done;
	(void)total;
}

static void
forget_logger(xentoollog_logger *logger)
{
	(void)logger;	/* a part of struct side */
}

void
side_log_init(struct side_log *log, bool seen)
{
	memset(log, 0, sizeof(*log));
	log->logger.vmessage = take_message;
	log->logger.progress = take_progress;
	log->logger.destroy = forget_logger;
	log->seen = seen;
}

void
side_log_add(struct side_log *log, const char *text)
{
	if (log->n == LINES_MAX)
		log->n--;
	keep(log, text, -1);
}

void
side_log_forget(struct side_log *log)
{
	log->n = 0;
	log->reason[0] = '\0';
}

int
side_failed(struct side *side, struct error *err, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR, "%s%s%s",
	    what, side->log.reason[0] != '\0' ? ": " : "",
	    side->log.reason);
	side_log_forget(&side->log);
	return -1;
}
