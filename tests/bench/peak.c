/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * peak COMMAND ARGUMENTS...: run it quietly, print its wall time in
 * microseconds and its peak memory in KiB. A program of its own, since a
 * process starts with the peak of the one that it was forked from.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec a, b;
	struct rusage usage;
	int status, null;
	pid_t pid;

	if (argc < 2)
		return 2;
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		(void)dup2(null, 1);
		(void)dup2(null, 2);
		(void)execv(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	(void)printf("%ld %ld\n", (b.tv_sec - a.tv_sec) * 1000000 +
	    (b.tv_nsec - a.tv_nsec) / 1000, usage.ru_maxrss);
	return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? 0 : 2;
}
