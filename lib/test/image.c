/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of test domains: written as a whole, read with care. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"
#include "image.h"
#include "test.h"

#define XML_MAX 8192	/* more is refused when read, as libvirt does */

char *
image_path(const char *path)
{
	char *dir, *all;

	if (path[0] == '/')
		return strdup(path);
	dir = getcwd(NULL, 0);
	if (dir == NULL || asprintf(&all, "%s/%s", dir, path) < 0)
		all = NULL;
	free(dir);
	return all;
}

/* Write to what is there already and is not a file: a pipe, a device. */
static int
write_through(const char *path, const struct buf *data, bool *opened_out)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	int rc, saved;

	*opened_out = fd >= 0;
	if (fd < 0)
		return -1;
	rc = fd_write(fd, data->data, data->len);
	saved = errno;
	if (close(fd) != 0 && rc == 0)
		return -1;
	errno = saved;
	return rc;
}

int
image_write_file(const char *path, const struct buf *data, bool *opened_out)
{
	struct error err = ERROR_INIT;
	struct stat st;
	char *real;
	int rc;

	*opened_out = false;
	if (stat(path, &st) != 0)
		st.st_mode = S_IFREG | 0600;	/* a new one */
	else if (access(path, W_OK) != 0)
		return -1;
	if (!S_ISREG(st.st_mode))
		return write_through(path, data, opened_out);
	/* A link stays, and its file is the one that is replaced. */
	real = realpath(path, NULL);
	rc = file_replace(real != NULL ? real : path, data->data, data->len,
	    st.st_mode & 07777, &err);
	free(real);
	if (rc != 0)
		errno = err.int1 > 0 ? err.int1 : EIO;
	*opened_out = rc != 0 && errno == ENOSPC;
	error_release(&err);
	return rc;
}

int
image_format(const struct doc *config, int id, struct buf *out,
    struct error *err)
{
	char *xml = domain_xml_format(config, id, XVM_DOMAIN_XML_SECURE, err);
	int32_t len;

	if (xml == NULL)
		return -1;
	len = (int32_t)strlen(xml);
	buf_add(out, IMAGE_MAGIC, sizeof(IMAGE_MAGIC));
	buf_add(out, &len, sizeof(len));
	buf_puts(out, xml);
	free(xml);
	return out->failed ? error_nomem(err) : 0;
}

int
image_write(const char *path, const char *name, const struct buf *data,
    struct error *err)
{
	bool opened;

	if (image_write_file(path, data, &opened) == 0)
		return 0;
	return error_system(err, XVM_FROM_TEST, errno,
	    "saving domain '%s' to '%s': %s failed", name, path,
	    opened ? "write" : "open");
}

/* n bytes; less is -1 with errno, 0 at the end of the file. */
static int
read_all(int fd, void *out, size_t n)
{
	char *p = out;

	while (n > 0) {
		ssize_t r = read(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0) {
			errno = r == 0 ? 0 : errno;
			return -1;
		}
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

static struct doc *
read_open_image(int fd, const char *path, struct error *err)
{
	char magic[sizeof(IMAGE_MAGIC)], xml[XML_MAX + 1];
	int32_t len;

	if (read_all(fd, magic, sizeof(magic)) != 0) {
		error_system(err, XVM_FROM_TEST, errno,
		    "incomplete save header in '%s'", path);
		return NULL;
	}
	if (memcmp(magic, IMAGE_MAGIC, sizeof(magic)) != 0) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "mismatched header magic");
		return NULL;
	}
	if (read_all(fd, &len, sizeof(len)) != 0) {
		error_system(err, XVM_FROM_TEST, errno,
		    "failed to read metadata length in '%s'", path);
		return NULL;
	}
	if (len < 1 || len > XML_MAX) {
		error_set(err, XVM_FROM_TEST, XVM_ERR_INTERNAL_ERROR,
		    "length of metadata out of range");
		return NULL;
	}
	if (read_all(fd, xml, (size_t)len) != 0) {
		error_system(err, XVM_FROM_TEST, errno,
		    "incomplete metadata in '%s'", path);
		return NULL;
	}
	xml[len] = '\0';
	return test_parse_config(xml, err);
}

struct doc *
image_read(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct doc *config;

	if (fd < 0) {
		error_system(err, XVM_FROM_TEST, errno,
		    "cannot read domain image '%s'", path);
		return NULL;
	}
	config = read_open_image(fd, path, err);
	(void)close(fd);
	return config;
}
