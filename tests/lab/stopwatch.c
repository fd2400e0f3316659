/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stopwatch [-w FILE] ROUNDS COMMAND... [-- COMMAND...]...: run the commands in
 * turn, ROUNDS times, and print of each the median and the 95th percentile of
 * its wall time in microseconds, a line each. With FILE a command is started
 * only while there is such a file.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define ROUNDS_MAX 1000

extern char **environ;

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t
run(char **argv, const posix_spawn_file_actions_t *files, const char *file)
{
	uint64_t start;
	int status;
	pid_t pid;

	while (file != NULL && access(file, F_OK) != 0)
		(void)usleep(2000);
	start = now_us();
	if (posix_spawnp(&pid, argv[0], files, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "stopwatch: %s failed\n", argv[0]);
		exit(1);
	}
	return now_us() - start;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	static uint64_t times[COMMANDS_MAX][ROUNDS_MAX];
	char **commands[COMMANDS_MAX];
	posix_spawn_file_actions_t files;
	const char *file = NULL;
	int n = 0, rounds;

	if (argc > 3 && strcmp(argv[1], "-w") == 0) {
		file = argv[2];
		argv += 2;
		argc -= 2;
	}
	rounds = argc > 2 ? atoi(argv[1]) : 0;
	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	commands[n++] = argv + 2;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		argv[i] = NULL;
		if (n == COMMANDS_MAX)
			return 2;
		commands[n++] = argv + i + 1;
	}
	/* One round to warm up; then in turn, so that all see the same. */
	for (int r = -1; r < rounds; r++) {
		for (int i = 0; i < n; i++) {
			uint64_t t = run(commands[i], &files,
			    r >= 0 ? file : NULL);

			if (r >= 0)
				times[i][r] = t;
		}
	}
	for (int i = 0; i < n; i++) {
		qsort(times[i], (size_t)rounds, sizeof(uint64_t), compare);
		printf("%llu %llu\n",
		    (unsigned long long)times[i][rounds / 2],
		    (unsigned long long)times[i][rounds * 95 / 100]);
	}
	return 0;
}
