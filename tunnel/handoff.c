/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other hypervisors' URIs are handed on. */
#include "handoff.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../lib/file.h"

#define HELPER "virt-ssh-helper"

static size_t
driver_length(const char *uri)
{
	return strcspn(uri, "+:/");
}

bool
handoff_needed(const char *uri, const struct driver *const *drivers)
{
	if (uri == NULL)
		return false;
	for (; *drivers != NULL; drivers++) {
		const char *name = (*drivers)->name;

		if (strlen(name) == driver_length(uri) &&
		    strncmp(name, uri, strlen(name)) == 0)
			return false;
	}
	return strncmp(uri, "xen", driver_length(uri)) != 0;
}

/* Run the next helper on the PATH that is not this very file. */
static void
exec_next(const char *uri, bool readonly)
{
	const char *path = getenv("PATH");
	struct stat self, st;

	if (path == NULL || stat("/proc/self/exe", &self) != 0)
		return;
	while (*path != '\0') {
		size_t n = strcspn(path, ":");
		char *file;

		if (n > 0 && asprintf(&file, "%.*s/" HELPER, (int)n,
		    path) >= 0) {
			if (stat(file, &st) == 0 && (st.st_dev != self.st_dev ||
			    st.st_ino != self.st_ino) &&
			    access(file, X_OK) == 0)
				(void)execl(file, HELPER, readonly ? "-r" : uri,
				    readonly ? uri : NULL, (char *)NULL);
			free(file);
		}
		path += n + (path[n] == ':');
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -1;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static int
libvirt_socket(const char *uri, bool readonly)
{
	const char *ro = readonly ? "-ro" : "";
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path),
	    "/var/run/libvirt/virt%.*sd-sock%s", (int)driver_length(uri), uri,
	    ro);
	fd = connect_to(path);
	if (fd >= 0)
		return fd;
	(void)snprintf(path, sizeof(path), "/var/run/libvirt/libvirt-sock%s",
	    ro);
	return connect_to(path);
}

/* Both ways until one end is at its end. */
static int
relay(int fd, struct error *err)
{
	struct pollfd p[2] = {
		{ .fd = 0, .events = POLLIN }, { .fd = fd, .events = POLLIN },
	};
	char part[65536];

	for (;;) {
		if (poll(p, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_system(err, XVM_FROM_RPC, errno, "poll");
		}
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (p[i].revents == 0)
				continue;
			n = read(p[i].fd, part, sizeof(part));
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return 0;
			if (fd_write(i == 0 ? fd : 1, part, (size_t)n) != 0)
				return error_system(err, XVM_FROM_RPC, errno,
				    "cannot pass data on");
		}
	}
}

int
handoff_run(const char *uri, bool readonly, struct error *err)
{
	int fd, rc;

	exec_next(uri, readonly);
	fd = libvirt_socket(uri, readonly);
	if (fd < 0)
		return error_set(err, XVM_FROM_RPC, XVM_ERR_NO_CONNECT,
		    "%s: neither another " HELPER " nor a libvirt socket is "
		    "here", uri);
	rc = relay(fd, err);
	(void)close(fd);
	return rc;
}
