/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How large disks are: for the guest, on the host's disk, and the file's end.
 *
 * Sources: QEMU's docs/interop (qcow2, qed), the VHD specification.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tree.h"
#include "domains.h"

/* A number of n bytes at a place of the file; from the end if at < 0. */
static uint64_t
read_number(int fd, off_t at, int n, bool big)
{
	unsigned char bytes[8] = { 0 };
	off_t end = at < 0 ? lseek(fd, 0, SEEK_END) : 0;
	uint64_t value = 0;

	if (end < 0 || pread(fd, bytes, (size_t)n, end + at) != n)
		return 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | bytes[big ? i : n - 1 - i];
	return value;
}

/* What the guest sees of a file in a format, 0: the file is of another one. */
static uint64_t
capacity_of(int fd, const char *format)
{
	if ((strcmp(format, "qcow2") == 0 || strcmp(format, "qcow") == 0) &&
	    read_number(fd, 0, 4, true) == 0x514649fb)
		return read_number(fd, 24, 8, true);
	if (strcmp(format, "qed") == 0 &&
	    read_number(fd, 0, 4, true) == 0x51454400)
		return read_number(fd, 48, 8, false);
	if ((strcmp(format, "vhd") == 0 || strcmp(format, "vpc") == 0) &&
	    read_number(fd, -512, 8, true) == UINT64_C(0x636f6e6563746978))
		return read_number(fd, -512 + 48, 8, true);
	return 0;
}

static const struct node *
find_disk(const struct node *root, const char *path)
{
	const struct node *disk = node_child(node_child(root, "devices"),
	    "disk");

	for (; disk != NULL; disk = node_next(disk, "disk")) {
		const struct node *source = node_child(disk, "source");

		if (node_attr_is(node_child(disk, "target"), "dev", path) ||
		    node_attr_is(source, "file", path) ||
		    node_attr_is(source, "dev", path))
			return disk;
	}
	return NULL;
}

static int
measure(const char *path, const char *format,
    struct xvm_domain_get_block_info_ret *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	off_t end;

	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open '%s'", path);
	end = lseek(fd, 0, SEEK_END);
	if (fstat(fd, &st) != 0 || end < 0) {
		error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot look at '%s'", path);
		(void)close(fd);
		return -1;
	}
	out->physical = (uint64_t)end;
	out->allocation = S_ISREG(st.st_mode) ? (uint64_t)st.st_blocks * 512 :
	    (uint64_t)end;
	out->capacity = capacity_of(fd, format);
	if (out->capacity == 0)
		out->capacity = out->physical;
	(void)close(fd);
	return 0;
}

static int
block_info(const struct node *root, const char *path,
    struct xvm_domain_get_block_info_ret *out, struct error *err)
{
	const struct node *disk = find_disk(root, path), *source;
	const char *file, *format;

	if (disk == NULL)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "invalid path %s not assigned to domain", path);
	source = node_child(disk, "source");
	if (node_attr_is(disk, "type", "network"))
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_UNSUPPORTED, "the size of the network "
		    "disk '%s' is not known to Xen", path);
	file = node_attr(source, "file");
	if (file == NULL)
		file = node_attr(source, "dev");
	if (file == NULL)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
		    "disk '%s' does not currently have a source assigned",
		    path);
	format = node_attr(node_child(disk, "driver"), "type");
	return measure(file, format != NULL ? format : "raw", out, err);
}

int
xen_domain_get_block_info(void *state, struct call *call)
{
	const struct xvm_domain_get_block_info_args *args = call->args;
	struct xen_domain dom;
	struct doc *doc;
	int rc = -1;

	if (xen_check_flags(args->flags, 0, "libxlDomainGetBlockInfo",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	doc = xen_domain_doc(state, &dom, &call->err);
	if (doc != NULL)
		rc = block_info(doc->root, args->path, call->ret, &call->err);
	doc_free(doc);
	xen_domain_release(&dom);
	return rc;
}
