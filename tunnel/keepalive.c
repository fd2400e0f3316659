/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is the other end still there? */
#include "keepalive.h"

#include <time.h>

int64_t
clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
keepalive_start(struct keepalive *k, int interval, int count)
{
	k->interval = interval;
	k->count = count;
	keepalive_heard(k);
}

void
keepalive_heard(struct keepalive *k)
{
	k->sent = 0;
	if (k->interval > 0)
		k->next = clock_ms() + (int64_t)k->interval * 1000;
}

int
keepalive_wait(const struct keepalive *k)
{
	int64_t left;

	if (k->interval <= 0)
		return -1;
	left = k->next - clock_ms();
	return left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

int
keepalive_due(struct keepalive *k)
{
	if (k->interval <= 0 || clock_ms() < k->next)
		return 0;
	if (k->sent >= k->count)
		return -1;
	k->sent++;
	k->next = clock_ms() + (int64_t)k->interval * 1000;
	return 1;
}
