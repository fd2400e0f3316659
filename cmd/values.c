/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of numbers, typed parameters, sizes and sets as commands show them. */
#include "values.h"

#include <string.h>

#include "../lib/buf.h"

const char *
name_of(const char *const *names, size_t n, int number, const char *other)
{
	if (number < 0 || (size_t)number >= n || names[number] == NULL)
		return other;
	return names[number];
}

int
number_of(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (names[i] != NULL && strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

unsigned int
cmd_flags(struct cmd *cmd, const struct flag_option *list, size_t n)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < n; i++) {
		if (cmd_has(cmd, list[i].name))
			bits |= list[i].bit;
	}
	return bits;
}

struct value
param_value(const struct xvm_typed_param *param)
{
	switch (param->value.type) {
	case XVM_TYPED_INT:
		return value_int(param->value.xvm_typed_value_u.i);
	case XVM_TYPED_UINT:
		return value_uint(param->value.xvm_typed_value_u.ui);
	case XVM_TYPED_LLONG:
		return value_int(param->value.xvm_typed_value_u.l);
	case XVM_TYPED_ULLONG:
		return value_uint(param->value.xvm_typed_value_u.ul);
	case XVM_TYPED_DOUBLE:
		return value_double(param->value.xvm_typed_value_u.d);
	case XVM_TYPED_BOOLEAN:
		return value_bool(param->value.xvm_typed_value_u.b != 0);
	case XVM_TYPED_STRING:
		return value_string(param->value.xvm_typed_value_u.s);
	default:
		return value_null();
	}
}

const char *
param_text(struct cmd *cmd, const struct xvm_typed_param *param)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "");
	param_format(param, &text);
	return cmd_own(cmd, buf_detach(&text));
}

void
param_format_raw(const struct xvm_typed_param *param, struct buf *out)
{
	switch (param->value.type) {
	case XVM_TYPED_BOOLEAN:
		buf_printf(out, "%d", param->value.xvm_typed_value_u.b);
		break;
	case XVM_TYPED_DOUBLE:
		buf_printf(out, "%g", param->value.xvm_typed_value_u.d);
		break;
	default:
		param_format(param, out);
		break;
	}
}

double
pretty_size(uint64_t bytes, const char **unit_out)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
	};
	double size = (double)bytes, scale = 1;
	size_t i = 0;

	while (i + 1 < sizeof(units) / sizeof(units[0]) &&
	    size >= scale * 1024) {
		scale *= 1024;
		i++;
	}
	*unit_out = units[i];
	return size / scale;
}

bool
bit_is_set(const unsigned char *map, size_t n_bytes, size_t bit)
{
	return bit / 8 < n_bytes && (map[bit / 8] >> (bit % 8) & 1) != 0;
}

const char *
bits_text(struct cmd *cmd, const unsigned char *map, size_t n_bits)
{
	size_t n_bytes = (n_bits + 7) / 8, first, i = 0;
	struct buf text = BUF_INIT;

	buf_puts(&text, "");
	while (i < n_bits) {
		if (!bit_is_set(map, n_bytes, i)) {
			i++;
			continue;
		}
		for (first = i; i < n_bits && bit_is_set(map, n_bytes, i);)
			i++;
		buf_printf(&text, "%s%zu", text.len > 0 ? "," : "", first);
		if (i - first > 1)
			buf_printf(&text, "-%zu", i - 1);
	}
	return cmd_own(cmd, buf_detach(&text));
}
