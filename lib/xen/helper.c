/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starting our helper program, which lies in the directory above the module. */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child_wire.h"

static int
find_helper(char path[PATH_MAX], struct error *err)
{
	const char name[] = "/virtd";
	Dl_info info;
	char *slash = NULL;

	if (dladdr((void *)find_helper, &info) != 0 &&
	    realpath(info.dli_fname, path) != NULL) {
		for (int i = 0; i < 2; i++) {
			slash = strrchr(path, '/');
			if (slash == NULL)
				break;
			*slash = '\0';
		}
	}
	if (slash == NULL || strlen(path) + sizeof(name) > PATH_MAX)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "cannot tell where the helper program virtd is");
	memcpy(path + strlen(path), name, sizeof(name));
	if (access(path, X_OK) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot run %s", path);
	return 0;
}

/* Between fork and exec: system calls only. */
static void
become(const char *path, char *const *argv, int fd, bool keep_stderr)
{
	sigset_t none;
	int null;

	(void)setsid();	/* Ctrl-C is the shell's: half a domain helps nobody */
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	if (fd == CHILD_FD ? fcntl(fd, F_SETFD, 0) != 0 :
	    dup2(fd, CHILD_FD) < 0)
		_exit(127);
	null = open("/dev/null", O_RDWR);
	for (int i = 0; i < (keep_stderr ? 2 : 3); i++) {
		if (null != i && dup2(null, i) < 0)
			_exit(127);
	}
	(void)close_range(CHILD_FD + 1, ~0u, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execv(path, argv);
	_exit(127);
}

int
helper_spawn(const char *option, int fd, bool keep_stderr, pid_t *pid_out,
    struct error *err)
{
	char path[PATH_MAX], word[64];
	char *argv[3] = { path, word, NULL };
	sigset_t all, old;
	int errnum;
	pid_t pid;

	if (find_helper(path, err) != 0)
		return -1;
	(void)strncpy(word, option, sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	/* No handler of the caller's may run in the child. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	pid = fork();
	errnum = errno;
	if (pid == 0)
		become(path, argv, fd, keep_stderr);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (pid < 0)
		return error_system(err, XVM_FROM_LIBXL, errnum,
		    "cannot start %s", path);
	*pid_out = pid;
	return 0;
}
