/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Test domains in files: saved, restored, dumped; and managed saves, which
 * are but a mark.
 *
 * A saved domain is the bytes "TestGuestMagic" with a NUL, the length of its
 * XML as a 32-bit integer of the host, and the XML: libvirt's test driver and
 * this one read each other's files. A core dump is the first 15 bytes alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../buf.h"
#include "../file.h"
#include "test.h"

#define MAGIC "TestGuestMagic"	/* and its NUL */
#define XML_MAX 8192		/* more is refused when read, as libvirt does */

/* Paths are as seen from where the process is; NULL when out of memory. */
static char *
absolute_path(const char *path)
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

/*
 * The file becomes the data, all or nothing. -1: errno says why, *opened_out
 * whether it got as far as writing.
 */
static int
write_file(const char *path, const struct buf *data, bool *opened_out)
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

/* Write a domain's saved image; name is for the errors. */
static int
write_image(const char *path, const char *name, const struct doc *config,
    int id, struct error *err)
{
	char *xml = domain_xml_format(config, id, XVM_DOMAIN_XML_SECURE, err);
	struct buf data = BUF_INIT;
	bool opened;
	int32_t len;
	int rc;

	if (xml == NULL)
		return -1;
	len = (int32_t)strlen(xml);
	buf_add(&data, MAGIC, sizeof(MAGIC));
	buf_add(&data, &len, sizeof(len));
	buf_puts(&data, xml);
	free(xml);
	if (data.failed)
		rc = error_nomem(err);
	else if ((rc = write_file(path, &data, &opened)) != 0)
		error_system(err, XVM_FROM_TEST, errno,
		    "saving domain '%s' to '%s': %s failed", name, path,
		    opened ? "write" : "open");
	buf_release(&data);
	return rc;
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
	char magic[sizeof(MAGIC)], xml[XML_MAX + 1];
	int32_t len;

	if (read_all(fd, magic, sizeof(magic)) != 0) {
		error_system(err, XVM_FROM_TEST, errno,
		    "incomplete save header in '%s'", path);
		return NULL;
	}
	if (memcmp(magic, MAGIC, sizeof(magic)) != 0) {
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

/* The configuration in a saved domain's file. */
static struct doc *
read_image(const char *path, struct error *err)
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

static int
save(struct test_conn *tc, const struct xvm_domain *ref, const char *to,
    struct error *err)
{
	struct test_domain *dom = test_domain_get_active(tc, ref, err);
	struct doc *config;
	char *path;
	int rc;

	if (dom == NULL)
		return -1;
	config = test_domain_config(dom, err);
	if (config == NULL)
		return -1;
	path = absolute_path(to);
	if (path == NULL)
		return error_nomem(err);
	rc = write_image(path, dom->name, config, dom->id, err);
	free(path);
	if (rc == 0)
		test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_SAVED,
		    XVM_DOMAIN_EVENT_STOPPED_SAVED);
	return rc;
}

static int
refuse_other_xml(char *const *dxml, struct error *err)
{
	if (dxml == NULL)
		return 0;
	return error_set(err, XVM_FROM_TEST, XVM_ERR_ARGUMENT_UNSUPPORTED,
	    "xml modification unsupported");
}

int
test_domain_save(void *state, struct call *call)
{
	const struct xvm_domain_save_args *args = call->args;

	return save(state, &args->dom, args->to, &call->err);
}

int
test_domain_save_flags(void *state, struct call *call)
{
	const struct xvm_domain_save_flags_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainSaveFlags",
	    &call->err) != 0 || refuse_other_xml(args->dxml, &call->err) != 0)
		return -1;
	return save(state, &args->dom, args->to, &call->err);
}

static int
restore(struct test_conn *tc, const char *from, struct error *err)
{
	char *path = absolute_path(from);
	struct test_domain *dom;
	struct doc *config;
	bool updated;

	if (path == NULL)
		return error_nomem(err);
	config = read_image(path, err);
	free(path);
	if (config == NULL)
		return -1;
	dom = test_domain_assign(tc->host, config, true, &updated, err);
	if (dom == NULL)
		return -1;
	test_domain_start(tc->host, dom, XVM_DOMAIN_RUNNING_RESTORED);
	test_event_lifecycle(tc->host, dom, XVM_DOMAIN_EVENT_STARTED,
	    XVM_DOMAIN_EVENT_STARTED_RESTORED);
	return 0;
}

int
test_domain_restore(void *state, struct call *call)
{
	const struct xvm_domain_restore_args *args = call->args;

	return restore(state, args->from, &call->err);
}

int
test_domain_restore_flags(void *state, struct call *call)
{
	const struct xvm_domain_restore_flags_args *args = call->args;

	if (test_check_flags(args->flags, 0, "testDomainRestoreFlags",
	    &call->err) != 0 || refuse_other_xml(args->dxml, &call->err) != 0)
		return -1;
	return restore(state, args->from, &call->err);
}

int
test_domain_save_image_get_xml_desc(void *state, struct call *call)
{
	const struct xvm_domain_save_image_get_xml_desc_args *args =
	    call->args;
	struct xvm_domain_save_image_get_xml_desc_ret *ret = call->ret;
	struct doc *config;
	char *path;

	(void)state;
	if (test_check_flags(args->flags, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE,
	    "testDomainSaveImageGetXMLDesc", &call->err) != 0)
		return -1;
	path = absolute_path(args->file);
	if (path == NULL)
		return error_nomem(&call->err);
	config = read_image(path, &call->err);
	free(path);
	if (config == NULL)
		return -1;
	ret->xml = domain_xml_format(config, -1, XVM_DOMAIN_XML_SECURE,
	    &call->err);
	doc_free(config);
	return ret->xml != NULL ? 0 : -1;
}

int
test_domain_save_image_define_xml(void *state, struct call *call)
{
	const struct xvm_domain_save_image_define_xml_args *args = call->args;
	struct doc *config;
	char *path;
	int rc = -1;

	(void)state;
	if (test_check_flags(args->flags, XVM_DOMAIN_SAVE_RUNNING |
	    XVM_DOMAIN_SAVE_PAUSED, "testDomainSaveImageDefineXML",
	    &call->err) != 0)
		return -1;
	path = absolute_path(args->file);
	if (path == NULL)
		return error_nomem(&call->err);
	config = read_image(path, &call->err);	/* it must be one already */
	if (config == NULL)
		goto out;
	doc_free(config);
	config = test_parse_config(args->dxml, &call->err);
	if (config == NULL)
		goto out;
	rc = write_image(path, node_find_text(config->root, "name"), config,
	    -1, &call->err);
	doc_free(config);
out:
	free(path);
	return rc;
}

static int
core_dump(struct test_conn *tc, const struct xvm_domain *ref, const char *to,
    unsigned int format, unsigned int flags, struct error *err)
{
	struct buf data = BUF_INIT;
	struct test_domain *dom;
	bool opened;
	char *path;
	int rc;

	if (test_check_flags(flags, XVM_DUMP_CRASH,
	    "testDomainCoreDumpWithFormat", err) != 0)
		return -1;
	dom = test_domain_get_active(tc, ref, err);
	if (dom == NULL)
		return -1;
	path = absolute_path(to);
	buf_add(&data, MAGIC, sizeof(MAGIC));
	if (path == NULL || data.failed)
		rc = error_nomem(err);
	else if ((rc = write_file(path, &data, &opened)) != 0)
		error_system(err, XVM_FROM_TEST, errno, opened ?
		    "domain '%s' coredump: failed to write header to %s" :
		    "domain '%s' coredump: failed to open %s", ref->name,
		    path);
	free(path);
	buf_release(&data);
	if (rc != 0)
		return -1;
	if (format != XVM_DOMAIN_CORE_DUMP_FORMAT_RAW)
		return error_set(err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "kdump-compressed format is not supported here");
	if ((flags & XVM_DUMP_CRASH) != 0)
		test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_CRASHED,
		    XVM_DOMAIN_EVENT_STOPPED_CRASHED);
	return 0;
}

int
test_domain_core_dump(void *state, struct call *call)
{
	const struct xvm_domain_core_dump_args *args = call->args;

	return core_dump(state, &args->dom, args->to,
	    XVM_DOMAIN_CORE_DUMP_FORMAT_RAW, args->flags, &call->err);
}

int
test_domain_core_dump_with_format(void *state, struct call *call)
{
	const struct xvm_domain_core_dump_with_format_args *args = call->args;

	return core_dump(state, &args->dom, args->to, args->dumpformat,
	    args->flags, &call->err);
}

int
test_domain_managed_save(void *state, struct call *call)
{
	const unsigned int ways = XVM_DOMAIN_SAVE_BYPASS_CACHE |
	    XVM_DOMAIN_SAVE_RUNNING | XVM_DOMAIN_SAVE_PAUSED;
	struct test_conn *tc = state;
	const struct xvm_domain_managed_save_args *args = call->args;
	struct test_domain *dom;

	if (test_check_flags(args->flags, ways, "testDomainManagedSave",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get_active(tc, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	if (!dom->persistent)
		return error_set(&call->err, XVM_FROM_TEST,
		    XVM_ERR_OPERATION_INVALID,
		    "cannot do managed save for transient domain");
	test_domain_stop(tc->host, dom, XVM_DOMAIN_SHUTOFF_SAVED,
	    XVM_DOMAIN_EVENT_STOPPED_SAVED);
	dom->managed_save = true;
	return 0;
}

int
test_domain_has_managed_save_image(void *state, struct call *call)
{
	const struct xvm_domain_has_managed_save_image_args *args =
	    call->args;
	struct xvm_domain_has_managed_save_image_ret *ret = call->ret;
	struct test_domain *dom;

	if (test_check_flags(args->flags, 0, "testDomainHasManagedSaveImage",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	ret->result = dom->managed_save;
	return 0;
}

int
test_domain_managed_save_remove(void *state, struct call *call)
{
	const struct xvm_domain_managed_save_remove_args *args = call->args;
	struct test_domain *dom;

	if (test_check_flags(args->flags, 0, "testDomainManagedSaveRemove",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	dom->managed_save = false;
	return 0;
}
