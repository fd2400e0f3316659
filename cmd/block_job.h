/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Work of a hypervisor on a disk: started, waited for, ended. */
#ifndef CMD_BLOCK_JOB_H
#define CMD_BLOCK_JOB_H

#include "domain_options.h"

#define OPTION_JOB_PATH \
	OPTION_WORD("path", "target or path of the disk", \
	    complete_disk_target)
#define OPTION_JOB_BANDWIDTH \
	OPTION_NUMBER("bandwidth", "the most MiB a second")
#define OPTION_JOB_BYTES \
	OPTION_SWITCH("bytes", "--bandwidth is in bytes a second")
#define OPTIONS_JOB_WAIT(timeout_help) \
	OPTION_SWITCH("wait", "wait for it"), \
	OPTION_SWITCH("verbose", "show its progress while waiting"), \
	OPTION_NUMBER("timeout", timeout_help)

struct block_job {
	const struct xvm_domain *dom;
	const char *path;
	bool wait;
	unsigned int timeout;	/* seconds, 0: none */
	const char *label;	/* of its progress: "Block Pull" */
	const char *noun;	/* "Pull" aborted, "Pull" failed */
	const char *started;
	const char *done;	/* when it was waited for */
	/* When it waits for its end: what to do (NULL: nothing) and to say. */
	const char *end_verb, *ended;
	unsigned int end_flags;
};

/* --bandwidth: 0 (*out untouched when not given), or -1 after saying. */
int	block_job_bandwidth(struct cmd *cmd, uint64_t *out);
/* --verbose and --async need waiting; last is the end of what is said. */
int	block_job_check_wait(struct cmd *cmd, const struct block_job *job,
	    const char *last);
/* Make the call that starts it, wait and end it as the job says. */
int	block_job_start(struct cmd *cmd, const struct block_job *job,
	    int number, const void *args);

#endif
