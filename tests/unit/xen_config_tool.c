/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xen_config_tool MODE FILE...: what the conversions for Xen make of a file,
 * without a hypervisor. Modes: canonical (XML to canonical XML), json (XML to
 * libxl's JSON), native (XML to xl.cfg), xml (xl.cfg to XML), native-json
 * (xl.cfg to libxl's JSON). Before each but a single one "@@FILE@@"; a failure
 * is printed as "error: ..." and gives status 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/xen/domain_caps.h"
#include "../../lib/xen/libxl/config.h"
#include "../../lib/xen/libxl/native.h"
#include "buf.h"
#include "domain/domain_xml.h"
#include "file.h"
#include "xml.h"

typedef char *convert(const struct buf *text, struct error *err);

static struct doc *
parse(const struct buf *text, struct error *err)
{
	return domain_xml_parse(buf_str(text), text->len, &xen_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, err);
}

static char *
format_and_free(struct doc *doc, struct error *err)
{
	char *out = domain_xml_format(doc, -1, XVM_DOMAIN_XML_SECURE, err);

	doc_free(doc);
	return out;
}

static char *
canonical(const struct buf *text, struct error *err)
{
	struct doc *doc = parse(text, err);

	return doc == NULL ? NULL : format_and_free(doc, err);
}

static char *
json_and_dispose(libxl_domain_config *config, struct error *err)
{
	char *out = libxl_domain_config_to_json(NULL, config);

	libxl_domain_config_dispose(config);
	if (out == NULL)
		error_nomem(err);
	return out;
}

static char *
to_json(const struct buf *text, struct error *err)
{
	struct doc *doc = parse(text, err);
	libxl_domain_config config;
	int rc;

	if (doc == NULL)
		return NULL;
	rc = config_from_xml(NULL, doc->root, &config, err);
	doc_free(doc);
	return rc == 0 ? json_and_dispose(&config, err) : NULL;
}

static char *
to_native(const struct buf *text, struct error *err)
{
	struct doc *doc = parse(text, err);
	char *out;

	if (doc == NULL)
		return NULL;
	out = native_format(NULL, doc, err);
	doc_free(doc);
	return out;
}

static char *
from_native(const struct buf *text, struct error *err)
{
	struct doc *doc;

	if (native_parse(NULL, buf_str(text), text->len, &doc, err) != 0)
		return NULL;
	return format_and_free(doc, err);
}

static char *
native_to_json(const struct buf *text, struct error *err)
{
	libxl_domain_config config;

	if (native_read(buf_str(text), text->len, &config, err) != 0)
		return NULL;
	return json_and_dispose(&config, err);
}

static const struct {
	const char *name;
	convert *run;
} modes[] = {
    {"canonical", canonical},
    {"json", to_json},
    {"native", to_native},
    {"xml", from_native},
    {"native-json", native_to_json},
};

static int
show(convert *run, const char *path)
{
	struct error err = ERROR_INIT;
	struct buf text = BUF_INIT;
	char *out = NULL;

	if (file_read(path, XML_SIZE_MAX, &text, &err) == 0)
		out = run(&text, &err);
	if (out != NULL)
		(void)fputs(out, stdout);
	else
		printf("error: %s\n", err.message);
	free(out);
	buf_release(&text);
	error_release(&err);
	return out == NULL;
}

int
main(int argc, char **argv)
{
	int status = 0;

	for (size_t m = 0; argc > 2 && m < sizeof(modes) / sizeof(modes[0]);
	     m++) {
		if (strcmp(argv[1], modes[m].name) != 0)
			continue;
		for (int i = 2; i < argc; i++) {
			if (argc > 3)
				printf("@@%s@@\n", argv[i]);
			status |= show(modes[m].run, argv[i]);
		}
		return status;
	}
	return 2;
}
