/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that have a name, or their own, only when they are whole. */
#include "partial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xvm-calls.h"

#define TRIES 20		/* while others look whether it is left over */
#define WAIT_US 10000

/* Is it ours, under the name that it was opened by? */
static bool
lock_named(int fd)
{
	struct stat st;

	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    st.st_nlink > 0;
}

static void
clear(const char *beside)
{
	int fd = open(beside, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (lock_named(fd))
		(void)unlink(beside);
	(void)close(fd);
}

static char *
path_beside(const char *path)
{
	char *beside;

	return asprintf(&beside, "%s.part", path) < 0 ? NULL : beside;
}

void
partial_clear(const char *path)
{
	char *beside = path_beside(path);

	if (beside != NULL)
		clear(beside);
	free(beside);
}

/* In the same directory; -1 also where there are no files without a name. */
static int
open_nameless(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;
	int fd;

	if (slash == NULL)
		dir = strdup(".");
	else
		dir = strndup(path, slash == path ? 1 :
		    (size_t)(slash - path));
	if (dir == NULL)
		return -1;
	fd = open(dir, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	free(dir);
	if (fd >= 0)
		(void)flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

static int
open_named(struct partial *p, struct error *err)
{
	for (int i = 0; i < TRIES; i++) {
		p->fd = open(p->beside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (p->fd < 0)
			return error_system(err, XVM_FROM_LIBXL, errno,
			    "Failed to create domain save file '%s'",
			    p->path);
		if (lock_named(p->fd)) {
			p->named = true;
			if (ftruncate(p->fd, 0) == 0)
				return 0;
			return error_system(err, XVM_FROM_LIBXL, errno,
			    "cannot write '%s'", p->beside);
		}
		(void)close(p->fd);
		p->fd = -1;
		(void)usleep(WAIT_US);
	}
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
	    "another process is writing '%s'", p->path);
}

int
partial_open(const char *path, struct partial *out, struct error *err)
{
	memset(out, 0, sizeof(*out));
	out->fd = -1;
	out->path = strdup(path);
	out->beside = path_beside(path);
	if (out->path == NULL || out->beside == NULL)
		return error_nomem(err);
	out->fd = open_nameless(path);
	if (out->fd < 0)
		return open_named(out, err);
	clear(out->beside);
	return 0;
}

static int
give_name(const struct partial *p, const char *name)
{
	char self[64];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", p->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* A link does not replace a file as a rename does. */
static int
give_name_beside(struct partial *p)
{
	for (int i = 0; i < TRIES && !p->named; i++) {
		p->named = give_name(p, p->beside) == 0;
		if (p->named)
			break;
		if (errno != EEXIST)
			return -1;
		clear(p->beside);
		(void)usleep(WAIT_US);
	}
	return p->named ? 0 : -1;
}

/* NFS tells of a full disk when a file is closed; the lock is not let go. */
static int
flush(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -1 : close(copy);
}

int
partial_keep(struct partial *p, struct error *err)
{
	if (flush(p->fd) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot close file");
	if (!p->named && give_name(p, p->path) == 0)
		return 0;
	if (give_name_beside(p) != 0 || rename(p->beside, p->path) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot put '%s' in its place", p->path);
	p->named = false;
	return 0;
}

void
partial_release(struct partial *p)
{
	if (p->named)
		(void)unlink(p->beside);
	if (p->fd >= 0)
		(void)close(p->fd);
	free(p->beside);
	free(p->path);
	p->beside = p->path = NULL;
	p->named = false;
	p->fd = -1;
}
