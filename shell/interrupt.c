/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C as a flag. */
#include "interrupt.h"

#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t flag;

static void
on_interrupt(int sig)
{
	(void)sig;
	flag = 1;
}

const volatile sig_atomic_t *
interrupt_catch(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_interrupt;	/* no SA_RESTART: waits end */
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	return &flag;
}

void
interrupt_clear(void)
{
	flag = 0;
}
