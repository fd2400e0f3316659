/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and texts that the user hands to a command. */
#include "input.h"

#include <string.h>

#include "../lib/buf.h"
#include "../lib/file.h"

char *
cmd_read_file(struct cmd *cmd, const char *path)
{
	struct buf text = BUF_INIT;
	struct error err = ERROR_INIT;

	if (file_read(path, INPUT_MAX, &text, &err) != 0) {
		buf_release(&text);
		(void)cmd_set_error(cmd, &err);
		return NULL;
	}
	buf_puts(&text, "");
	return cmd_own(cmd, buf_detach(&text));
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
