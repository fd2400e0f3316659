/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel counts of disks and interfaces, from /sys. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../number.h"
#include "devices.h"

#define SECTOR_SIZE 512

/* The number in a file below a directory; fallback when there is none. */
static int64_t
read_number(int dir, const char *name, int64_t fallback)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	int64_t value;
	char text[64];
	ssize_t n;

	if (fd < 0)
		return fallback;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n <= 0)
		return fallback;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return number_i64(text, 10, &value) == 0 ? value : fallback;
}

static int64_t
sectors(int dir, const char *name)
{
	int64_t n = read_number(dir, name, -1);

	return n < 0 ? -1 : n * SECTOR_SIZE;
}

void
xen_disk_stats(const struct xen_device *disk, struct xen_disk_stats *out)
{
	char path[128];
	int dir = -1;

	memset(out, -1, sizeof(*out));
	if (disk->counted) {
		(void)snprintf(path, sizeof(path), "/sys/bus/xen-backend/"
		    "devices/vbd-%d-%u/statistics", disk->domain,
		    disk->number);
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (dir < 0)
		return;
	out->rd_req = read_number(dir, "rd_req", -1);
	out->rd_bytes = sectors(dir, "rd_sect");
	out->wr_req = read_number(dir, "wr_req", -1);
	out->wr_bytes = sectors(dir, "wr_sect");
	out->flush_req = read_number(dir, "f_req", -1);
	out->errors = read_number(dir, "oo_req", -1);
	(void)close(dir);
}

/* What the host sends on it, the guest receives. */
bool
xen_net_stats(const char *name, struct xen_net_stats *out)
{
	char path[128];
	int dir;

	if (strchr(name, '/') != NULL)
		return false;
	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/statistics",
	    name);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	out->rx_bytes = (uint64_t)read_number(dir, "tx_bytes", 0);
	out->rx_packets = (uint64_t)read_number(dir, "tx_packets", 0);
	out->rx_errs = (uint64_t)read_number(dir, "tx_errors", 0);
	out->rx_drop = (uint64_t)read_number(dir, "tx_dropped", 0);
	out->tx_bytes = (uint64_t)read_number(dir, "rx_bytes", 0);
	out->tx_packets = (uint64_t)read_number(dir, "rx_packets", 0);
	out->tx_errs = (uint64_t)read_number(dir, "rx_errors", 0);
	out->tx_drop = (uint64_t)read_number(dir, "rx_dropped", 0);
	(void)close(dir);
	return true;
}
