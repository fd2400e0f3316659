/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C as a descriptor. */
#include "interrupt.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
interrupt_hold(struct interrupt *interrupt)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &set, &interrupt->before);
	interrupt->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (interrupt->fd < 0) {
		int errnum = errno;

		(void)sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
		errno = errnum;
		return -1;
	}
	return 0;
}

bool
interrupt_came(const struct interrupt *interrupt)
{
	struct signalfd_siginfo info;
	bool came = false;

	while (read(interrupt->fd, &info, sizeof(info)) > 0)
		came = true;
	return came;
}

/* What came and was not asked for is forgotten. */
void
interrupt_let_go(struct interrupt *interrupt)
{
	(void)interrupt_came(interrupt);
	(void)close(interrupt->fd);
	(void)sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
}
