/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's name by the kernel, its domain by the resolver. */
#include "hostname.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
hostname_get(char **out, struct error *err)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_flags = AI_CANONNAME,
	};
	struct addrinfo *info = NULL;
	const char *best;
	char name[256];

	if (gethostname(name, sizeof(name)) != 0)
		memcpy(name, "localhost", sizeof("localhost"));
	name[sizeof(name) - 1] = '\0';
	best = name;
	if (strncmp(name, "localhost", 9) != 0 && strchr(name, '.') == NULL &&
	    getaddrinfo(name, NULL, &hints, &info) == 0 &&
	    info->ai_canonname != NULL &&
	    strncmp(info->ai_canonname, "localhost", 9) != 0)
		best = info->ai_canonname;
	*out = strdup(best);
	if (info != NULL)
		freeaddrinfo(info);
	return *out != NULL ? 0 : error_nomem(err);
}
