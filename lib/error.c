/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reason of a failure, as a value. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xvm-calls.h"

struct error_text {
	int code;
	const char *bare;	/* the message without a detail */
	const char *format;	/* with one, NULL: "bare: %s" */
};

static const struct error_text texts[] = {
#define PLAIN(code, text) { XVM_##code, text, NULL },
#define OTHER(code, text, format) { XVM_##code, text, format },
#include "error_texts.def"
#undef PLAIN
#undef OTHER
};

static char nomem_text[] = "out of memory";

static const struct error_text *
text_of(int code)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].code == code)
			return &texts[i];
	}
	return NULL;
}

static void
free_text(char *s)
{
	if (s != nomem_text)
		free(s);
}

/* The format of a code's message with a detail; the caller frees it. */
static char *
detail_format(const struct error_text *text)
{
	char *s;

	if (text == NULL)
		return strdup("%s");
	if (text->format != NULL)
		return strdup(text->format);
	if (asprintf(&s, "%s: %%s", text->bare) < 0)
		return NULL;
	return s;
}

/* Put detail where format has its one "%s"; the caller frees it. */
static char *
fill(const char *format, const char *detail)
{
	const char *at = strstr(format, "%s");
	char *s;

	if (at == NULL)
		return strdup(format);
	if (asprintf(&s, "%.*s%s%s", (int)(at - format), format, detail,
	    at + 2) < 0)
		return NULL;
	return s;
}

static void
set_detail(struct error *err, int domain, int code, char *detail)
{
	const struct error_text *text = text_of(code);

	error_release(err);
	err->code = code;
	err->domain = domain;
	err->level = XVM_ERR_ERROR;
	err->int1 = err->int2 = -1;
	if (detail != NULL) {
		err->str1 = detail_format(text);
		err->str2 = detail;
		if (err->str1 != NULL)
			err->message = fill(err->str1, detail);
	} else if (text != NULL) {
		err->str1 = strdup(text->bare);
		err->message = strdup(text->bare);
	} else {
		err->message = strdup("unknown error");
	}
	if (err->message == NULL)
		error_nomem(err);
}

int
error_set(struct error *err, int domain, int code, const char *fmt, ...)
{
	char *detail = NULL;
	va_list ap;
	int n = 0;

	if (fmt != NULL) {
		va_start(ap, fmt);
		n = vasprintf(&detail, fmt, ap);
		va_end(ap);
	}
	if (n < 0)
		return error_nomem(err);
	set_detail(err, domain, code, detail);
	return -1;
}

int
error_system(struct error *err, int domain, int errnum, const char *fmt, ...)
{
	char *what, *detail;
	char reason[128];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&what, fmt, ap);
	va_end(ap);
	if (n < 0)
		return error_nomem(err);
	n = asprintf(&detail, "%s: %s", what,
	    strerror_r(errnum, reason, sizeof(reason)));
	free(what);
	if (n < 0)
		return error_nomem(err);
	set_detail(err, domain, XVM_ERR_SYSTEM_ERROR, detail);
	err->int1 = errnum;
	return -1;
}

int
error_argument(struct error *err, int domain, const char *function,
    const char *argument, const char *fmt, ...)
{
	va_list ap;
	int n;

	error_release(err);
	err->code = XVM_ERR_INVALID_ARG;
	err->domain = domain;
	err->level = XVM_ERR_ERROR;
	va_start(ap, fmt);
	n = vasprintf(&err->message, fmt, ap);
	va_end(ap);
	err->str1 = strdup(function);
	err->str2 = strdup(argument);
	if (n < 0) {
		err->message = NULL;
		return error_nomem(err);
	}
	return -1;
}

int
error_nomem(struct error *err)
{
	error_release(err);
	err->code = XVM_ERR_NO_MEMORY;
	err->level = XVM_ERR_ERROR;
	err->message = nomem_text;
	err->int1 = err->int2 = -1;
	return -1;
}

int
error_api_domain(const char *api)
{
	static const char *const prefixes[] =
	    { "virDomain", "virConnect", "virNode" };

	/* libvirt's file of host functions says so too. */
	for (size_t i = 0; api != NULL &&
	    i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(api, prefixes[i], strlen(prefixes[i])) == 0)
			return XVM_FROM_DOMAIN;
	}
	return XVM_FROM_NONE;
}

int
error_unsupported(struct error *err, const char *api)
{
	return error_set(err, error_api_domain(api), XVM_ERR_NO_SUPPORT, "%s",
	    api);
}

void
error_release(struct error *err)
{
	free_text(err->message);
	free(err->str1);
	free(err->str2);
	free(err->str3);
	memset(err, 0, sizeof(*err));
}

void
error_move(struct error *dst, struct error *src)
{
	error_release(dst);
	*dst = *src;
	memset(src, 0, sizeof(*src));
}

static char *
copy_text(const char *s)
{
	return s == NULL ? NULL : strdup(s);
}

int
error_copy(struct error *dst, const struct error *src)
{
	error_release(dst);
	if (src->code == XVM_ERR_OK)
		return 0;
	dst->code = src->code;
	dst->domain = src->domain;
	dst->level = src->level;
	dst->int1 = src->int1;
	dst->int2 = src->int2;
	dst->message = copy_text(src->message);
	dst->str1 = copy_text(src->str1);
	dst->str2 = copy_text(src->str2);
	dst->str3 = copy_text(src->str3);
	if (dst->message == NULL)
		return error_nomem(dst);
	return 0;
}

static char **
wire_text(const char *s)
{
	char **p;

	if (s == NULL || (p = malloc(sizeof(*p))) == NULL)
		return NULL;
	if ((*p = strdup(s)) == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

void
error_to_wire(const struct error *err, struct xvm_error *wire_out)
{
	memset(wire_out, 0, sizeof(*wire_out));
	wire_out->code = err->code;
	wire_out->domain = err->domain;
	wire_out->level = err->level;
	wire_out->int1 = err->int1;
	wire_out->int2 = err->int2;
	wire_out->message = wire_text(err->message);
	wire_out->str1 = wire_text(err->str1);
	wire_out->str2 = wire_text(err->str2);
	wire_out->str3 = wire_text(err->str3);
}

void
error_from_wire(struct error *err, const struct xvm_error *wire)
{
	error_release(err);
	err->code = wire->code;
	if (err->code == XVM_ERR_OK)
		err->code = XVM_ERR_INTERNAL_ERROR;
	err->domain = wire->domain;
	err->level = wire->level;
	err->int1 = wire->int1;
	err->int2 = wire->int2;
	err->message = copy_text(wire->message ? *wire->message : "unknown error");
	err->str1 = copy_text(wire->str1 ? *wire->str1 : NULL);
	err->str2 = copy_text(wire->str2 ? *wire->str2 : NULL);
	err->str3 = copy_text(wire->str3 ? *wire->str3 : NULL);
	if (err->message == NULL)
		error_nomem(err);
}
