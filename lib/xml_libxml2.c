/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module that holds libxml2: parsing by SAX, and XPath. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
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

/* "prefix:name" in *space (freed by the caller), or name itself. */
static const char *
full_name(const xmlChar *name, const xmlChar *prefix, char *room, size_t size)
{
	if (prefix == NULL)
		return (const char *)name;
	(void)snprintf(room, size, "%s:%s", (const char *)prefix,
	    (const char *)name);
	return room;
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int n_ns, const xmlChar **ns, int n_attrs,
    int n_default, const xmlChar **attrs)
{
	struct parse *p = parse_of(ctx);
	const char *list[2 * (2 * ATTRS_MAX) + 1];
	char *held[2 * (2 * ATTRS_MAX)];
	size_t n = 0, n_held = 0;
	char room[512], key[512];
	bool ok = true;

	(void)uri;
	(void)n_default;
	if (n_ns > ATTRS_MAX || n_attrs > ATTRS_MAX) {
		(void)snprintf(p->problem->message,
		    sizeof(p->problem->message), "too many attributes");
		p->problem->line = xmlSAX2GetLineNumber(ctx);
		check(ctx, false);
		return;
	}
	for (int i = 0; i < n_ns; i++) {
		const xmlChar *pre = ns[2 * i], *href = ns[2 * i + 1];

		if (pre == NULL)
			(void)snprintf(key, sizeof(key), "xmlns");
		else
			(void)snprintf(key, sizeof(key), "xmlns:%s",
			    (const char *)pre);
		held[n_held] = strdup(key);
		list[n++] = held[n_held++];
		list[n++] = href == NULL ? "" : (const char *)href;
	}
	for (int i = 0; i < n_attrs; i++) {
		const xmlChar **a = &attrs[5 * i];

		held[n_held] = strdup(full_name(a[0], a[1], key, sizeof(key)));
		list[n++] = held[n_held++];
		held[n_held] = strndup((const char *)a[3],
		    (size_t)(a[4] - a[3]));
		list[n++] = held[n_held++];
	}
	list[n] = NULL;
	for (size_t i = 0; i < n_held; i++)
		ok = ok && held[i] != NULL;
	if (ok)
		ok = p->sink->start(p->arg,
		    full_name(name, prefix, room, sizeof(room)), list,
		    (unsigned int)xmlSAX2GetLineNumber(ctx));
	for (size_t i = 0; i < n_held; i++)
		free(held[i]);
	check(ctx, ok);
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
		check(ctx, p->sink->end(p->arg));
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

static int
parse(const char *text, size_t n, const struct xml_sink *sink, void *arg,
    struct xml_problem *problem)
{
	struct parse p = { sink, arg, problem, false };
	xmlParserCtxtPtr ctxt;
	xmlSAXHandler sax;
	int rc;

	memset(problem, 0, sizeof(*problem));
	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.characters = on_text;
	sax.cdataBlock = on_cdata;
	sax.comment = on_comment;
	sax.processingInstruction = on_pi;
	sax.internalSubset = on_doctype;
	sax.serror = on_error;
	ctxt = xmlNewParserCtxt();
	if (ctxt == NULL)
		return -1;
	/* Entities: the five of XML, since there is no document type. */
	(void)xmlCtxtUseOptions(ctxt,
	    XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOENT);
	if (n == 0) {
		/* libxml2 takes no empty memory; its word for it */
		problem->line = 1;
		(void)snprintf(problem->message, sizeof(problem->message),
		    "Document is empty");
		memcpy(problem->context, "(null)", sizeof("(null)"));
		problem->pointer[0] = '^';
		rc = -1;
	} else {
		xmlParserInputBufferPtr in = xmlParserInputBufferCreateMem(
		    text, (int)n, XML_CHAR_ENCODING_NONE);
		xmlParserInputPtr input = in == NULL ? NULL :
		    xmlNewIOInputStream(ctxt, in, XML_CHAR_ENCODING_NONE);

		if (input == NULL) {
			xmlFreeParserInputBuffer(in);
			rc = -1;
		} else {
			(void)inputPush(ctxt, input);
			*ctxt->sax = sax;
			ctxt->_private = &p;
			rc = xmlParseDocument(ctxt) == 0 && ctxt->wellFormed &&
			    !p.refused ? 0 : -1;
		}
	}
	xmlFreeParserCtxt(ctxt);
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
