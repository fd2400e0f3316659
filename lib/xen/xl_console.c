/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One console at a time, beside xl. */
#include "xl_console.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "xvm-calls.h"

#define LOCK_PATH "/var/lock/xenconsole.%d"
#define PATH_SIZE 64
#define HOLDER "xenconsole\n"
#define TRIES 100		/* of 50 ms: xl's restores its terminal, and goes */
#define WAIT_US 50000

static const char *
path_of(int domid, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, LOCK_PATH, domid);
	return path;
}

/* Is it still the file of that name? */
static bool
is_named(int fd, const char *path)
{
	struct stat own, named;

	return fstat(fd, &own) == 0 && stat(path, &named) == 0 &&
	    own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

static bool
is_xenconsole(int pid)
{
	char path[PATH_SIZE], name[sizeof(HOLDER)] = "";
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	(void)close(fd);
	return strcmp(name, HOLDER) == 0;
}

/* Ask the one of xl's that has the file locked to end: it does in order. */
static void
end_holder(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	char line[256], file[PATH_SIZE];
	struct stat st;
	int pid, at;

	if (locks == NULL || fstat(fd, &st) != 0) {
		if (locks != NULL)
			(void)fclose(locks);
		return;
	}
	(void)snprintf(file, sizeof(file), "%02x:%02x:%llu ",
	    major(st.st_dev), minor(st.st_dev),
	    (unsigned long long)st.st_ino);
	while (fgets(line, sizeof(line), locks) != NULL) {
		at = 0;
		if (sscanf(line, "%*s FLOCK %*s %*s %d %n", &pid, &at) == 1 &&
		    at > 0 && strncmp(line + at, file, strlen(file)) == 0 &&
		    is_xenconsole(pid))
			(void)kill(pid, SIGTERM);
	}
	(void)fclose(locks);
}

/* A descriptor; -1 with errno, which is EAGAIN when xl has it. */
static int
lock_once(const char *path, bool end)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), why;

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
		if (is_named(fd, path))
			return fd;
		errno = EAGAIN;
	} else if (end) {
		end_holder(fd);
		errno = EAGAIN;
	}
	why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}

int
xl_console_lock(int domid, bool force, struct error *err)
{
	char path[PATH_SIZE];
	int fd = -1;

	(void)path_of(domid, path);
	for (int i = 0; i < TRIES; i++) {
		/* One that has just ended has removed its file. */
		fd = lock_once(path, force && i == 0);
		if (fd >= 0 || errno != EAGAIN || (!force && i > 0))
			break;
		if (force)
			(void)usleep(WAIT_US);
	}
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return XL_CONSOLE_NONE;
	if (errno == EAGAIN)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_FAILED,
		    "Active console session exists for this domain");
	return error_system(err, XVM_FROM_LIBXL, errno,
	    "cannot lock '%s'", path);
}

void
xl_console_unlock(int domid, int fd)
{
	char path[PATH_SIZE];

	if (fd < 0)
		return;
	/* The last one removes it. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    is_named(fd, path_of(domid, path)))
		(void)unlink(path);
	(void)close(fd);
}
