/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Work of a hypervisor that takes its time: shown, and given up by Ctrl-C. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdint.h>

#include "command.h"

/* "\rSave: [ 42 %]" on stderr; remaining 0: done. */
void	progress_show(const char *label, uint64_t remaining, uint64_t total);

/*
 * A call that is a job of the domain, as cmd_call. With --verbose its progress
 * is shown under the label, each half second by a connection of its own, since
 * ours is waiting. When Ctrl-C ended the waiting, the job is aborted.
 */
const void	*progress_call(struct cmd *cmd, const struct xvm_domain *dom,
		    const char *label, int number, const void *args);

#endif
