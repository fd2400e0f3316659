/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One field between its text in xl.cfg and libxl's structure. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mac.h"
#include "native_table.h"
#include "number.h"

static int
refuse(struct error *err, const struct native_key *key, const char *text)
{
	return error_set(err, XVM_FROM_CONF, XVM_ERR_CONF_SYNTAX,
	    "'%s' is not a value of %s", text, key->name);
}

static int
set_string(char **field, const char *text, struct error *err)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return error_nomem(err);
	free(*field);
	*field = copy;
	return 0;
}

static int
set_enum(const struct native_key *key, void *field, const char *text,
    struct error *err)
{
	const libxl_enum_string_table *e = key->names;
	int32_t n;
	bool number = number_i32(text, 0, &n) == 0;

	while (e->s != NULL && (number ? e->v != n : strcmp(e->s, text) != 0))
		e++;
	if (e->s == NULL)
		return refuse(err, key, text);
	memcpy(field, &e->v, sizeof(e->v));
	return 0;
}

static int
set_mac(const struct native_key *key, uint8_t *mac, const char *text,
    struct error *err)
{
	return mac_parse(text, mac) == 0 ? 0 : refuse(err, key, text);
}

int
native_set(const struct native_key *key, void *base, const char *text,
    struct error *err)
{
	void *field = (char *)base + key->offset;
	int64_t n = 0;
	bool number = number_i64(text, 0, &n) == 0;

	switch (key->kind) {
	case NATIVE_STRING:
		return set_string(field, text, err);
	case NATIVE_ENUM:
		return set_enum(key, field, text, err);
	case NATIVE_MAC:
		return set_mac(key, field, text, err);
	case NATIVE_BOOL:
		if (number)
			libxl_defbool_set(field, n != 0);
		break;
	case NATIVE_INT:
		number = number && n >= INT32_MIN && n <= INT32_MAX;
		if (number)
			*(int32_t *)field = (int32_t)n;
		break;
	case NATIVE_BYTE:
		number = number && n >= 0 && n <= UINT8_MAX;
		if (number)
			*(uint8_t *)field = (uint8_t)n;
		break;
	case NATIVE_MIB:
		number = number && n >= 0 && n <= INT64_MAX / 1024;
		if (number)
			*(uint64_t *)field = (uint64_t)n * 1024;
		break;
	case NATIVE_STRINGS:
		number = false;
		break;
	}
	return number ? 0 : refuse(err, key, text);
}

static char *print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static char *
print(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : text;
}

static char *
get_int(const struct native_key *key, int64_t n)
{
	return n == key->unsaid ? NULL : print("%lld", (long long)n);
}

char *
native_get(const struct native_key *key, const void *base)
{
	const void *field = (const char *)base + key->offset;
	const libxl_enum_string_table *e = key->names;
	const uint8_t *mac = field;
	char mac_text[MAC_TEXT_SIZE];
	uint64_t kib;

	switch (key->kind) {
	case NATIVE_STRING:
		return *(char *const *)field == NULL
			   ? NULL
			   : strdup(*(char *const *)field);
	case NATIVE_BOOL:
		return libxl_defbool_is_default(*(const libxl_defbool *)field)
			   ? NULL
			   : print("%d", libxl_defbool_val(
					     *(const libxl_defbool *)field));
	case NATIVE_INT:
		return get_int(key, *(const int32_t *)field);
	case NATIVE_BYTE:
		return get_int(key, mac[0]);
	case NATIVE_MIB:
		kib = *(const uint64_t *)field;
		return kib == LIBXL_MEMKB_DEFAULT
			   ? NULL
			   : print("%llu", (unsigned long long)kib / 1024);
	case NATIVE_ENUM:
		while (e->s != NULL && e->v != *(const int *)field)
			e++;
		return e->s == NULL || e->v == key->unsaid ? NULL
							   : strdup(e->s);
	case NATIVE_MAC:
		return (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) ==
			       0
			   ? NULL
			   : strdup(mac_format(mac, mac_text));
	case NATIVE_STRINGS:
		break;
	}
	return NULL;
}

int
native_set_pairs(const struct native_key *keys, void *base, const char *text,
    struct error *err)
{
	while (*(text += strspn(text, " \t,")) != '\0') {
		const struct native_key *k = keys;
		size_t n = strcspn(text, ","), name = strcspn(text, "=,");
		char *value;
		int rc;

		while (
		    k->name != NULL && (strlen(k->name) != name ||
					   strncmp(k->name, text, name) != 0))
			k++;
		if (k->name == NULL || text[name] != '=')
			return error_set(err, XVM_FROM_CONF,
			    XVM_ERR_CONF_SYNTAX, "unknown part '%.*s'", (int)n,
			    text);
		value = strndup(text + name + 1, n - name - 1);
		if (value == NULL)
			return error_nomem(err);
		rc = native_set(k, base, value, err);
		free(value);
		if (rc != 0)
			return -1;
		text += n;
	}
	return 0;
}

int
native_get_pairs(const struct native_key *keys, const void *base,
    struct buf *out, struct error *err)
{
	for (; keys->name != NULL; keys++) {
		char *value = native_get(keys, base);
		int rc = 0;

		if (value == NULL)
			continue;
		if (strchr(value, ',') != NULL)
			rc = error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_CONFIG_UNSUPPORTED,
			    "%s '%s' has a comma, which xl.cfg cannot express "
			    "there",
			    keys->name, value);
		else
			buf_printf(out, "%s%s=%s", out->len > 0 ? "," : "",
			    keys->name, value);
		free(value);
		if (rc != 0)
			return -1;
	}
	return 0;
}

void
native_quote(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			buf_puts(out, "\\n");
			continue;
		}
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

void
native_list_add(struct buf *out, const char *text)
{
	if (out->len > 0)
		buf_puts(out, ", ");
	native_quote(out, text);
}

void
native_list_put(struct buf *out, const char *name, struct buf *list)
{
	if (list->len > 0)
		buf_printf(out, "%s = [ %s ]\n", name, buf_str(list));
	if (list->failed)
		out->failed = true;
	buf_release(list);
}
