/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Defined domains in files. */
#include "defined.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../buf.h"
#include "../domain_xml.h"
#include "../file.h"
#include "../xml.h"
#include "xvm-calls.h"

#define SUFFIX ".xml"
#define HEAD_MAX 4096	/* bytes of a file that are scanned */

/* --- places ---------------------------------------------------------------- */

char *
defined_path(const char *dir, const char *name, const char *suffix)
{
	struct buf path = BUF_INIT;

	buf_printf(&path, "%s/", dir);
	for (const char *p = name; *p != '\0'; p++) {
		bool plain = isalnum((unsigned char)*p) ||
		    strchr("_-+=@:,", *p) != NULL ||
		    (*p == '.' && p != name);

		if (plain)
			buf_putc(&path, *p);
		else
			buf_printf(&path, "%%%02X", (unsigned char)*p);
	}
	buf_puts(&path, suffix);
	return buf_detach(&path);
}

int
defined_make_dir(const char *dir, struct error *err)
{
	char *path = strdup(dir), *p;
	int rc = 0;

	if (path == NULL)
		return error_nomem(err);
	/* Those above are the system's, or hold nothing secret themselves. */
	for (p = strchr(path + 1, '/'); p != NULL && rc == 0;
	    p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			rc = -1;
		*p = '/';
	}
	if (rc == 0 && mkdir(path, 0700) != 0 && errno != EEXIST)
		rc = -1;
	if (rc != 0)
		error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot make directory '%s'", path);
	free(path);
	return rc;
}

int
defined_lock(struct error *err)
{
	const char path[] = DEFINED_RUN "/domains.lock";
	int fd, rc;

	if (defined_make_dir(DEFINED_RUN, err) != 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot open lock file '%s'", path);
	do {
		rc = flock(fd, LOCK_EX);
	} while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return fd;
	error_system(err, XVM_FROM_LIBXL, errno, "cannot lock '%s'", path);
	(void)close(fd);
	return -1;
}

/* --- reading --------------------------------------------------------------- */

/* Resolve the entities of a text in place; false: there is an unknown one. */
static bool
unescape(char *text)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&apos;", '\'' }, { "&quot;", '"' },
	};
	char *to = text;
	size_t i;

	while (*text != '\0') {
		if (*text != '&') {
			*to++ = *text++;
			continue;
		}
		for (i = 0; i < 5; i++) {
			if (strncmp(text, known[i].name,
			    strlen(known[i].name)) == 0)
				break;
		}
		if (i == 5)
			return false;
		*to++ = known[i].c;
		text += strlen(known[i].name);
	}
	*to = '\0';
	return true;
}

/* "  <name>TEXT</name>" on a line of its own, *line moving behind it. */
static char *
scan_line(const char **line, const char *name)
{
	char open_tag[32], close_tag[32], *text;
	const char *begin, *end;

	(void)snprintf(open_tag, sizeof(open_tag), "\n  <%s>", name);
	(void)snprintf(close_tag, sizeof(close_tag), "</%s>\n", name);
	begin = *line;
	if (begin == NULL || strncmp(begin, open_tag, strlen(open_tag)) != 0)
		return NULL;
	begin += strlen(open_tag);
	end = strstr(begin, close_tag);
	if (end == NULL || memchr(begin, '<', (size_t)(end - begin)) != NULL)
		return NULL;
	text = strndup(begin, (size_t)(end - begin));
	*line = end + strlen(close_tag) - 1;
	if (text != NULL && unescape(text))
		return text;
	free(text);
	return NULL;
}

/* Name and UUID from the first lines of a canonical text. */
static int
scan(const char *text, struct defined *out)
{
	const char *line = strchr(text, '\n');
	char *uuid;
	int rc = -1;

	if (strncmp(text, "<domain ", 8) != 0)
		return -1;
	out->name = scan_line(&line, "name");
	uuid = scan_line(&line, "uuid");
	if (out->name != NULL && uuid != NULL)
		rc = uuid_parse(uuid, out->uuid);
	free(uuid);
	if (rc != 0) {
		free(out->name);
		out->name = NULL;
	}
	return rc;
}

/* The same from a text that somebody wrote. */
static int
parse(const char *path, struct defined *out)
{
	struct error err = ERROR_INIT;
	struct doc *doc = xml_parse_file(path, XVM_FROM_LIBXL, &err);
	const char *name, *uuid;
	int rc = -1;

	error_release(&err);
	if (doc == NULL)
		return -1;
	name = node_find_text(doc->root, "name");
	uuid = node_find_text(doc->root, "uuid");
	if (name != NULL && name[0] != '\0' && uuid != NULL &&
	    uuid_parse(uuid, out->uuid) == 0) {
		out->name = strdup(name);
		rc = out->name == NULL ? -1 : 0;
	}
	doc_free(doc);
	return rc;
}

static int
read_head(const char *path, char head[HEAD_MAX + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, head, HEAD_MAX);
	(void)close(fd);
	if (n < 0)
		return -1;
	head[n] = '\0';
	return 0;
}

static int
read_one(const char *path, struct defined *out)
{
	char head[HEAD_MAX + 1];

	memset(out, 0, sizeof(*out));
	if (read_head(path, head) != 0 ||
	    (scan(head, out) != 0 && parse(path, out) != 0))
		return -1;
	out->autostart = defined_is_autostart(out->name);
	return 0;
}

bool
defined_is_autostart(const char *name)
{
	char *path = defined_path(DEFINED_AUTOSTART, name, SUFFIX);
	bool is = path != NULL && access(path, F_OK) == 0;

	free(path);
	return is;
}

bool
defined_has_save(const char *name)
{
	char *path = defined_path(DEFINED_SAVE, name, ".save");
	bool is = path != NULL && access(path, F_OK) == 0;

	free(path);
	return is;
}

void
defined_release(struct defined *d)
{
	free(d->name);
	d->name = NULL;
}

void
defined_list_free(struct defined *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		defined_release(&v[i]);
	free(v);
}

static int
by_name(const void *a, const void *b)
{
	const struct defined *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* A file of ours, not one that is just being written. */
static bool
is_document(const char *file)
{
	size_t n = strlen(file), k = sizeof(SUFFIX) - 1;

	return file[0] != '.' && n > k && strcmp(file + n - k, SUFFIX) == 0;
}

int
defined_list(struct defined **out, size_t *n_out, struct error *err)
{
	DIR *dir = opendir(DEFINED_DOMAINS);
	struct defined *v = NULL, *more;
	struct dirent *entry;
	size_t n = 0, size = 0;
	char path[sizeof(DEFINED_DOMAINS) + 256 + 1];

	*out = NULL;
	*n_out = 0;
	if (dir == NULL && errno == ENOENT)
		return 0;
	if (dir == NULL)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot read directory '" DEFINED_DOMAINS "'");
	while ((entry = readdir(dir)) != NULL) {
		if (!is_document(entry->d_name))
			continue;
		if (n == size) {
			size = size == 0 ? 16 : 2 * size;
			more = reallocarray(v, size, sizeof(*v));
			if (more == NULL) {
				(void)closedir(dir);
				defined_list_free(v, n);
				return error_nomem(err);
			}
			v = more;
		}
		(void)snprintf(path, sizeof(path), "%s/%s", DEFINED_DOMAINS,
		    entry->d_name);
		if (read_one(path, &v[n]) == 0)
			n++;
	}
	(void)closedir(dir);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_name);
	*out = v;
	*n_out = n;
	return 0;
}

/* By the file's name: the usual case. */
static int
find_file(const char *name, struct defined *out, struct error *err)
{
	char *path = defined_path(DEFINED_DOMAINS, name, SUFFIX);
	int rc;

	if (path == NULL)
		return error_nomem(err);
	rc = read_one(path, out) == 0;
	free(path);
	if (rc == 1 && strcmp(out->name, name) != 0) {
		defined_release(out);
		return 0;
	}
	return rc;
}

int
defined_find(const char *name, const unsigned char *uuid,
    struct defined *out, struct error *err)
{
	struct defined *v;
	size_t n;
	int rc = 0;

	if (name != NULL)
		return find_file(name, out, err);
	if (defined_list(&v, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (memcmp(v[i].uuid, uuid, UUID_SIZE) != 0)
			continue;
		*out = v[i];
		v[i].name = NULL;
		rc = 1;
	}
	defined_list_free(v, n);
	return rc;
}

char *
defined_text(const char *name, struct error *err)
{
	char *path = defined_path(DEFINED_DOMAINS, name, SUFFIX);
	struct buf text = BUF_INIT;
	int rc;

	if (path == NULL) {
		error_nomem(err);
		return NULL;
	}
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_NO_DOMAIN,
		    "no domain with matching name '%s'", name);
		rc = -1;
	} else {
		rc = file_read(path, XML_SIZE_MAX, &text, err);
	}
	free(path);
	if (rc == 0)
		return buf_detach(&text);
	buf_release(&text);
	return NULL;
}

struct doc *
defined_load(const char *name, const struct domain_caps *caps,
    struct error *err)
{
	char *text = defined_text(name, err);
	struct doc *doc;

	if (text == NULL)
		return NULL;
	doc = domain_xml_parse(text, strlen(text), caps,
	    DOMAIN_XML_PARSE_INACTIVE, err);
	free(text);
	return doc;
}

/* --- changing -------------------------------------------------------------- */

int
defined_store(const struct doc *doc, struct error *err)
{
	const char *name = node_find_text(doc->root, "name");
	char *text, *path;
	int rc = -1;

	text = domain_xml_format(doc, -1, XVM_DOMAIN_XML_INACTIVE |
	    XVM_DOMAIN_XML_SECURE, err);
	if (text == NULL)
		return -1;
	path = defined_path(DEFINED_DOMAINS, name, SUFFIX);
	if (path == NULL)
		error_nomem(err);
	else if (defined_make_dir(DEFINED_DOMAINS, err) == 0)
		rc = file_replace(path, text, strlen(text), 0600, err);
	free(path);
	free(text);
	return rc;
}

static int
remove_file(const char *dir, const char *name, struct error *err)
{
	char *path = defined_path(dir, name, SUFFIX);
	int rc = 0;

	if (path == NULL)
		return error_nomem(err);
	if (unlink(path) != 0 && errno != ENOENT)
		rc = error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot remove '%s'", path);
	free(path);
	return rc;
}

int
defined_remove(const char *name, struct error *err)
{
	if (remove_file(DEFINED_AUTOSTART, name, err) != 0)
		return -1;
	return remove_file(DEFINED_DOMAINS, name, err);
}

int
defined_set_autostart(const char *name, bool wanted, struct error *err)
{
	char *path, *target;
	int rc = -1;

	if (!wanted)
		return remove_file(DEFINED_AUTOSTART, name, err);
	path = defined_path(DEFINED_AUTOSTART, name, SUFFIX);
	target = defined_path("../domains", name, SUFFIX);
	if (path == NULL || target == NULL)
		error_nomem(err);
	else if (defined_make_dir(DEFINED_AUTOSTART, err) != 0)
		rc = -1;
	else if (symlink(target, path) == 0 || errno == EEXIST)
		rc = 0;
	else
		error_system(err, XVM_FROM_LIBXL, errno,
		    "Failed to create symlink '%s to '%s'", path, target);
	free(target);
	free(path);
	return rc;
}
