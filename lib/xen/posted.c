/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events left for other connections. */
#include "posted.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"
#include "defined.h"

#define DIRECTORY DEFINED_RUN "/events"
#define SIZE_MAX_EVENT (1u << 20)
#define KEPT_SECONDS 60
#define PATH_SIZE 320

const char *
posted_dir(struct error *err)
{
	return defined_make_dir(DIRECTORY, err) == 0 ? DIRECTORY : NULL;
}

static void
remove_old(void)
{
	time_t now = time(NULL);
	DIR *dir = opendir(DIRECTORY);
	struct dirent *e;
	struct stat st;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
		    (st.st_mtime < now - KEPT_SECONDS ||
		    st.st_mtime > now + KEPT_SECONDS))
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	}
	if (dir != NULL)
		(void)closedir(dir);
}

int
posted_put(int number, const void *msg, struct error *err)
{
	struct buf bytes = BUF_INIT;
	int32_t head = number;
	struct timespec now;
	char path[PATH_SIZE];
	int rc = -1;

	if (posted_dir(err) == NULL)
		return -1;
	remove_old();
	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)snprintf(path, sizeof(path), DIRECTORY "/%lld.%09ld.%d",
	    (long long)now.tv_sec, now.tv_nsec, (int)getpid());
	buf_add(&bytes, &head, sizeof(head));
	if (call_encode(call_type(number), CALL_ARGS, msg, &bytes, err) == 0)
		rc = bytes.failed ? error_nomem(err) :
		    file_replace(path, bytes.data, bytes.len, 0600, err);
	buf_release(&bytes);
	return rc;
}

static int
decode(const struct buf *bytes, struct event *out, struct error *err)
{
	const struct call_type *type;
	int32_t number;

	if (bytes->len < sizeof(number))
		return 0;
	memcpy(&number, bytes->data, sizeof(number));
	type = call_type(number);
	if (type == NULL || !type->is_event)
		return 0;
	out->number = number;
	out->msg = calloc(1, type->part[CALL_ARGS].size);
	if (out->msg == NULL)
		return error_nomem(err);
	if (call_decode(type, CALL_ARGS, bytes->data + sizeof(number),
	    bytes->len - sizeof(number), out->msg, err) == 0)
		return 1;
	free(out->msg);
	out->msg = NULL;
	error_release(err);
	return 0;
}

int
posted_get(const char *name, struct event *out, struct error *err)
{
	struct buf bytes = BUF_INIT;
	char path[PATH_SIZE];
	int rc = 0;

	(void)snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	if (file_read(path, SIZE_MAX_EVENT, &bytes, err) == 0)
		rc = decode(&bytes, out, err);
	else
		error_release(err);
	buf_release(&bytes);
	return rc;
}
