/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration file. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "../lib/number.h"

#define CONFIG_SIZE_MAX 65536

/* The value of a line "name = value", NULL: another line. */
static char *
line_value(const char *line, size_t n, const char *name)
{
	const char *end = line + n;

	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if ((size_t)(end - line) < strlen(name) ||
	    strncmp(line, name, strlen(name)) != 0)
		return NULL;
	line += strlen(name);
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if (line == end || *line++ != '=')
		return NULL;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if (line < end && *line == '"') {
		const char *quote = memchr(line + 1, '"',
		    (size_t)(end - line - 1));

		return quote == NULL ? NULL :
		    strndup(line + 1, (size_t)(quote - line - 1));
	}
	n = strcspn(line, " \t\r\n#");
	if (line + n > end)
		n = (size_t)(end - line);
	return n == 0 ? NULL : strndup(line, n);
}

static char *
from_file(const char *path, const char *name)
{
	struct error err = ERROR_INIT;
	struct buf text = BUF_INIT;
	char *value = NULL;

	if (file_read(path, CONFIG_SIZE_MAX, &text, &err) == 0) {
		const char *p = buf_str(&text);

		while (value == NULL && *p != '\0') {
			size_t n = strcspn(p, "\n");

			value = line_value(p, n, name);
			p += n + (p[n] == '\n');
		}
	}
	error_release(&err);
	buf_release(&text);
	return value;
}

char *
config_get(const char *name)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL, *value = NULL;
	int n = -1;

	if (dir != NULL && dir[0] == '/')
		n = asprintf(&path, "%s/xvsh/xvsh.conf", dir);
	else if (home != NULL && home[0] == '/')
		n = asprintf(&path, "%s/.config/xvsh/xvsh.conf", home);
	if (n >= 0) {
		value = from_file(path, name);
		free(path);
	}
	return value != NULL ? value :
	    from_file("/etc/xvm/xvsh.conf", name);
}

int
config_ssh_persist(int *out, struct error *err)
{
	const char *where = "XVSH_SSH_PERSIST", *value = getenv(where);
	char *setting = NULL;
	int32_t seconds = 0;
	int rc = 0;

	*out = 0;
	if (value == NULL || value[0] == '\0') {
		where = "ssh_persist";
		value = setting = config_get(where);
	}
	if (value != NULL &&
	    (number_i32(value, 10, &seconds) != 0 || seconds < 0))
		rc = error_set(err, XVM_FROM_CONF, XVM_ERR_INVALID_ARG,
		    "%s is '%s', which is no number of seconds", where, value);
	else
		*out = seconds;
	free(setting);
	return rc;
}
