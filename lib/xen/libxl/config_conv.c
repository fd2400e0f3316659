/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every conversion needs: refusals, strings, arrays, sets. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "config_parts.h"
#include "cpumap.h"
#include "number.h"

/* Where no host says how many CPUs there are. */
#define CPUS_MAX 4096

__attribute__((format(printf, 4, 0))) static int
vrefuse(const struct conv *conv, const struct node *node, int code,
    const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT;
	int rc;

	if (node != NULL && node->line != 0)
		buf_printf(&text, "line %u: ", node->line);
	buf_vprintf(&text, fmt, ap);
	if (text.failed)
		rc = error_nomem(conv->err);
	else
		rc = error_set(
		    conv->err, XVM_FROM_LIBXL, code, "%s", buf_str(&text));
	buf_release(&text);
	return rc;
}

int
conv_refuse(
    const struct conv *conv, const struct node *node, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vrefuse(conv, node, XVM_ERR_CONFIG_UNSUPPORTED, fmt, ap);
	va_end(ap);
	return rc;
}

int
conv_refuse_code(const struct conv *conv, const struct node *node, int code,
    const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vrefuse(conv, node, code, fmt, ap);
	va_end(ap);
	return rc;
}

int
conv_string(const struct conv *conv, char **field, const char *text)
{
	char *copy;

	if (text == NULL)
		return 0;
	copy = strdup(text);
	if (copy == NULL)
		return error_nomem(conv->err);
	free(*field);
	*field = copy;
	return 0;
}

int
conv_printf(const struct conv *conv, char **field, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return error_nomem(conv->err);
	free(*field);
	*field = text;
	return 0;
}

int
conv_string_add(
    const struct conv *conv, libxl_string_list *list, const char *text)
{
	size_t n = 0;
	char **grown;

	while (*list != NULL && (*list)[n] != NULL)
		n++;
	grown = reallocarray(*list, n + 2, sizeof(*grown));
	if (grown == NULL)
		return error_nomem(conv->err);
	*list = grown;
	grown[n] = strdup(text);
	grown[n + 1] = NULL;
	return grown[n] == NULL ? error_nomem(conv->err) : 0;
}

void *
conv_array_add(const struct conv *conv, void *array, int *n, size_t size)
{
	void **where = array;
	char *grown = reallocarray(*where, (size_t)*n + 1, size);

	if (grown == NULL) {
		(void)error_nomem(conv->err);
		return NULL;
	}
	*where = grown;
	memset(grown + (size_t)*n * size, 0, size);
	return grown + (size_t)(*n)++ * size;
}

uint64_t
conv_number(const struct node *node, const char *attr, uint64_t fallback)
{
	const char *text = node_attr(node, attr);
	uint64_t n;

	return text != NULL && number_u64(text, 0, &n) == 0 ? n : fallback;
}

int
conv_value(const libxl_enum_string_table *table, const char *name)
{
	for (; name != NULL && table->s != NULL; table++) {
		if (strcmp(table->s, name) == 0)
			return table->v;
	}
	return -1;
}

const char *
conv_name(const libxl_enum_string_table *table, int value)
{
	while (table->s != NULL && table->v != value)
		table++;
	return table->s;
}

int
conv_bitmap(const struct conv *conv, libxl_bitmap *out,
    const struct cpuset *set, unsigned int bits)
{
	libxl_bitmap map = {.size = (bits + 7) / 8};

	map.map = calloc(map.size > 0 ? map.size : 1, 1);
	if (map.map == NULL)
		return error_nomem(conv->err);
	for (unsigned int i = 0; i < set->end && i < map.size * 8; i++) {
		if (cpuset_has(set, i))
			map.map[i / 8] |= (uint8_t)(1u << i % 8);
	}
	libxl_bitmap_dispose(out);
	*out = map;
	return 0;
}

void
conv_cpuset(const libxl_bitmap *map, struct cpuset *out)
{
	cpumap_read((const char *)map->map, map->size, out);
}

unsigned int
conv_host_cpus(const struct conv *conv)
{
	int n = conv->ctx == NULL ? CPUS_MAX : libxl_get_max_cpus(conv->ctx);

	return n <= 0 ? CPUS_MAX : (unsigned int)n;
}
