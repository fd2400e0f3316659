/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting with a deadline. */
#include "ssh_wait.h"

#include <errno.h>
#include <poll.h>

#include "keepalive.h"

/* A signal between the look at cancel and poll is seen this late. */
#define SLICE_MS 200

void
ssh_wait_start(struct ssh_wait *w)
{
	w->deadline = clock_ms() + (int64_t)w->seconds * 1000;
}

int
ssh_wait_for(const struct ssh_wait *w, int fd, short events,
    const char *what, struct error *err)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = w->deadline - clock_ms();
		int rc;

		if (w->cancel != NULL && *w->cancel != 0)
			return error_set(err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_ABORTED, "interrupted");
		if (left <= 0)
			return error_set(err, XVM_FROM_RPC,
			    XVM_ERR_OPERATION_TIMEOUT,
			    "no answer within %d seconds: waited for %s",
			    w->seconds, what);
		rc = poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS);
		if (rc > 0)
			return 0;
		if (rc < 0 && errno != EINTR)
			return error_system(err, XVM_FROM_RPC, errno,
			    "poll on socket failed");
	}
}
