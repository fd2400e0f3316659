/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Block jobs: what the commands that start one have in common. */
#include "block_job.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "../lib/driver.h"
#include "../lib/number.h"
#include "event_text.h"
#include "input.h"
#include "interrupt.h"
#include "progress.h"

#define LOOK_MS 500
#define N_EVENTS 2

int
block_job_bandwidth(struct cmd *cmd, uint64_t *out)
{
	const char *word = cmd_word(cmd, "bandwidth");

	if (word == NULL || number_u64_wrap(word, 10, out) == 0)
		return 0;
	if (cmd_read_size(cmd, word, 1, UINT64_MAX, out) != 0)
		return cmd_error(cmd, "Scaled numeric value '%s' for "
		    "<--bandwidth> option is malformed or out of range", word);
	if (!cmd_has(cmd, "bytes"))
		*out >>= 20;
	return 0;
}

int
block_job_check_wait(struct cmd *cmd, const struct block_job *job,
    const char *last)
{
	static const char *const names[] = { "verbose", "async" };

	for (size_t i = 0; i < 2 && !job->wait; i++) {
		if (cmd_has(cmd, names[i]))
			return cmd_error(cmd, "--%s requires at least one of "
			    "--timeout, --wait, --pivot, or --%s", names[i],
			    last);
	}
	return 0;
}

/* --- its events ----------------------------------------------------------- */

/* Both kinds: one names the disk by path, the other by target. */
static int
register_events(struct cmd *cmd, const struct block_job *job,
    int ids[N_EVENTS])
{
	static const int kinds[N_EVENTS] = {
		XVM_DOMAIN_EVENT_ID_BLOCK_JOB,
		XVM_DOMAIN_EVENT_ID_BLOCK_JOB_2,
	};
	struct xvm_connect_domain_event_callback_register_any_args
	    args[N_EVENTS];
	struct xvm_domain dom = *job->dom;
	struct call *calls = cmd_batch(cmd, N_EVENTS);
	int rc = 0;

	for (size_t i = 0; i < N_EVENTS; i++) {
		args[i].event_id = kinds[i];
		args[i].dom = &dom;
		cmd_batch_set(cmd, &calls[i],
		    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY,
		    &args[i]);
	}
	(void)cmd_submit(cmd, calls, N_EVENTS);
	for (size_t i = 0; i < N_EVENTS; i++) {
		const struct
		    xvm_connect_domain_event_callback_register_any_ret *ret =
		    calls[i].ret;

		ids[i] = -1;
		if (calls[i].rc == 0) {
			ids[i] = ret->callback_id;
		} else {
			cmd_take_error(cmd, &calls[i]);
			rc = -1;
		}
	}
	return rc;
}

static void
deregister_events(struct cmd *cmd, const int ids[N_EVENTS])
{
	struct xvm_connect_domain_event_callback_deregister_any_args
	    args[N_EVENTS];
	struct call *calls = cmd_batch(cmd, N_EVENTS);
	size_t n = 0;

	for (size_t i = 0; i < N_EVENTS; i++) {
		if (ids[i] < 0)
			continue;
		args[n].callback_id = ids[i];
		cmd_batch_set(cmd, &calls[n],
		    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY,
		    &args[n]);
		n++;
	}
	(void)cmd_submit(cmd, calls, n);
}

/* The status that an event tells, -1: it is about something else. */
static int
status_of(const struct block_job *job, const struct event *event)
{
	const struct xvm_domain_event_callback_block_job_msg *old = event->msg;
	const struct xvm_domain_event_block_job_2_msg *new = event->msg;
	int id = event_id(event);

	if (id == XVM_DOMAIN_EVENT_ID_BLOCK_JOB &&
	    strcmp(old->msg.path, job->path) == 0)
		return old->msg.status;
	if (id == XVM_DOMAIN_EVENT_ID_BLOCK_JOB_2 &&
	    strcmp(new->dst, job->path) == 0)
		return new->status;
	return -1;
}

/* 0, or -1: the connection is lost. *status_out as it was without news. */
static int
take_events(struct cmd *cmd, const struct block_job *job, int *status_out)
{
	struct error err = ERROR_INIT;
	struct event event = { 0 };
	int n;

	while ((n = conn_event_next(cmd_conn(cmd), &event, &err)) > 0) {
		int status = status_of(job, &event);

		if (status >= 0)
			*status_out = status;
		event_release(&event);
	}
	return n < 0 ? cmd_set_error(cmd, &err) : 0;
}

/* --- waiting -------------------------------------------------------------- */

static int
abort_job(struct cmd *cmd, const struct block_job *job, unsigned int flags)
{
	struct xvm_domain_block_job_abort_args args = {
		*job->dom, call_text(job->path), flags
	};

	if (cmd_has(cmd, "async"))
		args.flags |= XVM_DOMAIN_BLOCK_JOB_ABORT_ASYNC;
	return cmd_call(cmd, XVM_CALL_DOMAIN_BLOCK_JOB_ABORT,
	    &args) == NULL ? -1 : 0;
}

static bool
is_late(const struct block_job *job, const struct timespec *start)
{
	struct timespec now;

	if (job->timeout == 0)
		return false;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 +
	    (now.tv_nsec - start->tv_nsec) / 1000000 >
	    (int64_t)job->timeout * 1000;
}

/* XVM_DOMAIN_BLOCK_JOB_*, or -1 after saying. */
static int
wait_until(struct cmd *cmd, const struct block_job *job,
    const struct interrupt *interrupt)
{
	struct xvm_domain_get_block_job_info_args args = {
		*job->dom, call_text(job->path), 0
	};
	uint64_t cur = 0, end = 0;
	struct timespec start;
	int status = -1;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		const struct xvm_domain_get_block_job_info_ret *info;
		struct pollfd fds[] = {
			{ interrupt->fd, POLLIN, 0 },
			{ conn_event_fd(cmd_conn(cmd)), POLLIN, 0 },
		};

		info = cmd_call(cmd, XVM_CALL_DOMAIN_GET_BLOCK_JOB_INFO,
		    &args);
		if (info == NULL)
			return cmd_error(cmd, "failed to query job for disk "
			    "%s", job->path);
		if (take_events(cmd, job, &status) != 0)
			return -1;
		if (status >= 0)
			break;
		if (info->cur != cur || info->end != end) {
			cur = info->cur;
			end = info->end;
			if (cmd_has(cmd, "verbose"))
				progress_show(job->label, end - cur, end);
		}
		if (interrupt_came(interrupt) || is_late(job, &start)) {
			if (abort_job(cmd, job, 0) != 0)
				return cmd_error(cmd, "failed to abort job "
				    "for disk '%s'", job->path);
			return XVM_DOMAIN_BLOCK_JOB_CANCELED;
		}
		(void)poll(fds, fds[1].fd < 0 ? 1 : 2, LOOK_MS);
	}
	if (cmd_has(cmd, "verbose") &&
	    (status == XVM_DOMAIN_BLOCK_JOB_COMPLETED ||
	    status == XVM_DOMAIN_BLOCK_JOB_READY))
		progress_show(job->label, 0, 1);
	return status;
}

static int
wait_for(struct cmd *cmd, const struct block_job *job)
{
	struct interrupt interrupt;
	int status;

	if (interrupt_hold(&interrupt) != 0)
		return cmd_error(cmd, "cannot wait for signals: %s",
		    strerror(errno));
	status = wait_until(cmd, job, &interrupt);
	interrupt_let_go(&interrupt);
	return status;
}

static int
wait_and_end(struct cmd *cmd, const struct block_job *job)
{
	int status = wait_for(cmd, job);

	if (status < 0)
		return -1;
	if (status == XVM_DOMAIN_BLOCK_JOB_CANCELED ||
	    status == XVM_DOMAIN_BLOCK_JOB_FAILED) {
		cmd_extra(cmd, "\n%s %s", job->noun,
		    status == XVM_DOMAIN_BLOCK_JOB_FAILED ? "failed" :
		    "aborted");
		return -1;
	}
	if (job->end_verb == NULL) {
		cmd_extra(cmd, "\n%s", job->done);
		return 0;
	}
	if (abort_job(cmd, job, job->end_flags) != 0)
		return cmd_error(cmd, "failed to %s job for disk %s",
		    job->end_verb, job->path);
	cmd_extra(cmd, "\n%s", job->ended);
	return 0;
}

int
block_job_start(struct cmd *cmd, const struct block_job *job, int number,
    const void *args)
{
	int ids[N_EVENTS];
	int rc = -1;

	if (!job->wait) {
		if (cmd_call(cmd, number, args) == NULL)
			return -1;
		cmd_extra(cmd, "%s", job->started);
		return 0;
	}
	/* Before it starts, as it may end at once. */
	if (register_events(cmd, job, ids) == 0 &&
	    cmd_call(cmd, number, args) != NULL)
		rc = wait_and_end(cmd, job);
	deregister_events(cmd, ids);
	return rc;
}
