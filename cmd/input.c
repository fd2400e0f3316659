/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and texts that the user hands to a command. */
#include "input.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "../lib/number.h"

char *
cmd_read_file(struct cmd *cmd, const char *path)
{
	return cmd_read_small_file(cmd, path, INPUT_MAX);
}

char *
cmd_read_small_file(struct cmd *cmd, const char *path, size_t max)
{
	struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;

	if (file_read(path, max, &text, &err) != 0) {
		buf_release(&text);
		(void)cmd_set_error(cmd, &err);
		return NULL;
	}
	buf_puts(&text, "");
	return cmd_own(cmd, buf_detach(&text));
}

char *
cmd_call_path(struct cmd *cmd, const char *path)
{
	struct buf whole = BUF_INIT;
	char *dir;

	if (path[0] != '/') {
		dir = getcwd(NULL, 0);
		if (dir == NULL) {
			(void)cmd_error(cmd, "%s: %s", path, strerror(errno));
			return NULL;
		}
		buf_printf(&whole, "%s/", dir);
		free(dir);
	}
	buf_puts(&whole, path);
	return cmd_own(cmd, buf_detach(&whole));
}

char **
cmd_split_commas(struct cmd *cmd, const char *text)
{
	size_t n = 2;
	char **words, *rest;

	for (const char *p = text; *p != '\0'; p++)
		n += *p == ',';
	words = cmd_alloc(cmd, n * sizeof(*words));
	rest = cmd_strdup(cmd, text);
	for (size_t i = 0; rest != NULL; i++)
		words[i] = strsep(&rest, ",");
	return words;
}

char **
cmd_split_list(struct cmd *cmd, const char *text)
{
	char **words = cmd_alloc(cmd, (strlen(text) + 2) * sizeof(*words));
	char *word = cmd_strdup(cmd, text), *to = word;
	size_t n = 0;

	words[n++] = word;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != ',') {
			*to++ = *p;
		} else if (p[1] == ',') {
			*to++ = *p++;
		} else {
			*to++ = '\0';
			words[n++] = to;
		}
	}
	*to = '\0';
	return words;
}

int
cmd_read_size(struct cmd *cmd, const char *text, uint64_t scale, uint64_t max,
    uint64_t *out)
{
	int rc = number_scaled(text, scale, max, out);
	struct error err = ERROR_INIT;
	unsigned long long n;
	char *unit;

	if (rc == 0)
		return 0;
	errno = 0;
	n = strtoull(text, &unit, 10);
	if (errno != 0 || unit == text || strchr(text, '-') != NULL)
		return -1;
	if (rc == -2)
		(void)error_set(&err, XVM_FROM_NONE, XVM_ERR_OVERFLOW,
		    "value too large: %llu%s", n, unit);
	else
		(void)error_set(&err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "unknown suffix '%s'", unit);
	return cmd_set_error(cmd, &err);
}

int
cmd_timeout(struct cmd *cmd, unsigned int *out)
{
	int given = cmd_uint(cmd, "timeout", out);

	if (given > 0 && (*out == 0 || *out > INT_MAX / 1000))
		return cmd_error(cmd, "Numeric value '%u' for <%s> option is "
		    "malformed or out of range", *out, "timeout");
	return given;
}
