/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain_xml_tool [--inactive] [--live ID] [--marks] [--bench N] FILE...: print
 * each domain in canonical form, as the test driver would after defining it; or
 * the error, and status 1. --marks: "@@FILE@@" before each, and its error on
 * standard output. --bench: time N rounds over parsed copies instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "domain/domain_xml.h"
#include "file.h"
#include "xml.h"

static const struct domain_guest guests[] = {
    {.os_type = "hvm", .arch = "i686", .virt_type = "test"},
    {.os_type = "xen", .arch = "i686", .virt_type = "test"},
    {.os_type = NULL},
};

static const struct domain_caps caps = {
    .guests = guests,
    .error_domain = XVM_FROM_TEST,
    .mac_prefix = {0x52, 0x54, 0x00},
};

static FILE *complaints;
static unsigned int format_flags;

static int
complain(struct error *err)
{
	(void)fprintf(complaints, "error: %s\n", err->message);
	error_release(err);
	return 1;
}

static int
show(const struct buf *text, int id, struct error *err)
{
	struct doc *doc;
	char *out;

	doc = domain_xml_parse(
	    buf_str(text), text->len, &caps, DOMAIN_XML_PARSE_INACTIVE, err);
	if (doc == NULL)
		return complain(err);
	out = domain_xml_format(doc, id, format_flags, err);
	doc_free(doc);
	if (out == NULL)
		return complain(err);
	(void)fputs(out, stdout);
	free(out);
	return 0;
}

/* Microseconds of processor time that the program has used. */
static double
used(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* Copy the document so many times, and normalise the copies or not. */
static double
time_rounds(
    const struct doc *doc, int rounds, bool normalise, struct error *err)
{
	double start = used();

	for (int i = 0; i < rounds; i++) {
		struct doc *copy = doc_clone(doc);

		if (copy == NULL ||
		    (normalise && domain_xml_normalise(copy, &caps,
				      DOMAIN_XML_PARSE_INACTIVE, err) != 0)) {
			doc_free(copy);
			return -1;
		}
		doc_free(copy);
	}
	return (used() - start) / rounds;
}

static int
bench(const struct buf *text, int rounds, struct error *err)
{
	struct doc *doc;
	double copy, both;

	doc = xml_parse(buf_str(text), text->len, "(domain_definition)",
	    XVM_FROM_DOMAIN, err);
	if (doc == NULL)
		return complain(err);
	copy = time_rounds(doc, rounds, false, err);
	both = time_rounds(doc, rounds, true, err);
	doc_free(doc);
	if (both < 0)
		return complain(err);
	printf("normalise %.2f us (and %.2f us to copy the document)\n",
	    both - copy, copy);
	return 0;
}

int
main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	int id = -1, rounds = 0, status = 0, i = 1;
	bool marks = false;

	complaints = stderr;
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--inactive") == 0)
			format_flags = XVM_DOMAIN_XML_INACTIVE;
		else if (strcmp(argv[i], "--marks") == 0)
			marks = true;
		else if (strcmp(argv[i], "--live") == 0 && i + 1 < argc)
			id = atoi(argv[++i]);
		else if (strcmp(argv[i], "--bench") == 0 && i + 1 < argc)
			rounds = atoi(argv[++i]);
		else
			return 2;
	}
	if (marks)
		complaints = stdout;
	for (; i < argc; i++) {
		struct buf text = BUF_INIT;

		if (marks)
			printf("@@%s@@\n", argv[i]);
		if (file_read(argv[i], XML_SIZE_MAX, &text, &err) != 0)
			status |= complain(&err);
		else if (rounds > 0)
			status |= bench(&text, rounds, &err);
		else
			status |= show(&text, id, &err);
		buf_release(&text);
	}
	return status;
}
