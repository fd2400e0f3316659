/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* event: wait for what happens to domains. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "domain_options.h"
#include "event_text.h"
#include "input.h"
#include "interrupt.h"

#define EVENTS_MAX 32
#define TIME_TEXT_SIZE 64

struct waiting {
	const struct xvm_domain *dom;	/* NULL: every domain */
	int ids[EVENTS_MAX];		/* of the callbacks */
	size_t n;
	struct timespec deadline;
	bool has_deadline;
	bool loop;
	int count;
};

enum outcome {
	OUTCOME_DONE,
	OUTCOME_TIMEOUT,
	OUTCOME_INTERRUPT,
	OUTCOME_LOST,
};

/* "2026-01-02 03:04:05.678+0000" */
static void
now_text(char out[TIME_TEXT_SIZE])
{
	struct timespec now;
	struct tm tm;
	size_t n;

	out[0] = '\0';
	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &tm) == NULL)
		return;
	n = strftime(out, TIME_TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	(void)snprintf(out + n, TIME_TEXT_SIZE - n, ".%03d+0000",
	    (int)(now.tv_nsec / 1000000));
}

/* 1: given and good, 0: not given, -1 after saying that it is bad. */
static int
read_timeout(struct cmd *cmd, struct waiting *w)
{
	unsigned int seconds;
	int given = cmd_timeout(cmd, &seconds);

	if (given <= 0)
		return given;
	(void)clock_gettime(CLOCK_MONOTONIC, &w->deadline);
	w->deadline.tv_sec += seconds;
	w->has_deadline = true;
	return 1;
}

/* Ask for the event named, or for all of them. 0 or -1. */
static int
register_events(struct cmd *cmd, struct waiting *w, const char *name)
{
	struct xvm_connect_domain_event_callback_register_any_args
	    args[EVENTS_MAX];
	struct xvm_domain dom;
	struct call *calls = cmd_batch(cmd, EVENTS_MAX);
	size_t n = 0;

	if (w->dom != NULL)
		dom = *w->dom;
	for (size_t id = 0; id < EVENTS_MAX && event_name(id) != NULL; id++) {
		if (name != NULL && strcmp(name, event_name(id)) != 0)
			continue;
		args[n].event_id = (int)id;
		args[n].dom = w->dom == NULL ? NULL : &dom;
		cmd_batch_set(cmd, &calls[n],
		    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY,
		    &args[n]);
		n++;
	}
	(void)cmd_submit(cmd, calls, n);
	for (size_t i = 0; i < n; i++) {
		const struct
		    xvm_connect_domain_event_callback_register_any_ret *ret =
		    calls[i].ret;

		if (calls[i].rc == 0)
			w->ids[w->n++] = ret->callback_id;
	}
	/* An older server knows fewer events; the first one it must know. */
	if (calls[0].rc != 0) {
		cmd_take_error(cmd, &calls[0]);
		return -1;
	}
	return 0;
}

static int
deregister_events(struct cmd *cmd, const struct waiting *w)
{
	struct xvm_connect_domain_event_callback_deregister_any_args
	    args[EVENTS_MAX];
	struct call *calls = cmd_batch(cmd, w->n);
	int rc = 0;

	for (size_t i = 0; i < w->n; i++) {
		args[i].callback_id = w->ids[i];
		cmd_batch_set(cmd, &calls[i],
		    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY,
		    &args[i]);
	}
	if (cmd_submit(cmd, calls, w->n) == 0)
		return 0;
	for (size_t i = 0; i < w->n; i++) {
		if (calls[i].rc != 0) {
			cmd_take_error(cmd, &calls[i]);
			rc = -1;
		}
	}
	return rc;
}

static bool
is_ours(const struct waiting *w, const struct event *event)
{
	int id;

	if (event_id(event) < 0)
		return false;
	memcpy(&id, event->msg, sizeof(id));
	for (size_t i = 0; i < w->n; i++) {
		if (w->ids[i] == id)
			return true;
	}
	return false;
}

static void
say(struct cmd *cmd, struct waiting *w, const struct event *event)
{
	char when[TIME_TEXT_SIZE];

	if (!is_ours(w, event))
		return;
	now_text(when);
	cmd_object_begin(cmd, NULL);
	event_print(cmd, event, cmd_has(cmd, "timestamp") ? when : NULL);
	cmd_object_end(cmd);
	cmd_json_flush(cmd);
	w->count++;
}

/* How long the wait may still be; NULL: for ever. */
static const struct timespec *
time_left(const struct waiting *w, struct timespec *left)
{
	struct timespec now;

	if (!w->has_deadline)
		return NULL;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = w->deadline.tv_sec - now.tv_sec;
	left->tv_nsec = w->deadline.tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_sec--;
		left->tv_nsec += 1000000000;
	}
	if (left->tv_sec < 0)
		*left = (struct timespec){ 0, 0 };
	return left;
}

static bool
is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	    (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Wait for an event or a signal. OUTCOME_DONE: look whether there is one. */
static enum outcome
wait_readable(struct cmd *cmd, const struct waiting *w, int signals)
{
	struct pollfd fds[] = {
		{ signals, POLLIN, 0 },
		{ conn_event_fd(cmd_conn(cmd)), POLLIN, 0 },
	};
	int probe_ms = conn_wait(cmd_conn(cmd)), n;
	struct timespec probe = { probe_ms / 1000,
		probe_ms % 1000 * 1000000L }, left;
	const struct timespec *until;

	if (cmd_interrupted(cmd))
		return OUTCOME_INTERRUPT;
	/* The other end may be due to be probed before. */
	until = time_left(w, &left);
	if (probe_ms < 0 || (until != NULL && is_before(until, &probe)))
		probe_ms = -1;
	else
		until = &probe;
	n = ppoll(fds, fds[1].fd < 0 ? 1 : 2, until, NULL);
	if (fds[0].revents != 0)
		return OUTCOME_INTERRUPT;
	return n == 0 && probe_ms < 0 ? OUTCOME_TIMEOUT : OUTCOME_DONE;
}

static enum outcome
wait_until(struct cmd *cmd, struct waiting *w, int signals)
{
	struct error err = ERROR_INIT;
	enum outcome outcome;

	do {
		struct event event = { 0 };
		int n;

		while ((n = conn_event_next(cmd_conn(cmd), &event, &err)) > 0) {
			say(cmd, w, &event);
			event_release(&event);
			if (w->count > 0 && !w->loop)
				return OUTCOME_DONE;
		}
		if (n < 0) {
			(void)cmd_set_error(cmd, &err);
			return OUTCOME_LOST;
		}
		outcome = wait_readable(cmd, w, signals);
	} while (outcome == OUTCOME_DONE);
	return outcome;
}

/* Ctrl-C ends the wait, not the program: meanwhile it comes by a descriptor. */
static enum outcome
wait_events(struct cmd *cmd, struct waiting *w)
{
	struct interrupt interrupt;
	enum outcome outcome;

	if (interrupt_hold(&interrupt) != 0) {
		(void)cmd_error(cmd, "cannot wait for signals: %s",
		    strerror(errno));
		return OUTCOME_LOST;
	}
	outcome = wait_until(cmd, w, interrupt.fd);
	interrupt_let_go(&interrupt);
	return outcome;
}

static void
list_events(struct cmd *cmd)
{
	cmd_array_begin(cmd, NULL);
	for (size_t id = 0; event_name(id) != NULL; id++)
		cmd_field(cmd, NULL, value_string(event_name(id)), "%s\n",
		    event_name(id));
	cmd_array_end(cmd);
}

static bool
is_event(const char *name)
{
	for (size_t id = 0; event_name(id) != NULL; id++) {
		if (strcmp(event_name(id), name) == 0)
			return true;
	}
	return false;
}

static int
event_run(struct cmd *cmd)
{
	struct waiting w = { .loop = cmd_has(cmd, "loop") };
	enum outcome outcome = OUTCOME_LOST;
	const char *name;
	int rc = -1;

	if (cmd_exclusive(cmd, "all", "event") != 0 ||
	    cmd_exclusive(cmd, "list", "all") != 0 ||
	    cmd_exclusive(cmd, "list", "event") != 0)
		return -1;
	if (cmd_has(cmd, "list")) {
		list_events(cmd);
		return 0;
	}
	if (cmd_string(cmd, "event", &name) != 0)
		return -1;
	if (name == NULL && !cmd_has(cmd, "all"))
		return cmd_error(cmd,
		    "one of --list, --all, or --event <type> is required");
	if (name != NULL && !is_event(name))
		return cmd_error(cmd, "unknown event type %s", name);
	if (read_timeout(cmd, &w) < 0)
		return -1;
	if (cmd_has(cmd, "domain") && (w.dom = cmd_domain(cmd)) == NULL)
		return -1;

	if (register_events(cmd, &w, name) == 0)
		outcome = wait_events(cmd, &w);
	if (outcome == OUTCOME_INTERRUPT)
		cmd_text(cmd, "event loop interrupted\n");
	else if (outcome == OUTCOME_TIMEOUT)
		cmd_text(cmd, "event loop timed out\n");
	if (outcome != OUTCOME_LOST) {
		cmd_text(cmd, "events received: %d\n", w.count);
		if (w.count > 0)
			rc = 0;
	}
	if (deregister_events(cmd, &w) != 0)
		rc = -1;
	return rc;
}

static const struct option event_options[] = {
	OPTION_TEXT("domain", "only of this domain: name, id or UUID",
	    complete_domain),
	OPTION_TEXT("event", "the kind of event to wait for",
	    complete_event_name),
	OPTION_SWITCH("all", "wait for every kind of event"),
	OPTION_SWITCH("loop", "go on until the time is over or Ctrl-C"),
	OPTION_NUMBER("timeout", "seconds to wait at most"),
	OPTION_SWITCH("list", "list the kinds of events"),
	OPTION_SWITCH("timestamp", "tell when each event came"),
	{ 0 },
};

const struct command command_event = {
	.name = "event",
	.summary = "wait for what happens to domains",
	.description = "Lists the kinds of events, or waits until domains "
	    "have some.",
	.options = event_options,
	.run = event_run,
};
