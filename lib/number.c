/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integers from outside. */
#include "number.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int
number_i64(const char *s, int base, int64_t *out)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(s, &end, base);
	if (errno != 0 || end == s || *end != '\0')
		return -1;
	*out = n;
	return 0;
}

int
number_i32(const char *s, int base, int32_t *out)
{
	int64_t n;

	if (number_i64(s, base, &n) != 0 || n < INT32_MIN || n > INT32_MAX)
		return -1;
	*out = (int32_t)n;
	return 0;
}

int
number_u64_wrap(const char *s, int base, uint64_t *out)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(s, &end, base);
	if (errno != 0 || end == s || *end != '\0')
		return -1;
	*out = n;
	return 0;
}

int
number_u64(const char *s, int base, uint64_t *out)
{
	uint64_t n = 0;
	int i = 0;

	/* Nearly all are short, decimal and plain. */
	for (; i < 18 && s[i] >= '0' && s[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(s[i] - '0');
	if (i > 0 && s[i] == '\0' && base == 10) {
		*out = n;
		return 0;
	}
	return strchr(s, '-') != NULL ? -1 : number_u64_wrap(s, base, out);
}

int
number_u32(const char *s, int base, uint32_t *out)
{
	uint64_t n;

	if (number_u64(s, base, &n) != 0 || n > UINT32_MAX)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

int
number_u32_wrap(const char *s, int base, uint32_t *out)
{
	uint64_t n;

	/* As an unsigned long is narrowed: -4294967295 to 4294967295. */
	if (number_u64_wrap(s, base, &n) != 0 ||
	    (n > UINT32_MAX && n < UINT64_MAX - UINT32_MAX + 1))
		return -1;
	*out = (uint32_t)n;
	return 0;
}

int
number_double(const char *s, double *out)
{
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	char *end;
	double d;

	if (c == (locale_t)0)
		return -1;
	errno = 0;
	d = strtod_l(s, &end, c);
	freelocale(c);
	if (errno != 0 || end == s || *end != '\0')
		return -1;
	*out = d;
	return 0;
}

/* The factor of a unit's name, 0: unknown. */
static uint64_t
unit_factor(const char *unit)
{
	static const char letters[] = "kmgtpe";
	const char *at;
	uint64_t base, factor = 1;

	if (strcasecmp(unit, "b") == 0 || strcasecmp(unit, "byte") == 0 ||
	    strcasecmp(unit, "bytes") == 0)
		return 1;
	if (unit[0] == '\0' ||
	    (at = strchr(letters, unit[0] | 0x20)) == NULL)
		return 0;
	if (unit[1] == '\0' || strcasecmp(unit + 1, "iB") == 0)
		base = 1024;
	else if (strcasecmp(unit + 1, "B") == 0)
		base = 1000;
	else
		return 0;
	for (const char *p = letters; p <= at; p++)
		factor *= base;
	return factor;
}

int
number_scaled(const char *s, uint64_t scale, uint64_t limit, uint64_t *out)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(s, &end, 10);
	if (errno != 0 || end == s || strchr(s, '-') != NULL)
		return -1;
	if (*end != '\0' && (scale = unit_factor(end)) == 0)
		return -1;
	if (scale != 0 && n > limit / scale)
		return -2;
	*out = n * scale;
	return 0;
}
