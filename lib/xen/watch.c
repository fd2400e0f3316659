/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watcher's loop: what is marked in xenstore, what Xen says of it, and
 * child processes that do what follows. It decides nothing itself: a child
 * reads the mark again.
 */
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <xenstore.h>

#include "child.h"
#include "child_wire.h"
#include "hyper.h"
#include "marks.h"
#include "watch_lock.h"

#define ACTIONS_MAX 4		/* child processes at once */
#define TRIES_MAX 3		/* for one state of one domain */
#define RETRY_SECONDS 2
#define REASON_MAX 16384		/* bytes of a child's error */

/* A domain with a mark. */
struct watched {
	struct mark mark;
	int builder_fd, owner_fd;	/* readable when they end; -1 */
	bool wanted;			/* a child is to see to it */
	pid_t pid;			/* of the child that does; 0: none */
	int fd;				/* its answer */
	int tries;			/* that failed */
	time_t after;			/* not before */
};

struct watch {
	struct xs_handle *xs;
	xc_interface *xc;
	struct hyper_list list;
	struct watched *v;
	size_t n, size;
	int actions;
	int lock;
};

/* --- the table ------------------------------------------------------------- */

static struct watched *
find(struct watch *w, const unsigned char *uuid)
{
	for (size_t i = 0; i < w->n; i++) {
		if (memcmp(w->v[i].mark.uuid, uuid, UUID_SIZE) == 0)
			return &w->v[i];
	}
	return NULL;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static struct watched *
add(struct watch *w, const unsigned char *uuid)
{
	struct watched *more, *d;

	if (w->n == w->size) {
		size_t size = w->size == 0 ? 16 : 2 * w->size;

		more = reallocarray(w->v, size, sizeof(*more));
		if (more == NULL)
			return NULL;
		w->v = more;
		w->size = size;
	}
	d = &w->v[w->n++];
	memset(d, 0, sizeof(*d));
	memcpy(d->mark.uuid, uuid, UUID_SIZE);
	d->builder_fd = d->owner_fd = d->fd = -1;
	return d;
}

static void
drop(struct watch *w, struct watched *d)
{
	close_fd(&d->builder_fd);
	close_fd(&d->owner_fd);
	*d = w->v[--w->n];
}

/* Watch a process that the mark names; one that has ended wants a child. */
static void
follow(const struct process *p, int *fd, bool *wanted)
{
	close_fd(fd);
	if (p->pid == 0)
		return;
	*fd = process_fd(p);
	if (*fd < 0)
		*wanted = true;
}

/* Read a mark again. */
static void
refresh(struct watch *w, const unsigned char *uuid)
{
	struct watched *d = find(w, uuid);
	struct error err = ERROR_INIT;
	struct mark mark;
	int rc = mark_read(w->xs, uuid, &mark, &err);

	error_release(&err);
	if (rc < 0)
		return;
	if (rc == 0) {
		if (d != NULL && d->pid == 0)
			drop(w, d);
		return;
	}
	if (d == NULL)
		d = add(w, uuid);
	if (d == NULL)
		return;
	d->mark = mark;
	if (d->pid == 0)	/* else our own child wrote it */
		d->tries = 0;
	d->after = 0;
	follow(&mark.builder, &d->builder_fd, &d->wanted);
	follow(&mark.owner.process, &d->owner_fd, &d->wanted);
}

static void
refresh_all(struct watch *w)
{
	unsigned char (*uuids)[UUID_SIZE];
	struct error err = ERROR_INIT;
	size_t n;

	if (mark_list(w->xs, &uuids, &n, &err) != 0) {
		error_release(&err);
		return;
	}
	for (size_t i = 0; i < n; i++)
		refresh(w, uuids[i]);
	free(uuids);
}

/* --- what Xen says --------------------------------------------------------- */

static const xen_domctl_getdomaininfo_t *
find_info(const struct watch *w, int domid)
{
	unsigned int low = 0, high = w->list.n;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (w->list.v[mid].domain < domid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->list.n && w->list.v[low].domain == domid ?
	    &w->list.v[low] : NULL;
}

/* Has a running one gone, or ended otherwise than for a save? */
static bool
has_ended(const struct watch *w, const struct mark *mark)
{
	const xen_domctl_getdomaininfo_t *info = find_info(w, mark->domid);
	unsigned int reason;

	if (info == NULL || (info->flags & XEN_DOMINF_dying) != 0 ||
	    memcmp(info->handle, mark->uuid, UUID_SIZE) != 0)
		return true;
	if ((info->flags & XEN_DOMINF_shutdown) == 0)
		return false;
	reason = (info->flags >> XEN_DOMINF_shutdownshift) &
	    XEN_DOMINF_shutdownmask;
	return reason != SHUTDOWN_suspend;
}

static bool
is_gone(const struct watch *w, const struct mark *mark)
{
	const xen_domctl_getdomaininfo_t *info = find_info(w, mark->domid);

	return info == NULL ||
	    memcmp(info->handle, mark->uuid, UUID_SIZE) != 0;
}

/* Remove the mark of a domain that left, unless it was written anew. */
static void
forget(struct watch *w, const struct mark *mark)
{
	struct error err = ERROR_INIT;
	struct mark now;

	if (mark_read(w->xs, mark->uuid, &now, &err) == 1 &&
	    now.phase == MARK_RUNNING && now.domid == mark->domid)
		(void)mark_remove(w->xs, mark->uuid, &err);
	error_release(&err);
}

static void
look(struct watch *w)
{
	struct error err = ERROR_INIT;

	if (hyper_list(w->xc, &w->list, &err) != 0) {
		error_release(&err);
		return;
	}
	for (size_t i = 0; i < w->n; i++) {
		struct watched *d = &w->v[i];

		if (d->mark.phase != MARK_RUNNING || d->pid != 0)
			continue;
		if (is_gone(w, &d->mark))
			forget(w, &d->mark);
		else if (has_ended(w, &d->mark) && d->tries < TRIES_MAX)
			d->wanted = true;
	}
}

/* --- child processes ------------------------------------------------------- */

static void
act(struct watch *w, struct watched *d)
{
	struct error err = ERROR_INIT;
	char text[UUID_TEXT_SIZE];

	d->wanted = false;
	if (child_order(CHILD_ORDER_REAP, uuid_format(d->mark.uuid, text), "",
	    &d->pid, &d->fd, &err) == 0) {
		w->actions++;
		return;
	}
	d->pid = 0;
	d->fd = -1;
	syslog(LOG_ERR, "%s", err.message);
	error_release(&err);
	d->wanted = ++d->tries < TRIES_MAX;
	d->after = time(NULL) + RETRY_SECONDS;
}

/* Why a child failed, to the log. */
static void
log_failure(int fd, size_t n, const char *uuid)
{
	struct error err = ERROR_INIT;
	struct xvm_error wire;
	char bytes[REASON_MAX];

	memset(&wire, 0, sizeof(wire));
	if (n == 0 || n > sizeof(bytes) || child_read(fd, bytes, n) != 1 ||
	    call_error_decode(bytes, n, &wire, &err) != 0) {
		error_release(&err);
		return;
	}
	error_from_wire(&err, &wire);
	syslog(LOG_ERR, "domain %s: %s", uuid, err.message);
	error_release(&err);
	call_error_free(&wire);
}

/* A child has answered or died. */
static void
end_action(struct watch *w, struct watched *d)
{
	struct child_answer answer = { .rc = -1 };
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];
	bool done;
	int tries;

	done = child_read(d->fd, &answer, sizeof(answer)) == 1 &&
	    answer.rc == 0;
	if (!done)
		log_failure(d->fd, answer.n_bytes,
		    uuid_format(d->mark.uuid, text));
	close_fd(&d->fd);
	while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
		;
	d->pid = 0;
	w->actions--;
	memcpy(uuid, d->mark.uuid, UUID_SIZE);
	tries = done ? 0 : d->tries + 1;
	if (tries == TRIES_MAX)
		syslog(LOG_ERR, "giving up on domain %s",
		    uuid_format(uuid, text));
	refresh(w, uuid);
	d = find(w, uuid);
	if (d == NULL)
		return;
	d->tries = tries;
	if (!done && tries < TRIES_MAX) {
		d->wanted = true;
		d->after = time(NULL) + RETRY_SECONDS;
	} else if (!done) {
		d->wanted = false;
	}
}

/* Start what is wanted; the milliseconds until more may be, -1: nothing. */
static int
act_all(struct watch *w)
{
	time_t now = time(NULL);
	int wait = -1;

	for (size_t i = 0; i < w->n; i++) {
		struct watched *d = &w->v[i];

		if (!d->wanted || d->pid != 0)
			continue;
		if (d->after <= now && w->actions < ACTIONS_MAX)
			act(w, d);
		if (d->wanted)
			wait = 1000 * RETRY_SECONDS;
	}
	return wait;
}

/* --- the loop -------------------------------------------------------------- */

/* Take what xenstore tells; true: domains have to be looked at. */
static bool
take_watches(struct watch *w)
{
	bool released = false;
	char **event;

	while ((event = xs_check_watch(w->xs)) != NULL) {
		const char *path = event[XS_WATCH_PATH];
		unsigned char uuid[UUID_SIZE];
		size_t n = sizeof(MARKS_PATH) - 1;

		if (strncmp(path, MARKS_PATH, n) != 0)
			released = true;
		else if (path[n] == '/' && uuid_parse(path + n + 1,
		    uuid) == 0)
			refresh(w, uuid);
		else
			refresh_all(w);
		free(event);
	}
	return released;
}

/* The n-th descriptor of a domain: its builder, owner, child. */
static int *
fd_of(struct watched *d, int n)
{
	return n == 0 ? &d->builder_fd : n == 1 ? &d->owner_fd : &d->fd;
}

/* Wait for something; what came is marked in the table. */
static int
wait_for_events(struct watch *w, int ms, bool *xenstore_out)
{
	struct pollfd *p = calloc(3 * w->n + 1, sizeof(*p));
	size_t n = 3 * w->n;

	if (p == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		p[i].fd = *fd_of(&w->v[i / 3], (int)(i % 3));
		p[i].events = POLLIN;
	}
	p[n].fd = xs_fileno(w->xs);
	p[n].events = POLLIN;
	*xenstore_out = false;
	if (poll(p, n + 1, ms) > 0) {
		*xenstore_out = p[n].revents != 0;
		/* From the end: what is dropped has been looked at. */
		for (size_t i = n; i-- > 0;) {
			struct watched *d = &w->v[i / 3];

			if (p[i].revents == 0)
				continue;
			if (i % 3 == 2) {
				end_action(w, d);
				i -= 2;	/* its others are new by now */
				continue;
			}
			close_fd(fd_of(d, (int)(i % 3)));
			d->wanted = true;
		}
	}
	free(p);
	return 0;
}

static void
serve(struct watch *w)
{
	bool xenstore;
	int ms;

	refresh_all(w);
	look(w);
	while (w->n > 0) {
		ms = act_all(w);
		if (wait_for_events(w, ms, &xenstore) != 0)
			return;
		if (xenstore)
			(void)take_watches(w);
		look(w);
	}
}

static int
start(struct watch *w, struct error *err)
{
	w->xs = xs_open(0);
	if (w->xs == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot connect to xenstored");
	w->xc = hyper_open(err);
	if (w->xc == NULL)
		return -1;
	if (!xs_watch(w->xs, "@releaseDomain", "released") ||
	    !xs_watch(w->xs, MARKS_PATH, "marks"))
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot watch xenstore");
	return 0;
}

static void
release(struct watch *w)
{
	while (w->n > 0)
		drop(w, &w->v[w->n - 1]);
	free(w->v);
	hyper_list_release(&w->list);
	if (w->xc != NULL)
		(void)xc_interface_close(w->xc);
	if (w->xs != NULL)
		xs_close(w->xs);
}

/*
 * Who marks a domain now finds us running or the lock free; if it was us, its
 * mark is there once the lock is free.
 */
static bool
is_wanted(struct watch *w)
{
	refresh_all(w);
	return w->n > 0;
}

extern int xen_watch_main(void);

/* The module's way in: the exit status of `virtd --watch`. */
__attribute__((visibility("default"))) int
xen_watch_main(void)
{
	struct watch w = { .lock = -1 };
	struct error err = ERROR_INIT;
	int rc;

	if (chdir("/") != 0)
		return EXIT_FAILURE;
	openlog("virtd-watch", LOG_PID, LOG_DAEMON);
	w.lock = watch_lock(&err);
	if (w.lock < 0) {
		error_release(&err);
		return EXIT_SUCCESS;	/* there is one */
	}
	rc = start(&w, &err);
	if (rc == 0) {
		(void)child_write(CHILD_FD, "", 1);
		(void)close(CHILD_FD);
		do {
			serve(&w);
			close_fd(&w.lock);
		} while (is_wanted(&w) && (w.lock = watch_lock(&err)) >= 0);
	} else {
		syslog(LOG_ERR, "%s", err.message);
	}
	release(&w);
	error_release(&err);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
