/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between xml.c and the module that holds libxml2 (xml_libxml2.c): the
 * module's one exported symbol is xml_module. It calls back into the tree's
 * builder; no memory crosses except through the callbacks.
 */
#ifndef LIB_XML_MODULE_H
#define LIB_XML_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#define XML_MODULE_FILE "xvm-xml.so"

/*
 * What the parser sees, in order. A false answer stops it. at: how many bytes
 * of the text it has read: within the start tag, behind the end tag; SIZE_MAX
 * when it cannot tell, because the text is in another encoding than UTF-8.
 */
struct xml_sink {
	/* attrs: name, value, name, value ... NULL; texts NUL-terminated. */
	bool (*start)(void *arg, const char *name, const char *const *attrs,
	    unsigned int line, size_t at);
	bool (*end)(void *arg, size_t at);
	bool (*text)(void *arg, const char *text, size_t n, bool cdata);
	bool (*comment)(void *arg, const char *text);
	bool (*pi)(void *arg, const char *name, const char *text);
};

/* The first error; texts are empty when there is none. */
struct xml_problem {
	int line;
	char message[1024];	/* libxml2's reason, without line feed */
	char context[8192];	/* the line of the document, or "" */
	char pointer[8192];	/* dashes and '^', or "" */
};

typedef bool xml_write(void *arg, const char *text, size_t n);

struct xml_module {
	/*
	 * piecewise: read it like a file, so that what an error shows of a
	 * long line is what is left of it in the parser's window.
	 * 0, -1: *problem is filled (or sink refused: message is "").
	 */
	int (*parse)(const char *text, size_t n, bool piecewise,
	    const struct xml_sink *sink, void *arg,
	    struct xml_problem *problem);
	/* As xml_xpath, by a writer. -1: the text is bad, -2: the expression */
	int (*xpath)(const char *text, size_t n, const char *expression,
	    bool wrap, xml_write *write, void *arg,
	    struct xml_problem *problem);
};

#endif
