/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Processes of xl that build domains. One that has built its domain lives on as
 * its monitor, its output going to a log of the domain's name; then it builds
 * that domain alone, when it is to start again.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "side.h"

#define MONITOR_LOG "/var/log/xen/xl-"
#define WORDS_MAX 1024	/* bytes of a command line that are looked at */

/* Does it run a command of xl's that builds, in full or abbreviated? */
static bool
is_builder(const char *words, size_t n)
{
	static const char *const verbs[] = {
		"create", "restore", "migrate-receive", NULL,
	};
	const char *p = words, *end = words + n;

	/* The program's name and xl's own options stand before. */
	do {
		p += strnlen(p, (size_t)(end - p)) + 1;
	} while (p < end && *p == '-');
	for (size_t i = 0; p < end && *p != '\0' && verbs[i] != NULL; i++) {
		if (strncmp(verbs[i], p, strlen(p)) == 0)
			return true;
	}
	return false;
}

/* Does the process monitor another domain than that name? */
static bool
monitors_other(int proc, const char *name)
{
	const size_t prefix = strlen(MONITOR_LOG);
	char log[PATH_MAX];
	ssize_t n = readlinkat(proc, "fd/1", log, sizeof(log) - 1);
	size_t len = strlen(name);

	if (n < 0)
		return false;
	log[n] = '\0';
	return strncmp(log, MONITOR_LOG, prefix) == 0 &&
	    (strncmp(log + prefix, name, len) != 0 ||
	    strncmp(log + prefix + len, ".log", 4) != 0);
}

/* A file of the process's, NUL behind what is read of it; its length. */
static size_t
read_text(int proc, const char *file, char *out, size_t size)
{
	int fd = openat(proc, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, size - 1) : -1;

	if (fd >= 0)
		(void)close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

bool
side_xl_builds(const char *name)
{
	char text[WORDS_MAX];
	bool builds = false;
	DIR *dir = opendir("/proc");
	struct dirent *e;

	while (!builds && dir != NULL && (e = readdir(dir)) != NULL) {
		int proc;

		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		proc = openat(dirfd(dir), e->d_name,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (proc < 0)
			continue;
		if (read_text(proc, "comm", text, sizeof(text)) > 0 &&
		    strcmp(text, "xl\n") == 0)
			builds = is_builder(text, read_text(proc, "cmdline",
			    text, sizeof(text))) &&
			    !monitors_other(proc, name);
		(void)close(proc);
	}
	if (dir != NULL)
		(void)closedir(dir);
	return builds;
}
