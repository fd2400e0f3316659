/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process, named so that another one with the same number is not taken for
 * it: its number and the time when it started, in clock ticks since boot.
 */
#ifndef LIB_XEN_PROCESS_H
#define LIB_XEN_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct process {
	int pid;		/* 0: none */
	uint64_t start;
};

/* The process with that number now; pid 0 when there is none. */
struct process	process_of(int pid);
bool	process_is_alive(const struct process *p);
/* A descriptor that is readable once it has ended, -1: it has ended. */
int	process_fd(const struct process *p);

#endif
