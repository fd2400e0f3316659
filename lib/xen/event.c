/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events: what xenstored, the kernel and a clock tell makes us look at the
 * domains again, and what differs is told. xenstored tells of domains that
 * come, stop and go; nobody tells of a domain that is paused or let run, so
 * that is seen within LOOK_NS. What cannot be seen so, its cause posts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "changes.h"
#include "defined.h"
#include "posted.h"
#include "store.h"
#include "userdata.h"

#define LOOK_NS 1000000000L
#define LOOK_AGAIN_NS 200000000L	/* while something is in between */
#define REPLACED (IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE)
#define TOUCHED_MAX 1024	/* names; more are told as if not replaced */

struct xen_events {
	int epoll_fd, timer_fd;
	int built_fd;		/* inotify: libxl's userdata */
	int defined_fd;		/* inotify: the store of defined domains */
	int posted_fd;		/* inotify: what others post */
	struct store *store;	/* its own: with watches */
	struct changes changes;
	struct event *posted;	/* not told yet */
	size_t n_posted;
};

void
xen_events_free(struct xen_events *events)
{
	if (events == NULL)
		return;

	const int fds[] = { events->epoll_fd, events->timer_fd,
		events->built_fd, events->defined_fd, events->posted_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			(void)close(fds[i]);
	}
	for (size_t i = 0; i < events->n_posted; i++)
		event_release(&events->posted[i]);
	free(events->posted);
	store_close(events->store);
	changes_release(&events->changes);
	free(events);
}

static int
add_source(const struct xen_events *events, int fd, struct error *err)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (fd >= 0 && epoll_ctl(events->epoll_fd, EPOLL_CTL_ADD, fd,
	    &ev) == 0)
		return 0;
	return error_system(err, XVM_FROM_LIBXL, errno,
	    "cannot wait for events");
}

/* What happens to files of a directory, IN_*; -1 with err set. */
static int
watch_directory(const char *dir, uint32_t what, struct error *err)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd >= 0 && inotify_add_watch(fd, dir, what | IN_ONLYDIR) >= 0)
		return fd;
	error_system(err, XVM_FROM_LIBXL, errno, "cannot watch %s", dir);
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static void
set_clock(const struct xen_events *events, long first_ns)
{
	const struct itimerspec t = {
		.it_value.tv_sec = first_ns / 1000000000,
		.it_value.tv_nsec = first_ns % 1000000000,
		.it_interval.tv_sec = LOOK_NS / 1000000000,
		.it_interval.tv_nsec = LOOK_NS % 1000000000,
	};

	(void)timerfd_settime(events->timer_fd, 0, &t, NULL);
}

static int
open_posted(struct xen_events *events, struct error *err)
{
	const char *dir = posted_dir(err);

	if (dir == NULL)
		return -1;
	events->posted_fd = watch_directory(dir, IN_MOVED_TO, err);
	return events->posted_fd < 0 ? -1 :
	    add_source(events, events->posted_fd, err);
}

static int
open_sources(struct xen_events *events, struct error *err)
{
	events->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	events->timer_fd = timerfd_create(CLOCK_MONOTONIC,
	    TFD_CLOEXEC | TFD_NONBLOCK);
	if (add_source(events, events->timer_fd, err) != 0)
		return -1;
	set_clock(events, LOOK_NS);
	if (defined_make_dir(DEFINED_DOMAINS, err) != 0)
		return -1;
	events->defined_fd = watch_directory(DEFINED_DOMAINS, REPLACED, err);
	if (events->defined_fd < 0 ||
	    add_source(events, events->defined_fd, err) != 0)
		return -1;
	events->built_fd = watch_directory(USERDATA_DIR, REPLACED, err);
	if (events->built_fd < 0 ||
	    add_source(events, events->built_fd, err) != 0 ||
	    open_posted(events, err) != 0)
		return -1;
	events->store = store_open(err);
	if (events->store == NULL ||
	    store_watch(events->store, "@introduceDomain", "come", err) != 0 ||
	    store_watch(events->store, "@releaseDomain", "go", err) != 0)
		return -1;
	return add_source(events, store_fd(events->store), err);
}

static int
enable(struct xen_conn *xen, struct error *err)
{
	struct xen_events *events = calloc(1, sizeof(*events));

	if (events == NULL)
		return error_nomem(err);
	events->epoll_fd = events->timer_fd = -1;
	events->built_fd = events->defined_fd = events->posted_fd = -1;
	changes_init(&events->changes);
	if (open_sources(events, err) != 0 ||
	    changes_look_defined(&events->changes, NULL, 0, true, err) != 0 ||
	    changes_look(&events->changes, xen, true, err) != 0) {
		xen_events_free(events);
		return -1;
	}
	xen->events = events;
	return 0;
}

int
xen_event_enable(void *state, bool wanted, struct error *err)
{
	struct xen_conn *xen = state;
	int rc = 0;

	(void)pthread_mutex_lock(&xen->lock);
	if (wanted && xen->events == NULL) {
		rc = enable(xen, err);
	} else if (!wanted) {
		xen_events_free(xen->events);
		xen->events = NULL;
	}
	(void)pthread_mutex_unlock(&xen->lock);
	return rc;
}

int
xen_event_fd(void *state)
{
	struct xen_conn *xen = state;
	int fd;

	(void)pthread_mutex_lock(&xen->lock);
	fd = xen->events != NULL ? xen->events->epoll_fd : -1;
	(void)pthread_mutex_unlock(&xen->lock);
	return fd;
}

void
xen_events_poke(struct xen_conn *xen)
{
	(void)pthread_mutex_lock(&xen->lock);
	if (xen->events != NULL)
		set_clock(xen->events, 1);
	(void)pthread_mutex_unlock(&xen->lock);
}

/* --- looking ---------------------------------------------------------------- */

/* Names of files that inotify tells of. */
struct touched {
	char **v;
	size_t n;
};

static void
touched_release(struct touched *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
}

static void
touch(struct touched *t, const char *name)
{
	if (t->v == NULL)
		t->v = calloc(TOUCHED_MAX, sizeof(*t->v));
	if (t->v != NULL && t->n < TOUCHED_MAX &&
	    (t->v[t->n] = strdup(name)) != NULL)
		t->n++;
}

/* Take all that one has to tell; t NULL: that it told is enough. */
static void
drain_inotify(int fd, struct touched *t)
{
	union {
		char bytes[4096];
		struct inotify_event event;	/* for its alignment */
	} u;
	ssize_t n;

	while ((n = read(fd, u.bytes, sizeof(u.bytes))) > 0) {
		for (ssize_t at = 0; at + (ssize_t)sizeof(u.event) <= n;) {
			struct inotify_event ev;

			memcpy(&ev, u.bytes + at, sizeof(ev));
			if (t != NULL && ev.len > 0 && (ev.mask &
			    (IN_MOVED_TO | IN_CLOSE_WRITE)) != 0)
				touch(t, u.bytes + at + sizeof(ev));
			at += (ssize_t)(sizeof(ev) + ev.len);
		}
	}
}

static int
take_posted(struct xen_events *events, struct error *err)
{
	struct touched touched = { NULL, 0 };
	struct event *more;
	int rc = 0;

	drain_inotify(events->posted_fd, &touched);
	more = reallocarray(events->posted, events->n_posted + touched.n + 1,
	    sizeof(*more));
	if (more == NULL)
		rc = error_nomem(err);
	else
		events->posted = more;
	for (size_t i = 0; i < touched.n && rc == 0; i++) {
		int got = posted_get(touched.v[i],
		    &events->posted[events->n_posted], err);

		if (got < 0)
			rc = -1;
		else
			events->n_posted += (size_t)got;
	}
	touched_release(&touched);
	return rc;
}

/* Look again at what may have changed. 0 or -1. */
static int
look(struct xen_conn *xen, struct error *err)
{
	struct xen_events *events = xen->events;
	struct touched touched = { NULL, 0 };
	bool running = false, defined = false;
	struct epoll_event ready[5];
	uint64_t ticks;
	int n, rc = 0;

	n = epoll_wait(events->epoll_fd, ready, 5, 0);
	for (int i = 0; i < n && rc == 0; i++) {
		int fd = ready[i].data.fd;

		if (fd == events->defined_fd) {
			drain_inotify(fd, &touched);
			defined = true;
			continue;
		}
		if (fd == events->posted_fd) {
			rc = take_posted(events, err);
			continue;
		}
		if (fd == events->timer_fd)
			(void)!read(fd, &ticks, sizeof(ticks));
		else if (fd == events->built_fd)
			drain_inotify(fd, NULL);
		else if (store_changed(events->store, err) < 0)
			rc = -1;
		running = true;
	}
	if (rc == 0 && defined)
		rc = changes_look_defined(&events->changes, touched.v,
		    touched.n, false, err);
	if (rc == 0 && running)
		rc = changes_look(&events->changes, xen, false, err);
	if (rc == 0 && events->changes.unsettled)
		set_clock(events, LOOK_AGAIN_NS);
	touched_release(&touched);
	return rc;
}

/* A change as the event that clients know. */
static int
make_event(const struct change *change, struct event *out, struct error *err)
{
	struct xvm_domain_event_callback_lifecycle_msg msg = { 0 };
	const struct event ev = {
		.number = XVM_CALL_DOMAIN_EVENT_CALLBACK_LIFECYCLE,
		.msg = &msg,
	};

	msg.msg.dom.name = change->name;
	memcpy(msg.msg.dom.uuid, change->uuid, UUID_SIZE);
	msg.msg.dom.id = change->id;
	msg.msg.event = change->event;
	msg.msg.detail = change->detail;
	return event_copy(&ev, out, err);
}

int
xen_event_next(void *state, struct event *out, struct error *err)
{
	struct xen_conn *xen = state;
	struct changes *c;
	int rc = 0;

	(void)pthread_mutex_lock(&xen->lock);
	if (xen->events == NULL)
		goto out;
	c = &xen->events->changes;
	if (c->first == NULL && xen->events->n_posted == 0)
		rc = look(xen, err);
	if (rc == 0 && c->first != NULL) {
		struct change *change = c->first;

		c->first = change->next;
		if (c->first == NULL)
			c->tail = &c->first;
		rc = make_event(change, out, err) == 0 ? 1 : -1;
		change_free(change);
	} else if (rc == 0 && xen->events->n_posted > 0) {
		*out = xen->events->posted[0];
		memmove(xen->events->posted, xen->events->posted + 1,
		    --xen->events->n_posted * sizeof(*out));
		rc = 1;
	}
out:
	(void)pthread_mutex_unlock(&xen->lock);
	return rc;
}
