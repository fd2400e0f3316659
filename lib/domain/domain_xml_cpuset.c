/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of CPUs and NUMA nodes. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "domain_xml_util.h"

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
	unsigned int end = a->end < b->end ? a->end : b->end;

	for (size_t i = 0; 64 * i < end; i++) {
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

void
cpuset_print(const struct cpuset *set, struct buf *out)
{
	const char *comma = "";

	for (unsigned int i = 0; i < set->end; i++) {
		unsigned int first = i;

		if (!cpuset_has(set, i))
			continue;
		while (i + 1 < set->end && cpuset_has(set, i + 1))
			i++;
		buf_printf(out, "%s%u", comma, first);
		if (i > first)
			buf_printf(out, "-%u", i);
		comma = ",";
	}
}

const char *
cpuset_format(struct doc *doc, const struct cpuset *set)
{
	struct buf text = BUF_INIT;
	const char *copy = NULL;

	cpuset_print(set, &text);
	if (!text.failed)
		copy = doc_strdup(doc, buf_str(&text));
	buf_release(&text);
	return copy;
}

int
attr_cpuset(struct rule_ctx *ctx, struct node *node, const char *name)
{
	const char *text = node_attr(node, name), *canonical;
	struct cpuset set;

	if (text == NULL)
		return 0;
	if (cpuset_read(ctx, text, &set) != 0)
		return -1;
	if (set.end == 0)
		return refuse_config(
		    ctx, "Invalid value of '%s': %s", name, text);
	canonical = cpuset_format(ctx->doc, &set);
	if (canonical == NULL)
		return error_nomem(ctx->err);
	node_set_attr(node, name, canonical);
	return 0;
}
