/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* screenshot: what a domain's screen shows, saved as an image. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/file.h"
#include "../lib/stream.h"
#include "domain_options.h"

#define CHUNK 65536
#define POLL_MS 50		/* when a stream has nothing to wait for */

static const struct option screenshot_options[] = {
	OPTION_DOMAIN(XVM_CONNECT_LIST_DOMAINS_ACTIVE),
	OPTION_TEXT("file", "where to save it", complete_file),
	OPTION_NUMBER("screen", "number of the screen"),
	{ 0 }
};

/* "name-2024-05-17-13:05:00.png" */
static const char *
make_file_name(struct cmd *cmd, const struct xvm_domain *dom,
    const char *mime)
{
	time_t now = time(NULL);
	char text[sizeof("-2147483648-12-31-23:59:59")] = "";
	const char *suffix = "";
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		(void)strftime(text, sizeof(text), "%Y-%m-%d-%H:%M:%S", &tm);
	if (strcmp(mime, "image/x-portable-pixmap") == 0)
		suffix = ".ppm";
	else if (strcmp(mime, "image/png") == 0)
		suffix = ".png";
	return cmd_printf(cmd, "%s-%s%s", dom->name, text, suffix);
}

/* All that comes, to the file. 0, or -1. */
static int
receive(struct cmd *cmd, struct stream *stream, int fd, struct error *err)
{
	char *bytes = cmd_alloc(cmd, CHUNK);
	ssize_t n;

	while ((n = stream->ops->read(stream, bytes, CHUNK, err)) != 0) {
		struct pollfd wait = { .events = POLLIN };

		if (n == -1)
			return -1;
		if (n > 0 && fd_write(fd, bytes, (size_t)n) != 0)
			return error_system(err, XVM_FROM_NONE, errno,
			    "recv handler failed");
		if (n > 0)
			continue;
		if (cmd_interrupted(cmd))
			return error_set(err, XVM_FROM_NONE,
			    XVM_ERR_OPERATION_ABORTED, "interrupted");
		wait.fd = stream->ops->fd(stream, POLLIN);
		(void)poll(&wait, 1, POLL_MS);
	}
	return 0;
}

enum target {
	TARGET_NAMELESS,	/* gets its name when it is complete */
	TARGET_CREATED,		/* the file system knows no others */
	TARGET_REPLACED,
};

/* The file to write to, of that kind; or -1. */
static int
open_target(struct cmd *cmd, const char *path, enum target *kind)
{
	const char *slash = strrchr(path, '/');
	int fd = -1;

	*kind = TARGET_NAMELESS;
	if (access(path, F_OK) != 0)
		fd = open(slash == NULL ? "." : cmd_printf(cmd, "%.*s/",
		    (int)(slash - path), path), O_WRONLY | O_TMPFILE |
		    O_CLOEXEC, 0666);
	if (fd >= 0)
		return fd;
	*kind = TARGET_CREATED;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	*kind = TARGET_REPLACED;
	return open(path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
}

static int
give_name(int fd, const char *path)
{
	char self[sizeof("/proc/self/fd/-2147483648")];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

/*
 * The stream's data become the file; one that was not there before is not there
 * when that fails.
 */
static int
save(struct cmd *cmd, struct stream *stream, const char *path)
{
	const char *domain = cmd_word(cmd, "domain");
	enum target kind;
	int fd = open_target(cmd, path, &kind), rc;
	struct error err = ERROR_INIT;

	if (fd < 0) {
		stream->ops->abort(stream);
		return cmd_error(cmd, "cannot create file %s", path);
	}
	rc = receive(cmd, stream, fd, &err);
	if (rc != 0) {
		stream->ops->abort(stream);
		(void)cmd_set_error(cmd, &err);
		(void)cmd_error(cmd, "could not receive data from domain '%s'",
		    domain);
	}
	if (rc == 0 && stream->ops->finish(stream, &err) != 0) {
		(void)cmd_set_error(cmd, &err);
		rc = cmd_error(cmd, "cannot close stream on domain '%s'",
		    domain);
	}
	if (rc == 0 && kind == TARGET_NAMELESS) {
		if (give_name(fd, path) != 0)
			rc = cmd_error(cmd, "cannot create file %s", path);
		else
			kind = TARGET_CREATED;
	}
	if (close(fd) != 0 && rc == 0)
		rc = cmd_error(cmd, "cannot close file %s", path);
	if (rc != 0 && kind == TARGET_CREATED)
		(void)unlink(path);
	return rc;
}

static int
screenshot_run(struct cmd *cmd)
{
	struct xvm_domain_screenshot_args args = { 0 };
	const struct xvm_domain_screenshot_ret *ret;
	const struct xvm_domain *dom;
	struct call *call;
	const char *file, *mime;
	int rc;

	if (cmd_string(cmd, "file", &file) != 0 ||
	    cmd_uint(cmd, "screen", &args.screen) < 0 ||
	    (dom = cmd_domain(cmd)) == NULL)
		return -1;
	args.dom = *dom;
	call = cmd_batch(cmd, 1);
	cmd_batch_set(cmd, call, XVM_CALL_DOMAIN_SCREENSHOT, &args);
	(void)cmd_submit(cmd, call, 1);
	if (call->rc != 0) {
		cmd_take_error(cmd, call);
		return cmd_error(cmd, "could not take a screenshot of %s",
		    cmd_word(cmd, "domain"));
	}
	ret = call->ret;
	mime = ret->mime == NULL ? "" : *ret->mime;
	if (file == NULL)
		file = make_file_name(cmd, dom, mime);
	rc = save(cmd, call->stream, file);
	call->stream->ops->free(call->stream);
	if (rc != 0)
		return -1;
	cmd_datum(cmd, "file", value_string(file));
	cmd_datum(cmd, "mime_type", value_string(mime));
	cmd_extra(cmd, "Screenshot saved to %s, with type of %s", file, mime);
	return 0;
}

const struct command command_screenshot = {
	.name = "screenshot",
	.summary = "save what a domain's screen shows",
	.description = "Save what one of the domain's screens shows as an "
	    "image.",
	.options = screenshot_options,
	.run = screenshot_run,
};
