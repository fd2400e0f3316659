/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * constant SOCKET: answer one client after the other with the same bytes each
 * time, as fast as a process can. What a client takes with it is what the
 * client itself takes.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEADER 28u
#define MESSAGE_MAX 65536u

/* A call's results in XDR, by its number. */
static const struct answer {
	uint32_t number;
	size_t n;
	unsigned char bytes[32];
} answers[] = {
	{ 66, 8, { 0, 0, 0, 1, 0, 0, 0, 0 } },		/* AUTH_LIST: none */
	{ 60, 4, { 0 } },		/* CONNECT_SUPPORTS_FEATURE: no */
	/* DOMAIN_LOOKUP_BY_NAME: test, a UUID, 1 */
	{ 23, 28, { 0, 0, 0, 4, 't', 'e', 's', 't', 1, 2, 3, 4, 5, 6, 7, 8, 9,
	    10, 11, 12, 13, 14, 15, 16, 0, 0, 0, 1 } },
	/* DOMAIN_GET_INFO: running, 8 MiB twice, 2 CPUs, no time */
	{ 16, 32, { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 32,
	    0, 0, 0, 0, 2 } },
};

static int
read_all(int fd, char *to, size_t n)
{
	while (n > 0) {
		ssize_t r = read(fd, to, n);

		if (r <= 0)
			return -1;
		to += r;
		n -= (size_t)r;
	}
	return 0;
}

/* Make the call in m its reply; returns its size. */
static size_t
reply(char *m)
{
	const uint32_t is_reply = htonl(1);
	size_t n = HEADER;
	uint32_t number;

	memcpy(&number, m + 12, sizeof(number));
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (answers[i].number != ntohl(number))
			continue;
		memcpy(m + HEADER, answers[i].bytes, answers[i].n);
		n += answers[i].n;
	}
	memcpy(m + 16, &is_reply, sizeof(is_reply));
	number = htonl((uint32_t)n);
	memcpy(m, &number, sizeof(number));
	return n;
}

static void
serve(int fd)
{
	static char m[MESSAGE_MAX];
	uint32_t size;
	size_t n;

	while (read_all(fd, m, 4) == 0) {
		memcpy(&size, m, sizeof(size));
		size = ntohl(size);
		if (size < HEADER || size > sizeof(m) ||
		    read_all(fd, m + 4, size - 4) != 0)
			break;
		n = reply(m);
		if (send(fd, m, n, MSG_NOSIGNAL) != (ssize_t)n)
			break;
	}
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;

	if (argc != 2 || strlen(argv[1]) >= sizeof(addr.sun_path))
		return 2;
	memcpy(addr.sun_path, argv[1], strlen(argv[1]));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    listen(fd, 4) != 0) {
		perror(argv[1]);
		return 1;
	}
	while ((client = accept(fd, NULL, NULL)) >= 0)
		serve(client);
	return 0;
}
