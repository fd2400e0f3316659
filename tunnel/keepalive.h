/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is the other end still there? After interval seconds without a byte from it
 * a PING is due; when count of them stay unanswered it is dead.
 */
#ifndef TUNNEL_KEEPALIVE_H
#define TUNNEL_KEEPALIVE_H

#include <stdbool.h>
#include <stdint.h>

struct keepalive {
	int interval;		/* seconds, 0: off */
	int count;
	int sent;		/* PINGs since it was heard */
	int64_t next;		/* clock_ms when the next step is due */
};

/* The monotonic clock in milliseconds. */
int64_t	clock_ms(void);

void	keepalive_start(struct keepalive *k, int interval, int count);
/* Something came. */
void	keepalive_heard(struct keepalive *k);
/* Milliseconds until keepalive_due, -1: never. For poll. */
int	keepalive_wait(const struct keepalive *k);
/* 0: nothing is due; 1: send a PING now; -1: the other end is dead. */
int	keepalive_due(struct keepalive *k);

#endif
