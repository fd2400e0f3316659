/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ports of graphics that are to be chosen: QEMU looks for one itself for VNC,
 * for SPICE it has to be told.
 */
#include "ports.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../tree.h"

#define FIRST 5900
#define LAST 65535

static bool
is_free(int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_ANY),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	bool found;

	if (fd < 0)
		return false;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	found = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    listen(fd, 1) == 0;
	(void)close(fd);
	return found;
}

struct doc *
ports_choose(const struct doc *doc, struct error *err)
{
	struct doc *own = doc_clone(doc);
	struct node *g;
	int port = FIRST;

	if (own == NULL) {
		error_nomem(err);
		return NULL;
	}
	g = node_child(node_child(own->root, "devices"), "graphics");
	for (; g != NULL; g = node_next(g, "graphics")) {
		if (!node_attr_is(g, "type", "spice") ||
		    !node_attr_is(g, "autoport", "yes"))
			continue;
		while (port <= LAST && !is_free(port))
			port++;
		if (port > LAST) {
			error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
			    "no port is free for SPICE");
			doc_free(own);
			return NULL;
		}
		node_set_attr_fmt(g, "port", "%d", port++);
	}
	return own;
}
