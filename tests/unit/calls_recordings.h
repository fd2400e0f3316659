/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The recordings of tests/wire: bytes that stock clients and servers sent.
 * Header only, for the test and the seeds of the fuzzer.
 */
#ifndef TESTS_UNIT_CALLS_RECORDINGS_H
#define TESTS_UNIT_CALLS_RECORDINGS_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

struct recording {
	char file[128];
	int line;
	int number;
	char name[64];
	enum call_part part;
	char *bytes;
	size_t n;
};

struct recordings {
	struct recording *list;
	size_t n;
};

static inline void
recordings_release(struct recordings *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->list[i].bytes);
	free(all->list);
	memset(all, 0, sizeof(*all));
}

/* One line: number, name, args or ret, source, hex. */
static inline int
recording_parse(struct recording *r, const char *text)
{
	char part[8], source[64];
	int at = -1;
	size_t digits;
	unsigned int byte;

	if (sscanf(text, "%d\t%63s\t%7s\t%63s\t%n", &r->number, r->name, part,
	    source, &at) != 4 || at < 0)
		return -1;
	if (strcmp(part, "args") == 0)
		r->part = CALL_ARGS;
	else if (strcmp(part, "ret") == 0)
		r->part = CALL_RET;
	else
		return -1;
	text += at;
	digits = strspn(text, "0123456789abcdef");
	if (digits % 2 != 0 || strcmp(text + digits, "\n") != 0)
		return -1;
	r->n = digits / 2;
	r->bytes = malloc(r->n + 1);
	if (r->bytes == NULL)
		return -1;
	for (size_t i = 0; i < r->n; i++) {
		(void)sscanf(text + 2 * i, "%2x", &byte);
		r->bytes[i] = (char)byte;
	}
	return 0;
}

static inline int
recordings_read_file(struct recordings *all, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;
	int line = 0, rc = 0;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	while (rc == 0 && getline(&text, &size, f) > 0) {
		struct recording *list = realloc(all->list,
		    (all->n + 1) * sizeof(*list));

		line++;
		if (list == NULL) {
			rc = -1;
			break;
		}
		all->list = list;
		memset(&list[all->n], 0, sizeof(*list));
		list[all->n].line = line;
		snprintf(list[all->n].file, sizeof(list->file), "%s", path);
		rc = recording_parse(&list[all->n], text);
		if (rc == 0)
			all->n++;
		else
			fprintf(stderr, "%s:%d: no recording\n", path, line);
	}
	free(text);
	fclose(f);
	return rc;
}

/* All files of a directory. 0, or -1 with a word on stderr. */
static inline int
recordings_read(struct recordings *all, const char *directory)
{
	char pattern[256];
	glob_t found;
	int rc = 0;

	snprintf(pattern, sizeof(pattern), "%s/*.tsv", directory);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "%s: no recordings\n", directory);
		return -1;
	}
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
		rc = recordings_read_file(all, found.gl_pathv[i]);
	globfree(&found);
	return rc;
}

#endif
