/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for a domain's state and the reason for it. */
#ifndef CMD_MONITOR_STATE_H
#define CMD_MONITOR_STATE_H

/* XVM_DOMAIN_RUNNING ...: "running"; "no state" for what is unknown. */
const char	*domain_state_text(int state);
/* XVM_DOMAIN_RUNNING_BOOTED ...: "booted"; else "unknown". */
const char	*domain_reason_text(int state, int reason);

#endif
