/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the device model said before it ended: libxl tells only that it did.
 *
 * Source: libxl__create_qemu_logfile, which begins the file anew.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "side.h"

#define LOG_TAIL 4096
#define KILLED "terminating on signal"

static int
open_log(const char *name, time_t since)
{
	struct stat st;
	char *path;
	int fd;

	if (asprintf(&path, "/var/log/xen/qemu-dm-%s.log", name) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_mtime < since) {
		(void)close(fd);
		return -1;
	}
	if (st.st_size > LOG_TAIL)
		(void)lseek(fd, -LOG_TAIL, SEEK_END);
	return fd;
}

/* The last line that says something. */
static const char *
last_line(char *text)
{
	const char *last = NULL;
	char *save, *line;

	for (line = strtok_r(text, "\r\n", &save); line != NULL;
	    line = strtok_r(NULL, "\r\n", &save)) {
		if (line[strspn(line, " \t")] != '\0')
			last = line;
	}
	return last;
}

void
side_log_model(struct side *side, const char *name, time_t since)
{
	char text[LOG_TAIL + 1];
	const char *line;
	ssize_t n;
	int fd = open_log(name, since);

	if (fd < 0)
		return;
	n = read(fd, text, LOG_TAIL);
	(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* libxl ended it, after a failure of something else. */
	if (strstr(text, KILLED) != NULL)
		return;
	line = last_line(text);
	if (line != NULL)
		side_log_add(&side->log, line);
}
