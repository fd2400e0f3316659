/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes with units, and sets of CPUs, as domain XML has them. */
#include "domain_xml_util.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "number.h"

/* Times the unit, as libvirt's messages have it. 0 or -1. */
static int
scale_number(struct rule_ctx *ctx, uint64_t n, const char *unit, uint64_t scale,
    uint64_t max, uint64_t *out)
{
	char one[64];
	uint64_t factor = scale;

	if (unit == NULL)
		unit = "";
	if (unit[0] != '\0') {
		(void)snprintf(one, sizeof(one), "1%s", unit);
		if (isspace((unsigned char)unit[0]) ||
		    isdigit((unsigned char)unit[0]) || strlen(unit) > 8 ||
		    number_scaled(one, 1, UINT64_MAX, &factor) != 0)
			return error_set(ctx->err, XVM_FROM_NONE,
			    XVM_ERR_INVALID_ARG, "unknown suffix '%s'", unit);
	}
	if (n != 0 && n > max / factor)
		return error_set(ctx->err, XVM_FROM_NONE, XVM_ERR_OVERFLOW,
		    "value too large: %llu%s", (unsigned long long)n, unit);
	*out = n * factor;
	return 0;
}

int
element_bytes(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    uint64_t scale, uint64_t max, uint64_t *bytes_out)
{
	const char *text = node_text(node);
	uint64_t n;

	if (text == NULL || text[0] == '\0')
		return 0;
	if (number_u64(text, 10, &n) != 0)
		return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "Invalid value '%s' for element or attribute '%s'", text,
		    xpath);
	return scale_number(
		   ctx, n, node_attr(node, "unit"), scale, max, bytes_out) != 0
		   ? -1
		   : 1;
}

static uint64_t
div_up(uint64_t n, uint64_t d)
{
	return n / d + (n % d != 0);
}

int
element_kib(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    bool required, uint64_t *kib_out)
{
	uint64_t bytes = 0;
	int rc = element_bytes(ctx, node, xpath, 1024, INT64_MAX, &bytes);

	if (rc < 0)
		return -1;
	*kib_out = div_up(bytes, 1024);
	if (rc == 0 && required)
		return error_set(ctx->err, XVM_FROM_XML, XVM_ERR_XML_ERROR,
		    "missing element or attribute '%s'", xpath);
	if (*kib_out >= div_up(INT64_MAX, 1024))
		return refuse(ctx, XVM_ERR_OVERFLOW, "size value too large");
	return rc;
}

int
element_limit(struct rule_ctx *ctx, const struct node *node, const char *xpath,
    uint64_t *kib_out)
{
	uint64_t bytes;
	int rc = element_bytes(
	    ctx, node, xpath, 1024, MEMORY_UNLIMITED << 10, &bytes);

	if (rc < 0)
		return -1;
	*kib_out = rc == 0 ? MEMORY_UNLIMITED : div_up(bytes, 1024);
	return 0;
}

void
element_set_kib(struct node *node, uint64_t kib)
{
	static const char *const order[] = {"unit", NULL};
	char text[24];

	if (node == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)kib);
	if (!node_attr_is(node, "unit", "KiB"))
		node_set_attr(node, "unit", "KiB");
	node_order_attrs(node, order);
	if (strcmp(node_text(node), text) != 0)
		node_set_text(node, text);
}

bool
cpuset_has(const struct cpuset *set, unsigned int bit)
{
	return bit < CPUSET_BITS && (set->bits[bit / 64] >> bit % 64 & 1) != 0;
}

void
cpuset_add(struct cpuset *set, unsigned int bit)
{
	if (bit >= CPUSET_BITS)
		return;
	set->bits[bit / 64] |= (uint64_t)1 << bit % 64;
	if (bit >= set->end)
		set->end = bit + 1;
}

static void
cpuset_remove(struct cpuset *set, unsigned int bit)
{
	set->bits[bit / 64] &= ~((uint64_t)1 << bit % 64);
	while (set->end > 0 && !cpuset_has(set, set->end - 1))
		set->end--;
}

bool
cpuset_overlaps(const struct cpuset *a, const struct cpuset *b)
{
	for (size_t i = 0; i < CPUSET_BITS / 64; i++) {
		if ((a->bits[i] & b->bits[i]) != 0)
			return true;
	}
	return false;
}

/* A number and the blanks behind it; -1 when there is none in range. */
static int
take_bit(const char **p, bool signs)
{
	int n = 0;

	while (signs && isspace((unsigned char)**p))
		(*p)++;
	if (signs && **p == '+')
		(*p)++;
	if (!isdigit((unsigned char)**p))
		return -1;
	for (; isdigit((unsigned char)**p); (*p)++) {
		n = n * 10 + (**p - '0');
		if (n >= CPUSET_BITS)
			return -1;
	}
	while (isspace((unsigned char)**p))
		(*p)++;
	return n;
}

int
cpuset_parse(const char *text, struct cpuset *out)
{
	memset(out, 0, sizeof(*out));
	while (isspace((unsigned char)*text))
		text++;
	if (*text == '\0')
		return -1;
	while (*text != '\0') {
		bool remove = *text == '^';
		int first, last;

		if (remove)
			text++;
		first = last = take_bit(&text, false);
		if (first >= 0 && *text == '-' && !remove) {
			text++;
			last = take_bit(&text, true);
		}
		if (first < 0 || last < first)
			return -1;
		if (*text != ',' && *text != '\0')
			return -1;
		for (int i = first; i <= last; i++) {
			if (remove)
				cpuset_remove(out, (unsigned int)i);
			else
				cpuset_add(out, (unsigned int)i);
		}
		if (*text == ',')
			text++;
		while (isspace((unsigned char)*text))
			text++;
	}
	return 0;
}

int
cpuset_read(struct rule_ctx *ctx, const char *text, struct cpuset *out)
{
	if (cpuset_parse(text, out) != 0)
		return error_set(ctx->err, XVM_FROM_NONE, XVM_ERR_INVALID_ARG,
		    "Failed to parse bitmap '%s'", text);
	return 0;
}

const char *
cpuset_format(struct doc *doc, const struct cpuset *set)
{
	char text[CPUSET_BITS / 2 * 5 + 1];
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < set->end; i++) {
		unsigned int first = i;

		if (!cpuset_has(set, i))
			continue;
		while (i + 1 < set->end && cpuset_has(set, i + 1))
			i++;
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    first == i ? "%s%u" : "%s%u-%u", at == 0 ? "" : ",", first,
		    i);
	}
	return doc_strdup(doc, text);
}
