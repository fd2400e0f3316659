/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Standard output that may be held up. */
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "../cmd/idle.h"

static pthread_t owner;		/* of the connection: who calls it otherwise */

/* What is written without waiting when it can be written to at all. */
static size_t
piece(size_t n)
{
	return n < PIPE_BUF ? n : PIPE_BUF;
}

static ssize_t
output_write(void *arg, const char *bytes, size_t n)
{
	struct session *session = arg;
	size_t done = 0;

	while (done < n) {
		ssize_t w;

		if (pthread_equal(owner, pthread_self()))
			(void)idle_until_writable(session,
			    STDOUT_FILENO);
		w = write(STDOUT_FILENO, bytes + done, piece(n - done));
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return 0;
		done += (size_t)w;
	}
	return (ssize_t)done;
}

void
output_attend(struct session *session)
{
	static const cookie_io_functions_t functions = {
		.write = output_write,
	};
	FILE *attended;

	if (isatty(STDOUT_FILENO))
		return;
	attended = fopencookie(session, "w", functions);
	if (attended == NULL)
		return;
	owner = pthread_self();
	stdout = attended;
}
