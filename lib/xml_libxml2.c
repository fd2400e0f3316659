/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module that holds libxml2: parsing by SAX, and XPath. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xml_module.h"

#define ATTRS_MAX 256

/* What the parser's callbacks need; hangs on ctxt->_private. */
struct parse {
	const struct xml_sink *sink;
	void *arg;
	struct xml_problem *problem;
	bool refused;
	char *scratch;		/* a start tag's texts */
	size_t scratch_size;
	const char *text;	/* what is to be read yet */
	size_t n;
};

static struct parse *
parse_of(void *ctx)
{
	return ((xmlParserCtxtPtr)ctx)->_private;
}

static void
check(void *ctx, bool ok)
{
	struct parse *p = parse_of(ctx);

	if (!ok && !p->refused) {
		p->refused = true;
		xmlStopParser(ctx);
	}
}

/* Keep the first error, with the line of text it is in. */
static void
on_error(void *ctx, xmlErrorPtr e)
{
	xmlParserCtxtPtr ctxt = ctx;
	struct parse *p = parse_of(ctx);
	struct xml_problem *out = p->problem;
	static const char no_line[] = "(null)";
	const xmlChar *base, *cur, *start;
	size_t n;

	if (e->level != XML_ERR_FATAL || out->message[0] != '\0')
		return;
	(void)snprintf(out->message, sizeof(out->message), "%s",
	    e->message == NULL ? "unknown error" : e->message);
	n = strlen(out->message);
	if (n > 0 && out->message[n - 1] == '\n')
		out->message[n - 1] = '\0';
	out->line = e->line;
	if (ctxt->input == NULL || ctxt->input->cur == NULL)
		return;
	cur = ctxt->input->cur;
	base = ctxt->input->base;
	while (cur > base && (*cur == '\n' || *cur == '\r'))
		cur--;
	start = cur;
	while (start > base && *start != '\n' && *start != '\r')
		start--;
	if (*start == '\n' || *start == '\r')
		start++;
	n = strcspn((const char *)start, "\n\r");
	if (n >= sizeof(out->context))
		n = sizeof(out->context) - 1;
	/* libvirt's clients know an empty line by this word. */
	(void)snprintf(out->context, sizeof(out->context), "%.*s",
	    n == 0 ? (int)strlen(no_line) : (int)n,
	    n == 0 ? no_line : (const char *)start);
	cur = ctxt->input->cur;
	if (cur < start)
		n = 0;
	else if ((size_t)(cur - start) < n)
		n = (size_t)(cur - start);
	if (n > sizeof(out->pointer) - 2)
		n = sizeof(out->pointer) - 2;
	for (size_t i = 0; i < n; i++)
		out->pointer[i] = start[i] == '\t' ? '\t' : '-';
	out->pointer[n] = '^';
	out->pointer[n + 1] = '\0';
}

/* How far the parser is in the text. */
static size_t
position(void *ctx)
{
	xmlParserCtxtPtr ctxt = ctx;
	long n;

	if (ctxt->input == NULL || (ctxt->input->buf != NULL &&
	    ctxt->input->buf->encoder != NULL))
		return SIZE_MAX;
	n = xmlByteConsumed(ctxt);
	return n < 0 ? SIZE_MAX : (size_t)n;
}

/* n bytes of the scratch room, where there is enough. */
static char *
put(char **at, const xmlChar *s, size_t n)
{
	char *p = *at;

	memcpy(p, s, n);
	p[n] = '\0';
	*at += n + 1;
	return p;
}

/* "prefix:name" in the scratch room, or the name itself. */
static const char *
put_name(char **at, const xmlChar *name, const xmlChar *prefix)
{
	char *p = *at;

	if (prefix == NULL)
		return (const char *)name;
	(void)put(at, prefix, strlen((const char *)prefix));
	(*at)[-1] = ':';
	(void)put(at, name, strlen((const char *)name));
	return p;
}

static size_t
name_size(const xmlChar *name, const xmlChar *prefix)
{
	return prefix == NULL ? 0 : strlen((const char *)name) +
	    strlen((const char *)prefix) + 2;
}

/* Room for the names with a prefix and the values of a start tag. */
static char *
scratch(struct parse *p, const xmlChar *name, const xmlChar *prefix, int n_ns,
    const xmlChar **ns, int n_attrs, const xmlChar **attrs)
{
	size_t n = name_size(name, prefix) + 1;
	char *room;

	for (int i = 0; i < n_ns; i++)
		n += name_size((const xmlChar *)"xmlns", ns[2 * i]);
	for (int i = 0; i < n_attrs; i++) {
		const xmlChar **a = &attrs[5 * i];

		n += name_size(a[0], a[1]) + (size_t)(a[4] - a[3]) + 1;
	}
	if (n > p->scratch_size) {
		room = realloc(p->scratch, 2 * n);
		if (room == NULL)
			return NULL;
		p->scratch = room;
		p->scratch_size = 2 * n;
	}
	return p->scratch;
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int n_ns, const xmlChar **ns, int n_attrs,
    int n_default, const xmlChar **attrs)
{
	struct parse *p = parse_of(ctx);
	const char *list[2 * (2 * ATTRS_MAX) + 1];
	unsigned int line = (unsigned int)xmlSAX2GetLineNumber(ctx);
	size_t n = 0;
	char *room;

	(void)uri;
	(void)n_default;
	if (n_ns > ATTRS_MAX || n_attrs > ATTRS_MAX) {
		(void)snprintf(p->problem->message,
		    sizeof(p->problem->message), "too many attributes");
		p->problem->line = (int)line;
		check(ctx, false);
		return;
	}
	room = scratch(p, name, prefix, n_ns, ns, n_attrs, attrs);
	if (room == NULL) {
		check(ctx, false);
		return;
	}
	for (int i = 0; i < n_ns; i++) {
		const xmlChar *pre = ns[2 * i], *href = ns[2 * i + 1];

		list[n++] = pre == NULL ? "xmlns" :
		    put_name(&room, pre, (const xmlChar *)"xmlns");
		list[n++] = href == NULL ? "" : (const char *)href;
	}
	for (int i = 0; i < n_attrs; i++) {
		const xmlChar **a = &attrs[5 * i];

		list[n++] = put_name(&room, a[0], a[1]);
		list[n++] = put(&room, a[3], (size_t)(a[4] - a[3]));
	}
	list[n] = NULL;
	check(ctx, p->refused || p->sink->start(p->arg,
	    put_name(&room, name, prefix), list, line, position(ctx)));
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct parse *p = parse_of(ctx);

	(void)name;
	(void)prefix;
	(void)uri;
	if (!p->refused)
		check(ctx, p->sink->end(p->arg, position(ctx)));
}

static void
on_text(void *ctx, const xmlChar *text, int n)
{
	struct parse *p = parse_of(ctx);

	check(ctx, p->refused || p->sink->text(p->arg, (const char *)text,
	    (size_t)n, false));
}

static void
on_cdata(void *ctx, const xmlChar *text, int n)
{
	struct parse *p = parse_of(ctx);

	check(ctx, p->refused || p->sink->text(p->arg, (const char *)text,
	    (size_t)n, true));
}

static void
on_comment(void *ctx, const xmlChar *text)
{
	struct parse *p = parse_of(ctx);

	check(ctx, p->refused ||
	    p->sink->comment(p->arg, (const char *)text));
}

static void
on_pi(void *ctx, const xmlChar *name, const xmlChar *text)
{
	struct parse *p = parse_of(ctx);

	check(ctx, p->refused || p->sink->pi(p->arg, (const char *)name,
	    text == NULL ? "" : (const char *)text));
}

/* A document type brings entities: none of ours has one. */
static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	struct parse *p = parse_of(ctx);

	(void)name;
	(void)external;
	(void)system;
	(void)snprintf(p->problem->message, sizeof(p->problem->message),
	    "a document type declaration is not allowed");
	p->problem->line = xmlSAX2GetLineNumber(ctx);
	check(ctx, false);
}

/* The next piece of the text, as of a file. */
static int
read_piece(void *arg, char *out, int size)
{
	struct parse *p = arg;
	size_t n = p->n < (size_t)size ? p->n : (size_t)size;

	memcpy(out, p->text, n);
	p->text += n;
	p->n -= n;
	return (int)n;
}

static int
run(xmlParserCtxtPtr ctxt, struct parse *p, bool piecewise)
{
	xmlParserInputBufferPtr in;
	xmlParserInputPtr input;

	in = piecewise ? xmlParserInputBufferCreateIO(read_piece, NULL, p,
	    XML_CHAR_ENCODING_NONE) : xmlParserInputBufferCreateMem(p->text,
	    (int)p->n, XML_CHAR_ENCODING_NONE);
	if (in == NULL)
		return -1;
	input = xmlNewIOInputStream(ctxt, in, XML_CHAR_ENCODING_NONE);
	if (input == NULL) {
		xmlFreeParserInputBuffer(in);
		return -1;
	}
	(void)inputPush(ctxt, input);
	return xmlParseDocument(ctxt) == 0 && ctxt->wellFormed &&
	    !p->refused ? 0 : -1;
}

static int
parse(const char *text, size_t n, bool piecewise, const struct xml_sink *sink,
    void *arg, struct xml_problem *problem)
{
	struct parse p = {
		.sink = sink, .arg = arg, .problem = problem, .text = text,
		.n = n,
	};
	xmlParserCtxtPtr ctxt;
	int rc;

	memset(problem, 0, sizeof(*problem));
	if (n == 0) {
		/* libxml2 takes no empty memory; its word for it */
		problem->line = 1;
		(void)snprintf(problem->message, sizeof(problem->message),
		    "Document is empty");
		memcpy(problem->context, "(null)", sizeof("(null)"));
		problem->pointer[0] = '^';
		return -1;
	}
	ctxt = xmlNewParserCtxt();
	if (ctxt == NULL)
		return -1;
	/* Entities: the five of XML, since there is no document type. */
	(void)xmlCtxtUseOptions(ctxt,
	    XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOENT);
	memset(ctxt->sax, 0, sizeof(*ctxt->sax));
	ctxt->sax->initialized = XML_SAX2_MAGIC;
	ctxt->sax->startElementNs = on_start;
	ctxt->sax->endElementNs = on_end;
	ctxt->sax->characters = on_text;
	ctxt->sax->cdataBlock = on_cdata;
	ctxt->sax->comment = on_comment;
	ctxt->sax->processingInstruction = on_pi;
	ctxt->sax->internalSubset = on_doctype;
	ctxt->sax->serror = on_error;
	ctxt->_private = &p;
	rc = run(ctxt, &p, piecewise);
	xmlFreeParserCtxt(ctxt);
	free(p.scratch);
	return rc;
}

/* The reason is in what we answer; libxml2 shall not print it. */
static void
on_xpath_error(void *arg, xmlErrorPtr e)
{
	(void)arg;
	(void)e;
}

static bool
write_node(xmlDocPtr doc, xmlNodePtr node, xml_write *write, void *arg)
{
	xmlBufferPtr buf = xmlBufferCreate();
	bool ok = buf != NULL && xmlNodeDump(buf, doc, node, 0, 1) >= 0 &&
	    write(arg, (const char *)xmlBufferContent(buf),
	    (size_t)xmlBufferLength(buf)) && write(arg, "\n", 1);

	if (buf != NULL)
		xmlBufferFree(buf);
	return ok;
}

static int
xpath(const char *text, size_t n, const char *expression, bool wrap,
    xml_write *write, void *arg, struct xml_problem *problem)
{
	xmlDocPtr doc, wrapped = NULL;
	xmlXPathContextPtr ctxt = NULL;
	xmlXPathObjectPtr obj = NULL;
	xmlNodePtr root;
	int rc = -1;

	memset(problem, 0, sizeof(*problem));
	/* Without its layout a node is written with one of its own. */
	doc = xmlReadMemory(text, (int)n, NULL, NULL, XML_PARSE_NONET |
	    XML_PARSE_NOBLANKS | XML_PARSE_NOWARNING | XML_PARSE_NOERROR);
	if (doc == NULL)
		goto out;
	ctxt = xmlXPathNewContext(doc);
	if (ctxt == NULL)
		goto out;
	ctxt->error = on_xpath_error;
	obj = xmlXPathEvalExpression((const xmlChar *)expression, ctxt);
	if (obj == NULL || obj->type != XPATH_NODESET) {
		(void)snprintf(problem->message, sizeof(problem->message),
		    "Incorrect xpath '%s'", expression);
		rc = -2;
		goto out;
	}
	rc = obj->nodesetval == NULL ? 0 : obj->nodesetval->nodeNr;
	if (wrap) {
		wrapped = xmlNewDoc(NULL);
		root = xmlNewNode(NULL, (const xmlChar *)"nodes");
		if (wrapped == NULL || root == NULL) {
			rc = -1;
			goto out;
		}
		(void)xmlDocSetRootElement(wrapped, root);
		for (int i = 0; i < rc; i++) {
			xmlNodePtr copy = xmlDocCopyNode(
			    obj->nodesetval->nodeTab[i], wrapped, 1);

			if (copy == NULL ||
			    xmlAddChild(root, copy) == NULL) {
				rc = -1;
				goto out;
			}
		}
		if (!write_node(wrapped, root, write, arg))
			rc = -1;
		goto out;
	}
	for (int i = 0; i < rc; i++) {
		if (!write_node(doc, obj->nodesetval->nodeTab[i], write,
		    arg)) {
			rc = -1;
			break;
		}
	}
out:
	xmlXPathFreeObject(obj);
	xmlXPathFreeContext(ctxt);
	if (wrapped != NULL)
		xmlFreeDoc(wrapped);
	if (doc != NULL)
		xmlFreeDoc(doc);
	return rc;
}

__attribute__((visibility("default"))) const struct xml_module xml_module = {
	.parse = parse,
	.xpath = xpath,
};
