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
#include <sys/stat.h>
#include <unistd.h>

#include "../buf.h"
#include "../domain/domain_xml.h"
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

/* --- reading --------------------------------------------------------------- */

/*
 * Step over "  <NAME>TEXT</NAME>" on a line of its own, *line moving behind it:
 * the text's place, or NULL.
 */
static const char *
scan_line(const char **line, const char *name, size_t *n_out)
{
	char open_tag[32], close_tag[32];
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
	*n_out = (size_t)(end - begin);
	*line = end + strlen(close_tag) - 1;
	return begin;
}

/* The UUID from the first lines of a canonical text. */
static int
scan(const char *text, unsigned char *uuid)
{
	const char *line = strchr(text, '\n'), *value = NULL;
	char copy[UUID_TEXT_SIZE];
	size_t n = 0;

	if (strncmp(text, "<domain ", 8) == 0 &&
	    scan_line(&line, "name", &n) != NULL)
		value = scan_line(&line, "uuid", &n);
	if (value == NULL || n >= sizeof(copy))
		return -1;
	memcpy(copy, value, n);
	copy[n] = '\0';
	return uuid_parse(copy, uuid);
}

/* The same from a text that somebody wrote. */
static int
parse(const char *path, unsigned char *uuid)
{
	struct error err = ERROR_INIT;
	struct doc *doc = xml_parse_file(path, XVM_FROM_LIBXL, &err);
	const char *text;
	int rc = -1;

	error_release(&err);
	if (doc == NULL)
		return -1;
	text = node_find_text(doc->root, "uuid");
	if (text != NULL)
		rc = uuid_parse(text, uuid);
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
read_uuid(const char *path, unsigned char *uuid)
{
	char head[HEAD_MAX + 1];

	if (read_head(path, head) != 0 ||
	    (scan(head, uuid) != 0 && parse(path, uuid) != 0))
		return -1;
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

static int
hex_digit(char c)
{
	const char digits[] = "0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* The domain's name from its file's; NULL: it is not one of ours. */
static char *
name_of_file(const char *file)
{
	size_t n = strlen(file), k = sizeof(SUFFIX) - 1;
	char *name, *to, *path = NULL;

	if (file[0] == '.' || n <= k || strcmp(file + n - k, SUFFIX) != 0)
		return NULL;
	name = to = strndup(file, n - k);
	for (const char *from = name; from != NULL && *from != '\0';) {
		int high = *from == '%' ? hex_digit(from[1]) : -1;
		int low = high >= 0 ? hex_digit(from[2]) : -1;

		*to++ = low >= 0 ? (char)(high << 4 | low) : *from;
		from += low >= 0 ? 3 : 1;
	}
	if (name != NULL) {
		*to = '\0';
		path = defined_path(".", name, SUFFIX);
	}
	if (path == NULL || strcmp(path + 2, file) != 0) {
		free(name);
		name = NULL;
	}
	free(path);
	return name;
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
		v[n].name = name_of_file(entry->d_name);
		if (v[n].name == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", DEFINED_DOMAINS,
		    entry->d_name);
		if (read_uuid(path, v[n].uuid) != 0) {
			defined_release(&v[n]);
			continue;
		}
		v[n].autostart = defined_is_autostart(v[n].name);
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
	rc = read_uuid(path, out->uuid) == 0;
	free(path);
	if (rc == 0)
		return 0;
	out->autostart = defined_is_autostart(name);
	out->name = strdup(name);
	return out->name != NULL ? 1 : error_nomem(err);
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

void
defined_name(struct doc *doc, const char *name)
{
	const char *inside = node_find_text(doc->root, "name");

	if (inside == NULL || strcmp(inside, name) != 0)
		node_set_text(node_need(doc->root, "name"), name);
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
	if (doc != NULL)
		defined_name(doc, name);
	return doc;
}
