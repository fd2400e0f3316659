/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits of a network interface as users write them: "average,peak,burst". */
#ifndef CMD_RATES_H
#define CMD_RATES_H

#include "command.h"

enum rate { AVERAGE, PEAK, BURST, FLOOR, N_RATES };

/* Those that are missing are 0. 0, or -1 after saying what is wrong. */
int	rates_parse(struct cmd *cmd, const char *text,
	    uint64_t rates[N_RATES]);

#endif
