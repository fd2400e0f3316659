/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Progress of a domain's job, watched beside the call that waits for it. */
#include "progress.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define WATCH_MS 500
#define ABORT_SECONDS 10

struct watch {
	struct session *session;
	const char *uri;
	const struct xvm_domain *dom;
	const char *label;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	volatile sig_atomic_t stop;	/* the call has ended */
};

void
progress_show(const char *label, uint64_t remaining, uint64_t total)
{
	int percent = 100;

	if (remaining != 0) {
		percent = (int)(100.0 -
		    (double)remaining * 100.0 / (double)total);
		/* 100 means that it has ended. */
		if (percent >= 100)
			percent = 99;
	}
	(void)fflush(stdout);
	(void)fprintf(stderr, "\r%s: [%3d %%]", label, percent);
	(void)fflush(stderr);
}

/* Wait for the next look. True: the call has ended. */
static bool
wait_tick(struct watch *w)
{
	struct timespec until;
	bool stop;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WATCH_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	(void)pthread_mutex_lock(&w->lock);
	while (!w->stop && pthread_cond_timedwait(&w->changed, &w->lock,
	    &until) == 0)
		continue;
	stop = w->stop != 0;
	(void)pthread_mutex_unlock(&w->lock);
	return stop;
}

static void
look(struct watch *w, struct conn *conn)
{
	struct xvm_domain_get_job_info_args args = { *w->dom };
	struct xvm_domain_get_job_info_ret info = { 0 };
	struct error err = ERROR_INIT;

	if (conn_call(conn, XVM_CALL_DOMAIN_GET_JOB_INFO, &args, &info,
	    &err) == 0 && info.data_total > 0)
		progress_show(w->label, info.data_remaining, info.data_total);
	error_release(&err);
}

static void *
watch_main(void *arg)
{
	struct watch *w = arg;
	struct conn_options options = CONN_OPTIONS_INIT;
	struct error err = ERROR_INIT;
	struct conn *conn = NULL;

	options.readonly = true;
	options.attended = true;
	options.cancel = &w->stop;
	options.ssh_persist = w->session->ssh_persist;
	while (!wait_tick(w)) {
		if (conn == NULL)
			conn = conn_open(w->uri, &options, w->session->drivers,
			    &err);
		if (conn == NULL)
			break;
		look(w, conn);
	}
	if (conn != NULL)
		conn_close(conn);
	error_release(&err);
	return NULL;
}

/* Begin to watch; Ctrl-C stays with the thread that waits. 0, or errno. */
static int
watch_start(struct watch *w, pthread_t *thread_out)
{
	sigset_t set, old;
	int rc;

	(void)sigfillset(&set);
	(void)pthread_sigmask(SIG_BLOCK, &set, &old);
	rc = pthread_create(thread_out, NULL, watch_main, w);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

/* The connection that was told to give up is of no use for this. */
static void
abort_job(struct cmd *cmd, const struct xvm_domain *dom)
{
	struct conn_options options = CONN_OPTIONS_INIT;
	struct xvm_domain_abort_job_args args = { *dom };
	struct error err = ERROR_INIT;
	struct conn *conn;

	options.attended = true;
	options.timeout = ABORT_SECONDS;
	options.ssh_persist = cmd_session(cmd)->ssh_persist;
	conn = conn_open(conn_uri(cmd_conn(cmd)), &options,
	    cmd_session(cmd)->drivers, &err);
	if (conn != NULL) {
		(void)conn_call(conn, XVM_CALL_DOMAIN_ABORT_JOB, &args, NULL,
		    &err);
		conn_close(conn);
	}
	if (err.code != XVM_ERR_OK)
		(void)cmd_error(cmd, "cannot abort the job: %s", err.message);
	error_release(&err);
}

const void *
progress_call(struct cmd *cmd, const struct xvm_domain *dom, const char *label,
    int number, const void *args)
{
	struct watch w = {
		.session = cmd_session(cmd),
		.uri = conn_uri(cmd_conn(cmd)),
		.dom = dom,
		.label = label,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	bool verbose = cmd_has(cmd, "verbose"), watched;
	pthread_t thread;
	const void *ret;

	watched = verbose && watch_start(&w, &thread) == 0;
	ret = cmd_call(cmd, number, args);
	if (watched) {
		(void)pthread_mutex_lock(&w.lock);
		w.stop = 1;
		(void)pthread_cond_signal(&w.changed);
		(void)pthread_mutex_unlock(&w.lock);
		(void)pthread_join(thread, NULL);
	}
	if (ret != NULL && verbose)
		progress_show(label, 0, 1);
	if (ret == NULL && cmd_interrupted(cmd))
		abort_job(cmd, dom);
	return ret;
}
