/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Marks in xenstore. */
#include "marks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xenstore.h>

#define TEXT_MAX 512
#define PATH_SIZE (sizeof(MARKS_PATH) + UUID_TEXT_SIZE)

static const char *const phases[MARK_PHASES] = {
	"building", "built", "running", "ending", "saving",
};
static const char *const ends[MARK_ENDS] = { "poweroff", "reboot", "crash" };
static const char *const actions[MARK_ACTIONS] = {
	"destroy", "restart", "preserve", "rename-restart",
	"coredump-destroy", "coredump-restart",
};

static int
find(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}

int
mark_action(const char *name)
{
	return find(actions, MARK_ACTIONS, name);
}

void
mark_owner_format(const struct mark_owner *owner, char text[MARK_OWNER_SIZE])
{
	(void)snprintf(text, MARK_OWNER_SIZE, "%d/%" PRIu64 "/%u",
	    owner->process.pid, owner->process.start, owner->number);
}

int
mark_owner_parse(const char *text, struct mark_owner *out)
{
	struct mark_owner o;

	if (sscanf(text, "%d/%" SCNu64 "/%u", &o.process.pid,
	    &o.process.start, &o.number) != 3)
		return -1;
	*out = o;
	return 0;
}

bool
mark_owner_equal(const struct mark_owner *a, const struct mark_owner *b)
{
	return a->process.pid == b->process.pid &&
	    a->process.start == b->process.start && a->number == b->number;
}

static void
path_of(const unsigned char *uuid, char path[PATH_SIZE])
{
	char text[UUID_TEXT_SIZE];

	(void)snprintf(path, PATH_SIZE, MARKS_PATH "/%s",
	    uuid_format(uuid, text));
}

/* One "name=value". What is not known is left to newer versions. */
static int
take_field(struct mark *mark, const char *name, const char *value)
{
	int i = find(ends, MARK_ENDS, name), action;

	if (i >= 0) {
		action = mark_action(value);
		if (action < 0)
			return -1;
		mark->on[i] = (enum mark_action)action;
	} else if (strcmp(name, "phase") == 0) {
		i = find(phases, MARK_PHASES, value);
		if (i < 0)
			return -1;
		mark->phase = (enum mark_phase)i;
	} else if (strcmp(name, "domid") == 0) {
		mark->domid = atoi(value);
	} else if (strcmp(name, "paused") == 0) {
		mark->paused = strcmp(value, "1") == 0;
	} else if (strcmp(name, "builder") == 0) {
		return sscanf(value, "%d/%" SCNu64, &mark->builder.pid,
		    &mark->builder.start) == 2 ? 0 : -1;
	} else if (strcmp(name, "owner") == 0) {
		return mark_owner_parse(value, &mark->owner);
	}
	return 0;
}

static int
parse(char *text, struct mark *mark)
{
	char *save, *field = strtok_r(text, " ", &save), *value;

	mark->domid = -1;
	for (; field != NULL; field = strtok_r(NULL, " ", &save)) {
		value = strchr(field, '=');
		if (value == NULL)
			return -1;
		*value++ = '\0';
		if (take_field(mark, field, value) != 0)
			return -1;
	}
	return 0;
}

int
mark_read(struct xs_handle *xs, const unsigned char *uuid, struct mark *out,
    struct error *err)
{
	char path[PATH_SIZE], *text;
	unsigned int n;
	int rc;

	path_of(uuid, path);
	text = xs_read(xs, XBT_NULL, path, &n);
	if (text == NULL && errno == ENOENT)
		return 0;
	if (text == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot read xenstore's %s", path);
	memset(out, 0, sizeof(*out));
	memcpy(out->uuid, uuid, UUID_SIZE);
	rc = parse(text, out);
	free(text);
	return rc == 0;
}

int
mark_write(struct xs_handle *xs, const struct mark *mark, struct error *err)
{
	char path[PATH_SIZE], text[TEXT_MAX], owner[MARK_OWNER_SIZE];
	int n;

	path_of(mark->uuid, path);
	n = snprintf(text, sizeof(text), "phase=%s domid=%d paused=%d",
	    phases[mark->phase], mark->domid, mark->paused);
	for (int i = 0; i < MARK_ENDS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %s=%s",
		    ends[i], actions[mark->on[i]]);
	if (mark->builder.pid != 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    " builder=%d/%" PRIu64, mark->builder.pid,
		    mark->builder.start);
	if (mark->owner.process.pid != 0) {
		mark_owner_format(&mark->owner, owner);
		n += snprintf(text + n, sizeof(text) - (size_t)n, " owner=%s",
		    owner);
	}
	if (!xs_write(xs, XBT_NULL, path, text, (unsigned int)n))
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot write xenstore's %s", path);
	return 0;
}

int
mark_remove(struct xs_handle *xs, const unsigned char *uuid,
    struct error *err)
{
	char path[PATH_SIZE];

	path_of(uuid, path);
	if (!xs_rm(xs, XBT_NULL, path) && errno != ENOENT)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot remove xenstore's %s", path);
	return 0;
}

int
mark_list(struct xs_handle *xs, unsigned char (**uuids_out)[UUID_SIZE],
    size_t *n_out, struct error *err)
{
	unsigned int n = 0;
	char **names = xs_directory(xs, XBT_NULL, MARKS_PATH, &n);
	unsigned char (*uuids)[UUID_SIZE];

	*uuids_out = NULL;
	*n_out = 0;
	if (names == NULL && errno == ENOENT)
		return 0;
	if (names == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot list xenstore's " MARKS_PATH);
	uuids = calloc(n > 0 ? n : 1, sizeof(*uuids));
	if (uuids == NULL) {
		free(names);
		return error_nomem(err);
	}
	for (unsigned int i = 0; i < n; i++) {
		if (uuid_parse(names[i], uuids[*n_out]) == 0)
			++*n_out;
	}
	free(names);
	*uuids_out = uuids;
	return 0;
}
