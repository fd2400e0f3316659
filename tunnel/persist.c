/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An ssh connection that later commands share. */
#include "persist.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "keepalive.h"
#include "sha1.h"

#define KEY_BYTES 6u
#define KEY_LEN (2 * KEY_BYTES)
#define HASH_LEN 40u		/* %C */
#define SUFFIX_LEN 17u		/* while ssh makes it: ".", 16 characters */
#define NAME_LEN (KEY_LEN + 1 + HASH_LEN)
#define WAIT_SLICE_MS 20

struct place {
	char *dir;
	int fd;
	char key[KEY_LEN + 1];
};

/* --- where ---------------------------------------------------------------- */

/* Does a socket's path with ssh's suffix fit, and is it one to ssh? */
static bool
fits(const char *dir)
{
	struct sockaddr_un address;

	return strlen(dir) + 1 + NAME_LEN + SUFFIX_LEN <
	    sizeof(address.sun_path) && strstr(dir, "${") == NULL;
}

/* The user's run-time directory, when it is one and this user's. */
static const char *
runtime_dir(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (dir == NULL || dir[0] != '/' || stat(dir, &st) != 0 ||
	    !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return NULL;
	return dir;
}

/* The caller frees it; NULL when out of memory. */
static char *
choose_dir(void)
{
	const char *run = runtime_dir(), *tmp = getenv("TMPDIR");
	struct buf dir = BUF_INIT;

	if (run != NULL) {
		buf_printf(&dir, "%s/xvsh", run);
		if (fits(buf_str(&dir)))
			return buf_detach(&dir);
	}
	for (int i = 0; i < 2; i++) {
		if (i == 0 && (tmp == NULL || tmp[0] != '/'))
			continue;
		buf_clear(&dir);
		buf_printf(&dir, "%s/xvsh-%u", i == 0 ? tmp : "/tmp",
		    (unsigned int)geteuid());
		if (fits(buf_str(&dir)))
			break;
	}
	return buf_detach(&dir);
}

/* Who could write there could hand us another host. */
static int
open_dir(struct place *p, struct error *err)
{
	struct stat st;

	p->dir = choose_dir();
	if (p->dir == NULL)
		return error_nomem(err);
	if (mkdir(p->dir, 0700) != 0 && errno != EEXIST)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot make '%s' for connections that are kept", p->dir);
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (p->fd < 0 || fstat(p->fd, &st) != 0)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot keep connections in '%s'", p->dir);
	if (st.st_uid != geteuid() || (st.st_mode & 07777) != 0700)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "cannot keep connections in '%s': it must belong to this "
		    "user and have mode 0700", p->dir);
	return 0;
}

static void
set_key(struct place *p, const char *const *words)
{
	uint8_t digest[SHA1_SIZE];
	struct buf text = BUF_INIT;

	for (; *words != NULL; words++)
		buf_add(&text, *words, strlen(*words) + 1);
	sha1(buf_str(&text), text.len, digest);
	buf_release(&text);
	for (size_t i = 0; i < KEY_BYTES; i++)
		(void)snprintf(p->key + 2 * i, 3, "%02x", digest[i]);
}

/* For ssh, which expands it. */
static char *
control_path(const struct place *p)
{
	struct buf path = BUF_INIT;

	for (const char *c = p->dir; *c != '\0'; c++) {
		if (*c == '%')
			buf_putc(&path, '%');
		buf_putc(&path, *c);
	}
	buf_printf(&path, "/%s-%%C", p->key);
	return buf_detach(&path);
}

/* --- is there one? -------------------------------------------------------- */

static bool
answers(const struct place *p, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0), rc;

	if (fd < 0)
		return false;
	rc = snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s",
	    p->dir, name);
	if (rc < 0 || (size_t)rc >= sizeof(address.sun_path)) {
		(void)close(fd);
		return false;
	}
	rc = connect(fd, (struct sockaddr *)&address, sizeof(address));
	/* EAGAIN: so many are connecting. */
	if (rc != 0 && errno == EAGAIN)
		rc = 0;
	(void)close(fd);
	return rc == 0;
}

/* Sockets whose master died without a word are removed if we may. */
static bool
is_there(const struct place *p, bool may_remove)
{
	bool found = false;
	struct dirent *entry;
	DIR *dir = opendir(p->dir);

	if (dir == NULL)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (strncmp(name, p->key, KEY_LEN) != 0 ||
		    name[KEY_LEN] != '-' || strlen(name) != NAME_LEN)
			continue;
		found = answers(p, name);
		if (!found && may_remove)
			(void)unlinkat(p->fd, name, 0);
	}
	(void)closedir(dir);
	return found;
}

/* --- who starts it? ------------------------------------------------------- */

/*
 * Until there is one, or it is us to start it, or waiting was long enough;
 * in the last case this one begins without the lock, which ssh copes with.
 */
static int
wait_turn(const struct place *p, const struct conn_options *options, int lock,
    bool *ours_out, struct error *err)
{
	const struct timespec slice = { .tv_nsec = WAIT_SLICE_MS * 1000000L };
	int seconds = PERSIST_WAIT_SECONDS;
	int64_t until;

	if (options->timeout > 0 && options->timeout < seconds)
		seconds = options->timeout;
	until = clock_ms() + 1000 * (int64_t)seconds;
	*ours_out = false;
	while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		if (options->cancel != NULL && *options->cancel != 0)
			return error_set(err, XVM_FROM_SSH,
			    XVM_ERR_OPERATION_ABORTED, "interrupted");
		if (clock_ms() > until || is_there(p, false))
			return 0;
		(void)nanosleep(&slice, NULL);
	}
	*ours_out = !is_there(p, true);
	return 0;
}

static int
take_lock(const struct place *p, const struct conn_options *options,
    int *lock_out, struct error *err)
{
	char name[KEY_LEN + 6];
	bool ours;
	int fd;

	(void)snprintf(name, sizeof(name), "%s.lock", p->key);
	fd = openat(p->fd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd < 0)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot open '%s/%s'", p->dir, name);
	if (wait_turn(p, options, fd, &ours, err) != 0) {
		(void)close(fd);
		return -1;
	}
	if (ours)
		*lock_out = fd;
	else
		(void)close(fd);
	return 0;
}

int
persist_prepare(const char *const *words, const struct conn_options *options,
    char **path_out, int *lock_out, struct error *err)
{
	struct place p = { .fd = -1 };
	int rc = -1;

	*path_out = NULL;
	*lock_out = -1;
	set_key(&p, words);
	if (open_dir(&p, err) != 0)
		goto out;
	if (!is_there(&p, false) &&
	    take_lock(&p, options, lock_out, err) != 0)
		goto out;
	*path_out = control_path(&p);
	if (*path_out == NULL) {
		if (*lock_out >= 0)
			(void)close(*lock_out);
		*lock_out = -1;
		error_nomem(err);
		goto out;
	}
	rc = 0;
out:
	if (p.fd >= 0)
		(void)close(p.fd);
	free(p.dir);
	return rc;
}
