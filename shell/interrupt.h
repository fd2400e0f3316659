/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C: a flag, so that what waits gives up and the shell lives on. */
#ifndef SHELL_INTERRUPT_H
#define SHELL_INTERRUPT_H

#include <signal.h>

/* Catch SIGINT from now on; the flag is 1 after it came. */
const volatile sig_atomic_t	*interrupt_catch(void);
void	interrupt_clear(void);

#endif
