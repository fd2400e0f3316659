/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that answer slow calls. */
#include "worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define IDLE_SECONDS 5
#define STACK_SIZE (512u << 10)

struct queue {
	struct job *first, **tail;
};

struct workers {
	pthread_mutex_t lock;
	pthread_cond_t more;	/* there is work, or the end */
	pthread_cond_t less;	/* a thread has ended */
	struct queue held;	/* wait for their turn */
	struct queue ready;	/* have it, and wait for a thread */
	struct queue done;
	int n_ready;
	int running;		/* jobs that are ready or answered now */
	int threads, idle;
	int fd;
	bool end;
};

static void
put(struct queue *q, struct job *job)
{
	job->next = NULL;
	*q->tail = job;
	q->tail = &job->next;
}

static struct job *
take(struct queue *q)
{
	struct job *job = q->first;

	if (job != NULL) {
		q->first = job->next;
		if (q->first == NULL)
			q->tail = &q->first;
	}
	return job;
}

static bool
may_run(const struct workers *w, const struct job *job)
{
	return job->share->running == 0 || w->running < WORKERS_MAX;
}

static void
make_ready(struct workers *w, struct job *job)
{
	job->share->running++;
	w->running++;
	w->n_ready++;
	put(&w->ready, job);
	(void)pthread_cond_signal(&w->more);
}

/* Whose turn is it? Of the client that has the fewest threads, the first. */
static struct job *
take_next(struct workers *w)
{
	struct job **least = &w->held.first, *job;

	for (struct job **p = least; *p != NULL; p = &(*p)->next) {
		if ((*p)->share->running < (*least)->share->running)
			least = p;
	}
	job = *least;
	if (job == NULL || !may_run(w, job))
		return NULL;
	*least = job->next;
	if (*least == NULL)
		w->held.tail = least;
	return job;
}

/* A job has its answer: the next one's turn. */
static void
make_done(struct workers *w, struct job *job)
{
	struct job *next;

	job->share->running--;
	w->running--;
	put(&w->done, job);
	(void)eventfd_write(w->fd, 1);
	next = take_next(w);
	if (next != NULL)
		make_ready(w, next);
}

/* Wait for work; false when there was none for long, or no more will be. */
static bool
wait_for_work(struct workers *w)
{
	struct timespec until;
	int rc = 0;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += IDLE_SECONDS;
	w->idle++;
	while (w->ready.first == NULL && !w->end && rc == 0)
		rc = pthread_cond_timedwait(&w->more, &w->lock, &until);
	w->idle--;
	return w->ready.first != NULL;
}

static void *
work(void *arg)
{
	struct workers *w = arg;
	struct job *job;

	(void)pthread_mutex_lock(&w->lock);
	while (wait_for_work(w)) {
		job = take(&w->ready);
		w->n_ready--;
		(void)pthread_mutex_unlock(&w->lock);
		(void)conn_submit(job->conn, &job->call, 1);
		(void)pthread_mutex_lock(&w->lock);
		make_done(w, job);
	}
	w->threads--;
	(void)pthread_cond_signal(&w->less);
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct workers *
workers_new(struct error *err)
{
	struct workers *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		error_nomem(err);
		return NULL;
	}
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0) {
		error_system(err, XVM_FROM_RPC, errno, "cannot make eventfd");
		free(w);
		return NULL;
	}
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->more, NULL);
	(void)pthread_cond_init(&w->less, NULL);
	w->held.tail = &w->held.first;
	w->ready.tail = &w->ready.first;
	w->done.tail = &w->done.first;
	return w;
}

static int
start_thread(struct workers *w)
{
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t thread;
	int rc;

	/* Signals are the I/O thread's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, STACK_SIZE);
	rc = pthread_create(&thread, &attr, work, w);
	(void)pthread_attr_destroy(&attr);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

int
workers_start(struct workers *w, struct job *job, struct error *err)
{
	int rc = 0;

	(void)pthread_mutex_lock(&w->lock);
	if (!may_run(w, job)) {
		put(&w->held, job);
	} else {
		/* Who is idle may have been woken for those before. */
		if (w->idle <= w->n_ready) {
			rc = start_thread(w);
			if (rc == 0)
				w->threads++;
			else if (w->threads > 0)
				rc = 0;	/* one of the others will do it */
		}
		if (rc == 0)
			make_ready(w, job);
	}
	(void)pthread_mutex_unlock(&w->lock);
	if (rc != 0)
		return error_system(err, XVM_FROM_RPC, rc,
		    "cannot start a thread");
	return 0;
}

int
workers_fd(const struct workers *w)
{
	return w->fd;
}

struct job *
workers_done(struct workers *w)
{
	struct job *job;
	eventfd_t n;

	(void)pthread_mutex_lock(&w->lock);
	job = take(&w->done);
	if (w->done.first == NULL)
		(void)eventfd_read(w->fd, &n);
	(void)pthread_mutex_unlock(&w->lock);
	return job;
}

void
workers_free(struct workers *w)
{
	if (w == NULL)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->end = true;
	(void)pthread_cond_broadcast(&w->more);
	while (w->threads > 0)
		(void)pthread_cond_wait(&w->less, &w->lock);
	(void)pthread_mutex_unlock(&w->lock);
	(void)close(w->fd);
	(void)pthread_cond_destroy(&w->more);
	(void)pthread_cond_destroy(&w->less);
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}
