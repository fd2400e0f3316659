/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of typed parameters: making, reading, checking, as text. */
#include "typed_param.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "number.h"

#define PARAMS_FIRST 4

static const char *const type_names[] = {
	"unknown", "int", "uint", "llong", "ullong", "double", "boolean",
	"string",
};

#define N_TYPES (sizeof(type_names) / sizeof(type_names[0]))

/* A value's member, without rpcgen's long name. */
#define VAL(param) ((param)->value.xvm_typed_value_u)

const char *
param_type_name(int type)
{
	if (type <= 0 || (size_t)type >= N_TYPES)
		return type_names[0];
	return type_names[type];
}

/* A zeroed new last one; NULL when out of memory, now or earlier. */
static struct xvm_typed_param *
append(struct params *p, const char *name, int type)
{
	struct xvm_typed_param *param;

	if (p->failed)
		return NULL;
	if (p->n == p->size) {
		unsigned int size = p->size ? 2 * p->size : PARAMS_FIRST;

		param = reallocarray(p->v, size, sizeof(*param));
		if (param == NULL) {
			p->failed = true;
			return NULL;
		}
		p->v = param;
		p->size = size;
	}
	param = &p->v[p->n];
	memset(param, 0, sizeof(*param));
	param->field = strdup(name);
	if (param->field == NULL) {
		p->failed = true;
		return NULL;
	}
	param->value.type = type;
	p->n++;
	return param;
}

void
params_truncate(struct params *p, unsigned int n)
{
	while (p->n > n) {
		struct xvm_typed_param *param = &p->v[--p->n];

		free(param->field);
		if (param->value.type == XVM_TYPED_STRING)
			free(VAL(param).s);
	}
}

void
params_release(struct params *p)
{
	params_truncate(p, 0);
	free(p->v);
	memset(p, 0, sizeof(*p));
}

#define DEFINE_ADD(word, ctype, TYPE, member) \
void \
params_add_##word(struct params *p, const char *name, ctype value) \
{ \
	struct xvm_typed_param *param = append(p, name, XVM_TYPED_##TYPE); \
\
	if (param != NULL) \
		VAL(param).member = value; \
}

DEFINE_ADD(int, int, INT, i)
DEFINE_ADD(uint, unsigned int, UINT, ui)
DEFINE_ADD(llong, int64_t, LLONG, l)
DEFINE_ADD(ullong, uint64_t, ULLONG, ul)
DEFINE_ADD(double, double, DOUBLE, d)
DEFINE_ADD(boolean, bool, BOOLEAN, b)
#undef DEFINE_ADD

void
params_add_string(struct params *p, const char *name, const char *value)
{
	struct xvm_typed_param *param = append(p, name, XVM_TYPED_STRING);

	if (param == NULL)
		return;
	VAL(param).s = strdup(value != NULL ? value : "");
	if (VAL(param).s == NULL)
		p->failed = true;
}

void
params_add(struct params *p, const struct xvm_typed_param *param)
{
	struct xvm_typed_param *copy;

	if (param->value.type == XVM_TYPED_STRING) {
		params_add_string(p, param->field, VAL(param).s);
		return;
	}
	copy = append(p, param->field, param->value.type);
	if (copy != NULL)
		VAL(copy) = VAL(param);
}

static int
bad_text(struct error *err, const char *name, const char *expected)
{
	return error_set(err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
	    "Invalid value for field '%s': expected %s", name, expected);
}

/* As libvirt reads it: a minus sign wraps around. */
static int
text_to_uint(const char *text, unsigned int *out)
{
	uint64_t wide;

	if (number_u64_wrap(text, 10, &wide) != 0 ||
	    (wide > UINT32_MAX && -wide > UINT32_MAX))
		return -1;
	*out = (unsigned int)wide;
	return 0;
}

int
params_add_text(struct params *p, const char *name, int type,
    const char *text, struct error *err)
{
	unsigned int ui;
	uint64_t ul;
	int32_t i;
	int64_t l;
	double d;

	switch (type) {
	case XVM_TYPED_INT:
		if (number_i32(text, 10, &i) != 0)
			return bad_text(err, name, "int");
		params_add_int(p, name, i);
		break;
	case XVM_TYPED_UINT:
		if (text_to_uint(text, &ui) != 0)
			return bad_text(err, name, "unsigned int");
		params_add_uint(p, name, ui);
		break;
	case XVM_TYPED_LLONG:
		if (number_i64(text, 10, &l) != 0)
			return bad_text(err, name, "long long");
		params_add_llong(p, name, l);
		break;
	case XVM_TYPED_ULLONG:
		if (number_u64_wrap(text, 10, &ul) != 0)
			return bad_text(err, name, "unsigned long long");
		params_add_ullong(p, name, ul);
		break;
	case XVM_TYPED_DOUBLE:
		if (number_double(text, &d) != 0)
			return bad_text(err, name, "double");
		params_add_double(p, name, d);
		break;
	case XVM_TYPED_BOOLEAN:
		if (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0)
			params_add_boolean(p, name, true);
		else if (strcasecmp(text, "false") == 0 ||
		    strcmp(text, "0") == 0)
			params_add_boolean(p, name, false);
		else
			return error_set(err, XVM_FROM_NONE,
			    XVM_ERR_INVALID_ARG,
			    "Invalid boolean value for field '%s'", name);
		break;
	case XVM_TYPED_STRING:
		params_add_string(p, name, text);
		break;
	default:
		return error_set(err, XVM_FROM_NONE, XVM_ERR_INTERNAL_ERROR,
		    "unexpected type %d for field %s", type, name);
	}
	return 0;
}

int
params_detach(struct params *p, unsigned int *n_out,
    struct xvm_typed_param **v_out, struct error *err)
{
	*n_out = 0;
	*v_out = NULL;
	if (p->failed) {
		params_release(p);
		return error_nomem(err);
	}
	*n_out = p->n;
	*v_out = p->v;
	memset(p, 0, sizeof(*p));
	return 0;
}

const struct xvm_typed_param *
params_find(const struct xvm_typed_param *v, unsigned int n, const char *name)
{
	for (unsigned int i = 0; i < n; i++) {
		if (strcmp(v[i].field, name) == 0)
			return &v[i];
	}
	return NULL;
}

/* The parameter of a name and type; *rc_out is the reader's answer. */
static const struct xvm_typed_param *
find_typed(const struct xvm_typed_param *v, unsigned int n, const char *name,
    int type, int *rc_out, struct error *err)
{
	const struct xvm_typed_param *param = params_find(v, n, name);

	*rc_out = param != NULL;
	if (param != NULL && param->value.type != type) {
		*rc_out = error_set(err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "Invalid type '%s' requested for parameter '%s', "
		    "actual type is '%s'", param_type_name(type), name,
		    param_type_name(param->value.type));
		return NULL;
	}
	return param;
}

#define DEFINE_GET(word, ctype, TYPE, member) \
int \
params_get_##word(const struct xvm_typed_param *v, unsigned int n, \
    const char *name, ctype *out, struct error *err) \
{ \
	const struct xvm_typed_param *param; \
	int rc; \
\
	param = find_typed(v, n, name, XVM_TYPED_##TYPE, &rc, err); \
	if (param != NULL) \
		*out = VAL(param).member; \
	return rc; \
}

DEFINE_GET(int, int, INT, i)
DEFINE_GET(uint, unsigned int, UINT, ui)
DEFINE_GET(llong, int64_t, LLONG, l)
DEFINE_GET(ullong, uint64_t, ULLONG, ul)
DEFINE_GET(double, double, DOUBLE, d)
DEFINE_GET(boolean, bool, BOOLEAN, b)
DEFINE_GET(string, const char *, STRING, s)
#undef DEFINE_GET

static int
compare_fields(const void *a, const void *b)
{
	const struct xvm_typed_param *const *x = a, *const *y = b;

	return strcmp((*x)->field, (*y)->field);
}

static const struct param_rule *
find_rule(const struct param_rule *rules, const char *name)
{
	for (; rules->name != NULL; rules++) {
		if (strcmp(rules->name, name) == 0)
			return rules;
	}
	return NULL;
}

/* One parameter against its rule; prev is the one before it in order. */
static int
check_one(const struct xvm_typed_param *param,
    const struct xvm_typed_param *prev, const struct param_rule *rule,
    struct error *err)
{
	if (rule == NULL)
		return error_set(err, XVM_FROM_NONE,
		    XVM_ERR_ARGUMENT_UNSUPPORTED,
		    "parameter '%s' not supported", param->field);
	if (prev != NULL && strcmp(prev->field, param->field) == 0 &&
	    !rule->multiple)
		return error_set(err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "parameter '%s' occurs multiple times", param->field);
	if (param->value.type != rule->type)
		return error_set(err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "invalid type '%s' for parameter '%s', expected '%s'",
		    param_type_name(param->value.type), param->field,
		    param_type_name(rule->type));
	return 0;
}

int
params_validate(const struct xvm_typed_param *v, unsigned int n,
    const struct param_rule *rules, struct error *err)
{
	const struct xvm_typed_param **sorted;
	int rc = 0;

	if (n == 0)
		return 0;
	sorted = calloc(n, sizeof(const struct xvm_typed_param *));
	if (sorted == NULL)
		return error_nomem(err);
	for (unsigned int i = 0; i < n; i++)
		sorted[i] = &v[i];
	qsort(sorted, n, sizeof(const struct xvm_typed_param *),
	    compare_fields);
	for (unsigned int i = 0; rc == 0 && i < n; i++)
		rc = check_one(sorted[i], i > 0 ? sorted[i - 1] : NULL,
		    find_rule(rules, sorted[i]->field), err);
	free(sorted);
	return rc;
}

void
param_format(const struct xvm_typed_param *param, struct buf *out)
{
	switch (param->value.type) {
	case XVM_TYPED_INT:
		buf_printf(out, "%d", VAL(param).i);
		break;
	case XVM_TYPED_UINT:
		buf_printf(out, "%u", VAL(param).ui);
		break;
	case XVM_TYPED_LLONG:
		buf_printf(out, "%" PRId64, VAL(param).l);
		break;
	case XVM_TYPED_ULLONG:
		buf_printf(out, "%" PRIu64, VAL(param).ul);
		break;
	case XVM_TYPED_DOUBLE:
		buf_printf(out, "%f", VAL(param).d);
		break;
	case XVM_TYPED_BOOLEAN:
		buf_puts(out, VAL(param).b ? "yes" : "no");
		break;
	case XVM_TYPED_STRING:
		buf_puts(out, VAL(param).s);
		break;
	default:
		break;
	}
}
