/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the numbers in the events of domains. */
#ifndef CMD_EVENT_WORDS_H
#define CMD_EVENT_WORDS_H

enum event_word {
	WORD_LIFECYCLE,		/* XVM_DOMAIN_EVENT_STARTED ... */
	WORD_WATCHDOG,
	WORD_IO_ERROR,
	WORD_GRAPHICS_PHASE,
	WORD_GRAPHICS_FAMILY,
	WORD_BLOCK_JOB,
	WORD_BLOCK_JOB_STATUS,
	WORD_DISK_CHANGE,
	WORD_TRAY_CHANGE,
	WORD_AGENT_STATE,
	WORD_AGENT_REASON,
	WORD_METADATA,
	WORD_MEMORY_FAILURE_RECIPIENT,
	WORD_MEMORY_FAILURE_ACTION,
};

/* Never NULL: a number without a name is "unknown" or the like. */
const char	*event_word(enum event_word kind, int number);
/* The detail of a lifecycle event. */
const char	*event_detail(int event, int detail);

#endif
