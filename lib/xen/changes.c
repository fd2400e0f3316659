/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing the domains that run with those that ran a moment ago. */
#include "changes.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xen/sched.h>

#include "defined.h"
#include "store.h"
#include "userdata.h"

/*
 * A domain that was just built is let run in a moment; one that is destroyed is
 * paused before. Neither is told as paused.
 */
#define BUILT_NS UINT64_C(1000000000)
#define PAUSED_NS UINT64_C(400000000)

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void
changes_init(struct changes *c)
{
	memset(c, 0, sizeof(*c));
	c->tail = &c->first;
}

void
change_free(struct change *change)
{
	free(change->name);
	free(change);
}

void
changes_release(struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].name);
	for (size_t i = 0; i < c->n_defined; i++)
		free(c->defined[i].name);
	free(c->v);
	free(c->defined);
	while (c->first != NULL) {
		struct change *next = c->first->next;

		change_free(c->first);
		c->first = next;
	}
	changes_init(c);
}

static int
tell(struct changes *c, const char *name, const unsigned char *uuid, int id,
    int event, int detail, struct error *err)
{
	struct change *change = calloc(1, sizeof(*change));

	if (change == NULL)
		return error_nomem(err);
	if (xen_text(name != NULL ? name : XEN_NAMELESS, &change->name,
	    err) != 0) {
		free(change);
		return -1;
	}
	memcpy(change->uuid, uuid, UUID_SIZE);
	change->id = id;
	change->event = event;
	change->detail = detail;
	*c->tail = change;
	c->tail = &change->next;
	return 0;
}

static int
tell_known(struct changes *c, const struct known *k, int event, int detail,
    struct error *err)
{
	return tell(c, k->name, k->uuid, event == XVM_DOMAIN_EVENT_STOPPED ?
	    -1 : k->id, event, detail, err);
}

/* It has gone, or what is left of it only has to be cleared away. */
static int
tell_end(struct changes *c, struct known *k, struct error *err)
{
	int detail = XVM_DOMAIN_EVENT_STOPPED_DESTROYED;

	if (k->ended)
		return 0;
	k->ended = true;
	if (!k->built)
		return 0;
	if (k->state == XVM_DOMAIN_CRASHED)
		detail = XVM_DOMAIN_EVENT_STOPPED_CRASHED;
	else if (k->why == SHUTDOWN_suspend)
		detail = XVM_DOMAIN_EVENT_STOPPED_SAVED;
	else if (k->shutdown)
		detail = XVM_DOMAIN_EVENT_STOPPED_SHUTDOWN;
	return tell_known(c, k, XVM_DOMAIN_EVENT_STOPPED, detail, err);
}

static int
tell_start(struct changes *c, struct known *k, struct error *err)
{
	k->built = true;
	k->state = XVM_DOMAIN_RUNNING;
	k->settles_at = now_ns() + BUILT_NS;
	return tell_known(c, k, XVM_DOMAIN_EVENT_STARTED,
	    XVM_DOMAIN_EVENT_STARTED_BOOTED, err);
}

/* One that was there before: what is it now? */
static int
compare_one(struct changes *c, struct known *k,
    const xen_domctl_getdomaininfo_t *info, struct error *err)
{
	struct xen_domain dom = { .id = k->id, .info = *info };
	int old = k->state, rc = 0;

	memcpy(dom.uuid, k->uuid, UUID_SIZE);
	if ((info->flags & XEN_DOMINF_dying) != 0)
		return tell_end(c, k, err);
	xen_domain_tell_state(&dom);
	if (!k->built) {
		if (dom.state == XVM_DOMAIN_PAUSED &&
		    dom.reason == XVM_DOMAIN_PAUSED_STARTING_UP)
			return 0;
		rc = tell_start(c, k, err);
		old = k->state;
	}
	if (dom.state == XVM_DOMAIN_PAUSED && old == XVM_DOMAIN_RUNNING) {
		if (k->settles_at == 0)
			k->settles_at = now_ns() + PAUSED_NS;
		if (now_ns() < k->settles_at) {
			c->unsettled = true;
			return rc;
		}
	}
	k->settles_at = 0;
	k->state = dom.state;
	if ((info->flags & XEN_DOMINF_shutdown) != 0)
		k->why = info->flags >> XEN_DOMINF_shutdownshift &
		    XEN_DOMINF_shutdownmask;
	else
		k->why = SHUTDOWN_poweroff;
	if (rc != 0 || dom.state == old || k->why == SHUTDOWN_suspend)
		return rc;
	switch (dom.state) {
	case XVM_DOMAIN_PAUSED:
		return tell_known(c, k, XVM_DOMAIN_EVENT_SUSPENDED,
		    XVM_DOMAIN_EVENT_SUSPENDED_PAUSED, err);
	case XVM_DOMAIN_RUNNING:
		k->shutdown = false;
		return old != XVM_DOMAIN_PAUSED ? 0 : tell_known(c, k,
		    XVM_DOMAIN_EVENT_RESUMED,
		    XVM_DOMAIN_EVENT_RESUMED_UNPAUSED, err);
	case XVM_DOMAIN_CRASHED:
		k->shutdown = true;
		return tell_known(c, k, XVM_DOMAIN_EVENT_CRASHED,
		    XVM_DOMAIN_EVENT_CRASHED_PANICKED, err);
	case XVM_DOMAIN_SHUTDOWN:
		k->shutdown = true;
		return tell_known(c, k, XVM_DOMAIN_EVENT_SHUTDOWN,
		    XVM_DOMAIN_EVENT_SHUTDOWN_FINISHED, err);
	default:
		return 0;
	}
}

/* The names of those of which something may be told; kept when they have none. */
static int
read_names(struct changes *c, struct xen_conn *xen, const bool *wanted,
    struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	unsigned int q = 0;
	int rc = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (wanted[i])
			(void)store_add(&batch, STORE_READ,
			    "/local/domain/%d/name", c->v[i].id);
	}
	if (batch.n > 0 || batch.failed)
		rc = xen_store_run(xen, &batch, err);
	for (size_t i = 0; i < c->n && rc == 0; i++) {
		const char *name;

		if (!wanted[i])
			continue;
		name = store_value(&batch, q++, NULL);
		if (name == NULL || *name == '\0' || (c->v[i].name != NULL &&
		    strcmp(name, c->v[i].name) == 0))
			continue;
		free(c->v[i].name);
		c->v[i].name = NULL;
		rc = xen_text(name, &c->v[i].name, err);
	}
	store_batch_release(&batch);
	return rc;
}

/* Bring the known ones in line with Xen's list; those that have gone are told. */
static int
merge(struct changes *c, const struct hyper_list *list, struct error *err)
{
	struct known *v = calloc(list->n + 1u, sizeof(*v));
	size_t old = 0;
	int rc = 0;

	if (v == NULL)
		return error_nomem(err);
	for (unsigned int i = 0; i < list->n; i++) {
		int id = list->v[i].domain;

		while (old < c->n && c->v[old].id < id) {
			if (rc == 0)
				rc = tell_end(c, &c->v[old], err);
			free(c->v[old++].name);
		}
		if (old < c->n && c->v[old].id == id &&
		    memcmp(c->v[old].uuid, list->v[i].handle, UUID_SIZE) == 0) {
			v[i] = c->v[old++];
			continue;
		}
		v[i].id = id;
		memcpy(v[i].uuid, list->v[i].handle, UUID_SIZE);
	}
	while (old < c->n) {
		if (rc == 0)
			rc = tell_end(c, &c->v[old], err);
		free(c->v[old++].name);
	}
	free(c->v);
	c->v = v;
	c->n = list->n;
	return rc;
}

/* What it is when nobody was told anything yet. */
static void
take_as_is(struct known *k, const xen_domctl_getdomaininfo_t *info)
{
	struct xen_domain dom = { .id = k->id, .info = *info };

	memcpy(dom.uuid, k->uuid, UUID_SIZE);
	xen_domain_tell_state(&dom);
	k->state = dom.state;
	k->built = dom.state != XVM_DOMAIN_PAUSED ||
	    dom.reason != XVM_DOMAIN_PAUSED_STARTING_UP;
	k->ended = (info->flags & XEN_DOMINF_dying) != 0;
	k->shutdown = (info->flags & XEN_DOMINF_shutdown) != 0;
	if (k->shutdown)
		k->why = info->flags >> XEN_DOMINF_shutdownshift &
		    XEN_DOMINF_shutdownmask;
}

int
changes_look(struct changes *c, struct xen_conn *xen, bool quiet,
    struct error *err)
{
	bool *wanted;
	int rc;

	if (hyper_list(xen->xc, &xen->list, err) != 0 ||
	    merge(c, &xen->list, err) != 0)
		return -1;
	wanted = calloc(c->n + 1, sizeof(*wanted));
	if (wanted == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < c->n; i++) {
		struct known *k = &c->v[i];

		/* Its name can change until it is built, and by renaming. */
		wanted[i] = !k->built || k->name == NULL ||
		    (k->state == XVM_DOMAIN_RUNNING) !=
		    ((xen->list.v[i].flags & (XEN_DOMINF_dying |
		    XEN_DOMINF_shutdown | XEN_DOMINF_paused)) == 0);
	}
	rc = read_names(c, xen, wanted, err);
	c->unsettled = false;
	for (size_t i = 0; i < c->n && rc == 0; i++) {
		if (quiet)
			take_as_is(&c->v[i], &xen->list.v[i]);
		else
			rc = compare_one(c, &c->v[i], &xen->list.v[i], err);
	}
	free(wanted);
	return rc;
}

/* --- those that are defined ------------------------------------------------- */

static const struct known_defined *
find_defined(const struct changes *c, const unsigned char *uuid)
{
	for (size_t i = 0; i < c->n_defined; i++) {
		if (memcmp(c->defined[i].uuid, uuid, UUID_SIZE) == 0)
			return &c->defined[i];
	}
	return NULL;
}

static bool
is_touched(const char *name, char *const *touched, size_t n)
{
	char *file = defined_path(".", name, ".xml");
	bool found = false;

	for (size_t i = 0; i < n && file != NULL && !found; i++)
		found = strcmp(strrchr(file, '/') + 1, touched[i]) == 0;
	free(file);
	return found;
}

static int
tell_defined(struct changes *c, const struct defined *v, size_t n,
    char *const *touched, size_t n_touched, struct error *err)
{
	const int defined = XVM_DOMAIN_EVENT_DEFINED;
	int rc = 0;

	for (size_t i = 0; i < c->n_defined && rc == 0; i++) {
		const struct known_defined *k = &c->defined[i];
		const char *now = NULL;

		for (size_t j = 0; j < n && now == NULL; j++) {
			if (memcmp(v[j].uuid, k->uuid, UUID_SIZE) == 0)
				now = v[j].name;
		}
		if (now == NULL)
			rc = tell(c, k->name, k->uuid, -1,
			    XVM_DOMAIN_EVENT_UNDEFINED,
			    XVM_DOMAIN_EVENT_UNDEFINED_REMOVED, err);
		else if (strcmp(now, k->name) != 0)
			rc = tell(c, k->name, k->uuid, -1,
			    XVM_DOMAIN_EVENT_UNDEFINED,
			    XVM_DOMAIN_EVENT_UNDEFINED_RENAMED, err);
	}
	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct known_defined *k = find_defined(c, v[i].uuid);
		int detail = XVM_DOMAIN_EVENT_DEFINED_ADDED;

		if (k != NULL && strcmp(k->name, v[i].name) != 0)
			detail = XVM_DOMAIN_EVENT_DEFINED_RENAMED;
		else if (k != NULL && is_touched(v[i].name, touched,
		    n_touched))
			detail = XVM_DOMAIN_EVENT_DEFINED_UPDATED;
		else if (k != NULL)
			continue;
		rc = tell(c, v[i].name, v[i].uuid, -1, defined, detail, err);
	}
	return rc;
}

int
changes_look_defined(struct changes *c, char *const *touched, size_t n,
    bool quiet, struct error *err)
{
	struct known_defined *known = NULL;
	struct defined *v = NULL;
	size_t n_v = 0;
	int rc;

	if (defined_list(&v, &n_v, err) != 0)
		return -1;
	rc = quiet ? 0 : tell_defined(c, v, n_v, touched, n, err);
	known = calloc(n_v + 1, sizeof(*known));
	if (known == NULL)
		rc = error_nomem(err);
	for (size_t i = 0; i < n_v && known != NULL; i++) {
		/* The list is released: its names are taken. */
		known[i].name = v[i].name;
		v[i].name = NULL;
		memcpy(known[i].uuid, v[i].uuid, UUID_SIZE);
	}
	if (known != NULL) {
		for (size_t i = 0; i < c->n_defined; i++)
			free(c->defined[i].name);
		free(c->defined);
		c->defined = known;
		c->n_defined = n_v;
	}
	defined_list_free(v, n_v);
	return rc;
}
