/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of attributes and texts: checks, canonical spelling, typed reading. */
#include "domain_xml_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../number.h"
#include "../uuid.h"

static const char *const yes_no[] = {"yes", "no", NULL};
static const char *const on_off[] = {"on", "off", NULL};

int
refuse(struct rule_ctx *ctx, int code, const char *fmt, ...)
{
	va_list ap;
	char *detail;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&detail, fmt, ap);
	va_end(ap);
	if (n < 0)
		return error_nomem(ctx->err);
	(void)error_set(ctx->err, ctx->from, code, "%s", detail);
	free(detail);
	return -1;
}

int
refuse_silently(struct rule_ctx *ctx)
{
	char *text = strdup("An error occurred, but the cause is unknown");

	(void)error_set(ctx->err, XVM_FROM_NONE, XVM_ERR_INTERNAL_ERROR, NULL);
	if (text == NULL)
		return error_nomem(ctx->err);
	free(ctx->err->message);
	ctx->err->message = text;
	return -1;
}

int
refuse_missing(struct rule_ctx *ctx, const struct node *node, const char *name)
{
	return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
	    "Missing required attribute '%s' in element '%s'", name,
	    node->name);
}

static int
refuse_text(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *value, const char *tail)
{
	return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
	    "Invalid value for attribute '%s' in element '%s': '%s'.%s", name,
	    node->name, value, tail);
}

static int
refuse_zero(struct rule_ctx *ctx, const struct node *node, const char *name)
{
	return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
	    "Invalid value for attribute '%s' in element '%s': "
	    "Zero is not permitted",
	    name, node->name);
}

int
refuse_value(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *tail)
{
	return refuse_text(ctx, node, name, node_attr(node, name), tail);
}

int
enum_index(const char *const *values, const char *value)
{
	for (int i = 0; value != NULL && values[i] != NULL; i++) {
		if (values[i][0] == value[0] && strcmp(values[i], value) == 0)
			return i;
	}
	return -1;
}

static int
base_of(unsigned int flags)
{
	if ((flags & VALUE_BASE16) != 0)
		return 16;
	return (flags & VALUE_BASE0) != 0 ? 0 : 10;
}

/* Unsigned, up to max; VALUE_WRAP reads "-1" as max. */
static int
read_unsigned(const char *s, unsigned int flags, uint64_t max, uint64_t *out)
{
	uint64_t n;
	int64_t i;

	if ((flags & VALUE_WRAP) != 0 && strchr(s, '-') != NULL) {
		if (number_i64(s, base_of(flags), &i) != 0 ||
		    (max < UINT64_MAX && i < -(int64_t)max))
			return -1;
		*out = (uint64_t)i & max;
		return 0;
	}
	if (number_u64(s, base_of(flags), &n) != 0 || n > max)
		return -1;
	*out = n;
	return 0;
}

/* A number that is written as it would be written. */
static bool
is_plain(const char *s, const struct rule_attr *rule)
{
	size_t n = strspn(s, "0123456789");

	if ((rule->flags & VALUE_BASE16) != 0 || rule->hex != 0)
		return false;
	return n > 0 && n < 10 && s[n] == '\0' && (s[0] != '0' || n == 1);
}

enum read {
	READ_OK,
	READ_BAD,
	READ_NEGATIVE,
};

/* Parse a number by its kind and spell it; *zero_out tells whether it is 0. */
static enum read
spell_number(struct doc *doc, const struct rule_attr *rule, const char **value,
    bool *zero_out)
{
	char text[40];
	uint64_t u;
	int64_t i;

	if (is_plain(*value, rule)) {
		*zero_out = (*value)[0] == '0';
		return READ_OK;
	}
	if (rule->kind == VALUE_INT || rule->kind == VALUE_LL) {
		if (number_i64(*value, base_of(rule->flags), &i) != 0 ||
		    (rule->kind == VALUE_INT &&
			(i < INT32_MIN || i > INT32_MAX)))
			return READ_BAD;
		if (i < 0 && (rule->flags & VALUE_NONNEGATIVE) != 0)
			return READ_NEGATIVE;
		*zero_out = i == 0;
		(void)snprintf(text, sizeof(text), "%lld", (long long)i);
		u = (uint64_t)i;
	} else {
		if (read_unsigned(*value, rule->flags,
			rule->kind == VALUE_UINT ? UINT32_MAX : UINT64_MAX,
			&u) != 0)
			return READ_BAD;
		*zero_out = u == 0;
		(void)snprintf(
		    text, sizeof(text), "%llu", (unsigned long long)u);
	}
	if (rule->hex != 0)
		(void)snprintf(text, sizeof(text), "0x%0*llx", (int)rule->hex,
		    (unsigned long long)u);
	if (strcmp(text, *value) != 0 &&
	    (*value = doc_strdup(doc, text)) == NULL)
		*value = "";
	return READ_OK;
}

/* The error in the rule's own words. */
static int
refuse_words(
    struct rule_ctx *ctx, const struct rule_attr *rule, const char *value)
{
	const char *at = strstr(rule->words, "%s");
	int code = rule->code == 0 ? XVM_ERR_XML_ERROR : rule->code;

	if (at == NULL)
		return refuse(ctx, code, "%s", rule->words);
	return refuse(ctx, code, "%.*s%s%s", (int)(at - rule->words),
	    rule->words, value, at + 2);
}

static int
check_number(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char **value)
{
	const char *tail = " Expected non-negative integer value";
	bool zero = false;
	enum read rc = spell_number(ctx->doc, rule, value, &zero);

	if (rc == READ_OK && zero && (rule->flags & VALUE_NONZERO) != 0)
		return rule->words != NULL ? refuse_words(ctx, rule, *value)
					   : refuse_zero(ctx, node, rule->name);
	if (rc == READ_OK)
		return !zero || (rule->flags & VALUE_DROP_ZERO) == 0;
	if (rule->words != NULL)
		return refuse_words(ctx, rule, *value);
	if (rc == READ_NEGATIVE)
		tail = " Expected non-negative value";
	else if (rule->kind == VALUE_INT)
		tail = " Expected integer value";
	else if (rule->kind == VALUE_LL)
		tail = " Expected long long integer value";
	return refuse_text(ctx, node, rule->name, *value, tail);
}

static int
check_enum(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char *const *values, unsigned int flags,
    const char *value)
{
	int i = enum_index(values, value);

	if (i < 0 || (i == 0 && (flags & VALUE_NONZERO) != 0))
		return rule->words != NULL
			   ? refuse_words(ctx, rule, value)
			   : refuse_text(ctx, node, rule->name, value, "");
	return i != 0 || (flags & VALUE_DROP_ZERO) == 0;
}

static int
check_uuid(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char **value)
{
	unsigned char uuid[UUID_SIZE];
	char text[UUID_TEXT_SIZE];

	if (uuid_parse(*value, uuid) != 0)
		return rule->words != NULL ? refuse_words(ctx, rule, *value)
					   : refuse_text(ctx, node, rule->name,
						 *value, " Expected UUID");
	if (strcmp(uuid_format(uuid, text), *value) != 0 &&
	    (*value = doc_strdup(ctx->doc, text)) == NULL)
		*value = "";
	return 1;
}

int
value_check(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char **value)
{
	int rc = 1;

	if ((*value)[0] == '\0' && (rule->flags & VALUE_DROP_EMPTY) != 0) {
		if ((rule->flags & VALUE_REQUIRED) != 0)
			return refuse_missing(ctx, node, rule->name);
		return 0;
	}
	switch (rule->kind) {
	case VALUE_ANY:
		break;
	case VALUE_ENUM:
		rc = check_enum(
		    ctx, node, rule, rule->values, rule->flags, *value);
		break;
	case VALUE_YES_NO:
		rc = check_enum(ctx, node, rule, yes_no, 0, *value);
		break;
	case VALUE_ON_OFF:
		rc = check_enum(ctx, node, rule, on_off, 0, *value);
		break;
	case VALUE_UUID:
		rc = check_uuid(ctx, node, rule, value);
		break;
	default:
		rc = check_number(ctx, node, rule, value);
		break;
	}
	if (rc > 0 && (rule->flags & VALUE_DROP) != 0)
		return 0;
	return rc;
}

/* Common to the typed readers: the value as canonical text. */
static int
read_attr(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char **value)
{
	*value = node_attr(node, rule->name);
	if (*value == NULL)
		return (rule->flags & VALUE_REQUIRED) == 0
			   ? 0
			   : refuse_missing(ctx, node, rule->name);
	if ((*value)[0] == '\0' && (rule->flags & VALUE_DROP_EMPTY) != 0)
		return 0;
	return value_check(ctx, node, rule, value) < 0 ? -1 : 1;
}

int
attr_u64(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, uint64_t *out)
{
	const struct rule_attr rule = {
	    .name = name,
	    .kind = VALUE_ULL,
	    .flags = flags,
	};
	const char *value;
	int rc = read_attr(ctx, node, &rule, &value);

	return rc == 1 && number_u64(value, 10, out) != 0 ? -1 : rc;
}

int
attr_u32(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, uint32_t *out)
{
	const struct rule_attr rule = {
	    .name = name,
	    .kind = VALUE_UINT,
	    .flags = flags,
	};
	const char *value;
	int rc = read_attr(ctx, node, &rule, &value);

	return rc == 1 && number_u32(value, 10, out) != 0 ? -1 : rc;
}

int
attr_i32(struct rule_ctx *ctx, const struct node *node, const char *name,
    unsigned int flags, int32_t *out)
{
	const struct rule_attr rule = {
	    .name = name,
	    .kind = VALUE_INT,
	    .flags = flags,
	};
	const char *value;
	int rc = read_attr(ctx, node, &rule, &value);

	return rc == 1 && number_i32(value, 10, out) != 0 ? -1 : rc;
}

int
attr_enum(struct rule_ctx *ctx, const struct node *node, const char *name,
    const char *const *values, unsigned int flags, int *out)
{
	const struct rule_attr rule = {
	    .name = name,
	    .kind = VALUE_ENUM,
	    .flags = flags,
	    .values = values,
	};
	const char *value;
	int rc = read_attr(ctx, node, &rule, &value);

	*out = rc == 1 ? enum_index(values, value) : -1;
	return rc;
}
