/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connection URIs, parsed strictly. */
#include "uri.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "number.h"

static int
refuse(struct error *err, const char *text, const char *what)
{
	return error_set(err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
	    "URI '%.200s': %s", text, what);
}

/* It is no URI at all. */
static int
malformed(struct error *err, const char *text)
{
	return error_set(err, XVM_FROM_URI, XVM_ERR_INTERNAL_ERROR,
	    "Unable to parse URI %.200s", text);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * The n bytes at s with %XX decoded; NULL on bad escapes, control characters
 * and when out of memory.
 */
static char *
decode(const char *s, size_t n)
{
	char *out = malloc(n + 1), *p = out;

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '%') {
			if (n - i < 3 || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				goto bad;
			c = (unsigned char)(hex(s[i + 1]) << 4 | hex(s[i + 2]));
			i += 2;
		}
		if (c < 0x20 || c == 0x7f)
			goto bad;
		*p++ = (char)c;
	}
	*p = '\0';
	return out;
bad:
	free(out);
	return NULL;
}

/* A word that goes into an argument vector: no option, no shell's characters. */
static bool
plain_word(const char *s)
{
	return s[0] != '\0' && s[0] != '-' &&
	    strpbrk(s, " \t'\"`$\\|&;<>()*?[]{}!#~^") == NULL;
}

static int
parse_params(const char *s, struct uri *uri, struct error *err)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "&;"), eq = strcspn(s, "=");
		struct uri_param *p;

		if (n > 0) {
			p = reallocarray(uri->params, uri->n_params + 1,
			    sizeof(*p));
			if (p == NULL)
				return error_nomem(err);
			uri->params = p;
			if (uri->n_params == URI_PARAMS_MAX)
				return refuse(err, uri->text,
				    "too many parameters");
			p += uri->n_params++;
			if (eq > n)
				eq = n;
			p->name = decode(s, eq);
			p->value = eq < n ? decode(s + eq + 1, n - eq - 1) :
			    strdup("");
			if (p->name == NULL || p->value == NULL)
				return refuse(err, uri->text,
				    "malformed parameter");
		}
		s += n;
		if (*s != '\0')
			s++;
	}
	return 0;
}

/* [user@]host[:port], n bytes. */
static int
parse_authority(const char *s, size_t n, struct uri *uri, struct error *err)
{
	const char *at = memrchr(s, '@', n), *colon;
	bool literal = false;	/* an IPv6 address, in brackets */
	char *port;
	uint32_t number;

	if (at != NULL) {
		uri->user = decode(s, (size_t)(at - s));
		if (uri->user == NULL || !plain_word(uri->user))
			return refuse(err, uri->text, "malformed user name");
		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	if (n == 0) {
		return 0;
	}
	if (*s == '[') {
		const char *end = memchr(s, ']', n);

		if (end == NULL || (end + 1 < s + n && end[1] != ':'))
			return malformed(err, uri->text);
		literal = true;
		uri->host = decode(s + 1, (size_t)(end - s - 1));
		colon = end + 1 < s + n ? end + 1 : NULL;
	} else {
		colon = memchr(s, ':', n);
		uri->host = decode(s, colon ? (size_t)(colon - s) : n);
	}
	if (uri->host == NULL || uri->host[0] == '-' || uri->host[0] == '\0' ||
	    uri->host[strspn(uri->host, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:%")] != '\0' ||
	    (strchr(uri->host, ':') != NULL) != literal)
		return refuse(err, uri->text, "malformed host name");
	if (colon == NULL || colon + 1 == s + n)
		return 0;
	port = strndup(colon + 1, (size_t)(s + n - colon - 1));
	if (port == NULL)
		return error_nomem(err);
	if (!isdigit((unsigned char)port[0]) ||
	    number_u32(port, 10, &number) != 0 || number == 0 ||
	    number > 65535) {
		free(port);
		return malformed(err, uri->text);
	}
	free(port);
	uri->port = (int)number;
	return 0;
}

static int
parse_scheme(const char *s, size_t n, struct uri *uri, struct error *err)
{
	const char *plus = memchr(s, '+', n);

	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s[i]) && s[i] != '+' &&
		    s[i] != '-' && s[i] != '.')
			return malformed(err, uri->text);
	}
	if (n == 0 || !isalpha((unsigned char)s[0]))
		return malformed(err, uri->text);
	uri->driver = strndup(s, plus ? (size_t)(plus - s) : n);
	if (uri->driver == NULL)
		return error_nomem(err);
	if (plus == NULL)
		return 0;
	uri->transport = strndup(plus + 1, (size_t)(s + n - plus - 1));
	if (uri->transport == NULL)
		return error_nomem(err);
	return 0;
}

static int
parse(struct uri *uri, struct error *err)
{
	const char *s = uri->text, *colon, *query, *end;
	size_t n;

	for (const char *c = s; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return refuse(err, s, "control character");
	}
	if (s[strcspn(s, " <>\"\\^`{|}")] != '\0')
		return malformed(err, s);
	colon = strchr(s, ':');
	if (colon == NULL)
		return error_set(err, XVM_FROM_NONE, XVM_ERR_NO_CONNECT,
		    "URI '%.200s' does not include a driver name", s);
	if (parse_scheme(s, (size_t)(colon - s), uri, err) != 0)
		return -1;
	s = colon + 1;
	end = strchr(s, '#');
	if (end == NULL)
		end = s + strlen(s);
	query = memchr(s, '?', (size_t)(end - s));
	if (strncmp(s, "//", 2) == 0) {
		s += 2;
		n = strcspn(s, "/?#");
		if (parse_authority(s, n, uri, err) != 0)
			return -1;
		s += n;
	}
	n = (size_t)((query ? query : end) - s);
	uri->path = decode(s, n);
	if (uri->path == NULL)
		return malformed(err, uri->text);
	if (query != NULL) {
		char *params = strndup(query + 1, (size_t)(end - query - 1));
		int rc;

		if (params == NULL)
			return error_nomem(err);
		rc = parse_params(params, uri, err);
		free(params);
		return rc;
	}
	return 0;
}

/* No option (numbers below 0 are none) and nothing that a shell would run. */
static bool
harmless(const char *s)
{
	return (s[0] != '-' || isdigit((unsigned char)s[1])) &&
	    strpbrk(s, "'\"`$\\|&;<>") == NULL;
}

/*
 * What goes to another host goes through argument vectors, and is quoted where
 * a shell reads it; what looks like an attempt does not get so far.
 */
static int
check_words(const struct uri *uri, struct error *err)
{
	if (uri->transport == NULL)
		return 0;
	if (!harmless(uri->path))
		return refuse(err, uri->text,
		    "an option or shell words as its path");
	for (size_t i = 0; i < uri->n_params; i++) {
		if (!harmless(uri->params[i].value))
			return refuse(err, uri->text,
			    "an option or shell words as a parameter");
	}
	return 0;
}

int
uri_parse(const char *text, struct uri *uri, struct error *err)
{
	memset(uri, 0, sizeof(*uri));
	if (strlen(text) > URI_LENGTH_MAX)
		return refuse(err, text, "too long");
	uri->text = strdup(text);
	if (uri->text == NULL)
		return error_nomem(err);
	if (parse(uri, err) != 0 || check_words(uri, err) != 0) {
		uri_release(uri);
		return -1;
	}
	return 0;
}

void
uri_release(struct uri *uri)
{
	for (size_t i = 0; i < uri->n_params; i++) {
		free(uri->params[i].name);
		free(uri->params[i].value);
	}
	free(uri->params);
	free(uri->text);
	free(uri->driver);
	free(uri->transport);
	free(uri->user);
	free(uri->host);
	free(uri->path);
	memset(uri, 0, sizeof(*uri));
}

const char *
uri_param(const struct uri *uri, const char *name)
{
	for (size_t i = 0; i < uri->n_params; i++) {
		if (strcmp(uri->params[i].name, name) == 0)
			return uri->params[i].value;
	}
	return NULL;
}

/* Encode what may not stand in that part as it is. */
static void
add_encoded(struct buf *out, const char *s, const char *plain)
{
	for (; *s != '\0'; s++) {
		if (isalnum((unsigned char)*s) || strchr(plain, *s) != NULL)
			buf_putc(out, *s);
		else
			buf_printf(out, "%%%02X", (unsigned char)*s);
	}
}

char *
uri_format(const struct uri *uri)
{
	struct buf out = BUF_INIT;
	const char *fragment;

	buf_puts(&out, uri->driver);
	if (uri->transport != NULL)
		buf_printf(&out, "+%s", uri->transport);
	/* A path that is not absolute stands behind no host. */
	buf_puts(&out, uri->host == NULL && uri->user == NULL &&
	    uri->path[0] != '/' && uri->path[0] != '\0' ? ":" : "://");
	if (uri->user != NULL) {
		add_encoded(&out, uri->user, "-_.!~*'();:&=+$,");
		buf_putc(&out, '@');
	}
	if (uri->host != NULL) {
		bool ipv6 = strchr(uri->host, ':') != NULL;

		if (ipv6)
			buf_putc(&out, '[');
		add_encoded(&out, uri->host, "-._~:");
		if (ipv6)
			buf_putc(&out, ']');
	}
	if (uri->port != 0)
		buf_printf(&out, ":%d", uri->port);
	add_encoded(&out, uri->path, "-_.!~*'()/:@&=+$,;");
	for (size_t i = 0; i < uri->n_params; i++) {
		buf_putc(&out, i == 0 ? '?' : '&');
		add_encoded(&out, uri->params[i].name, "-_.!~*'()");
		buf_putc(&out, '=');
		add_encoded(&out, uri->params[i].value, "-_.!~*'()/:@,$");
	}
	fragment = uri->text == NULL ? NULL : strchr(uri->text, '#');
	if (fragment != NULL)
		buf_puts(&out, fragment);
	return buf_detach(&out);
}

bool
uri_is_remote(const struct uri *uri)
{
	return uri->transport != NULL || uri->host != NULL;
}
