/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing the files of defined domains, and what a killed change left. */
#include "defined.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../domain/domain_xml.h"
#include "../file.h"
#include "../xml.h"
#include "xvm-calls.h"

#define SUFFIX ".xml"
#define SAVE_SUFFIX ".save"
/* A link to "OLD/NEW", both as in files' names, while one is renamed. */
#define RENAMING DEFINED_DOMAINS "/.renaming"

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

/* --- what a killed change left ---------------------------------------------- */

/* DIR/FILE SUFFIX, of a name as it is in files' names. */
static int
join(char path[PATH_MAX], const char *dir, const char *file,
    const char *suffix)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s", dir, file, suffix);

	return n > 0 && n < PATH_MAX ? 0 : -1;
}

static int
move(const char *dir, const char *from, const char *to, const char *suffix,
    struct error *err)
{
	char old[PATH_MAX], new[PATH_MAX];

	if (join(old, dir, from, suffix) != 0 ||
	    join(new, dir, to, suffix) != 0)
		return error_nomem(err);
	if (rename(old, new) == 0 || errno == ENOENT)
		return 0;
	return error_system(err, XVM_FROM_LIBXL, errno, "cannot rename '%s'",
	    old);
}

/* What follows the document: harmless when it is done already. */
static int
finish_rename(const char *from, const char *to, struct error *err)
{
	char old[PATH_MAX], new[PATH_MAX], target[PATH_MAX];
	struct stat st;

	if (join(old, DEFINED_AUTOSTART, from, SUFFIX) != 0 ||
	    join(new, DEFINED_AUTOSTART, to, SUFFIX) != 0 ||
	    join(target, "../domains", to, SUFFIX) != 0)
		return error_nomem(err);
	if (lstat(old, &st) == 0 &&
	    ((symlink(target, new) != 0 && errno != EEXIST) ||
	    unlink(old) != 0))
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot rename '%s'", old);
	if (move(DEFINED_SAVE, from, to, SAVE_SUFFIX, err) != 0)
		return -1;
	if (unlink(RENAMING) != 0 && errno != ENOENT)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot remove '" RENAMING "'");
	return 0;
}

/* A rename that was killed is gone on with if the document has its new name. */
static int
take_up_rename(struct error *err)
{
	char names[PATH_MAX], path[PATH_MAX], *to;
	ssize_t n = readlink(RENAMING, names, sizeof(names) - 1);

	if (n <= 0)
		return 0;
	names[n] = '\0';
	to = strchr(names, '/');
	if (to != NULL) {
		*to++ = '\0';
		if (join(path, DEFINED_DOMAINS, names, SUFFIX) == 0 &&
		    access(path, F_OK) != 0)
			return finish_rename(names, to, err);
	}
	(void)unlink(RENAMING);
	return 0;
}

/* Files that file_replace had not put in their places. */
static void
remove_unfinished(void)
{
	const char end[] = SUFFIX ".XXXXXX";
	DIR *dir = opendir(DEFINED_DOMAINS);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		size_t n = strlen(entry->d_name), k = sizeof(end) - 1;

		if (n > k && strncmp(entry->d_name + n - k, SUFFIX ".",
		    sizeof(SUFFIX)) == 0)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir != NULL)
		(void)closedir(dir);
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
	if (rc != 0) {
		error_system(err, XVM_FROM_LIBXL, errno, "cannot lock '%s'",
		    path);
	} else {
		remove_unfinished();
		rc = take_up_rename(err);
	}
	if (rc == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* --- changing -------------------------------------------------------------- */

/* Replace the file of a name by the document. */
static int
store_as(const struct doc *doc, const char *name, struct error *err)
{
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

int
defined_store(const struct doc *doc, struct error *err)
{
	return store_as(doc, node_find_text(doc->root, "name"), err);
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

/* A name as it is in files' names. */
static char *
file_name(const char *name)
{
	char *path = defined_path(".", name, ""), *file = NULL;

	if (path != NULL)
		file = strdup(path + 2);
	free(path);
	return file;
}

static int
rename_files(const char *from, const char *to, const struct doc *doc,
    const char *name, struct error *err)
{
	char names[PATH_MAX], old[PATH_MAX], new[PATH_MAX];

	if (join(names, from, to, "") != 0 ||
	    join(old, DEFINED_DOMAINS, from, SUFFIX) != 0 ||
	    join(new, DEFINED_DOMAINS, to, SUFFIX) != 0)
		return error_nomem(err);
	if (symlink(names, RENAMING) != 0)
		return error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot make '" RENAMING "'");
	/* The name inside is not looked at: it may change before. */
	if (store_as(doc, name, err) != 0 || rename(old, new) != 0) {
		if (err->code == 0)
			error_system(err, XVM_FROM_LIBXL, errno,
			    "cannot rename '%s'", old);
		(void)unlink(RENAMING);
		return -1;
	}
	return finish_rename(from, to, err);
}

int
defined_rename(const char *name, const struct doc *doc, struct error *err)
{
	char *from = file_name(name);
	char *to = file_name(node_find_text(doc->root, "name"));
	int rc;

	rc = from == NULL || to == NULL ? error_nomem(err) :
	    rename_files(from, to, doc, name, err);
	free(from);
	free(to);
	return rc;
}
