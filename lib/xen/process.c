/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes told apart by number and start time. */
#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define START_FIELD 22	/* of /proc/PID/stat, see proc(5) */

/* The field's place behind the name, which may hold anything. */
static const char *
find_field(const char *stat, int number)
{
	const char *p = strrchr(stat, ')');

	for (int i = 2; p != NULL && i < number; i++) {
		p = strchr(p, ' ');
		if (p != NULL)
			p++;
	}
	return p;
}

struct process
process_of(int pid)
{
	struct process p = { 0, 0 };
	char path[64], stat[1024];
	const char *field, *state;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return p;
	n = read(fd, stat, sizeof(stat) - 1);
	(void)close(fd);
	if (n <= 0)
		return p;
	stat[n] = '\0';
	state = find_field(stat, 3);
	field = find_field(stat, START_FIELD);
	/* One that nobody has waited for yet is dead all the same. */
	if (field == NULL || *state == 'Z' || *state == 'X')
		return p;
	p.pid = pid;
	p.start = strtoull(field, NULL, 10);
	return p;
}

bool
process_is_alive(const struct process *p)
{
	struct process now;

	if (p->pid <= 0)
		return false;
	now = process_of(p->pid);
	return now.pid == p->pid && now.start == p->start;
}

int
process_fd(const struct process *p)
{
	int fd;

	if (p->pid <= 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (fd >= 0 && !process_is_alive(p)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}
