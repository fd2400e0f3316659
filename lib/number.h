/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Integers from outside: the one strict parser. Overflow is an error. */
#ifndef LIB_NUMBER_H
#define LIB_NUMBER_H

#include <stdint.h>

/*
 * The whole text is a number in base (0: with C's prefixes), white space in
 * front allowed as strtol does. 0, or -1: not a number, or out of range.
 * number_u32 and number_u64 refuse a minus sign; ..._wrap take "-1" as their
 * maximum.
 */
int	number_i32(const char *s, int base, int32_t *out);
int	number_u32(const char *s, int base, uint32_t *out);
int	number_u32_wrap(const char *s, int base, uint32_t *out);
int	number_i64(const char *s, int base, int64_t *out);
int	number_u64(const char *s, int base, uint64_t *out);
int	number_u64_wrap(const char *s, int base, uint64_t *out);
int	number_double(const char *s, double *out);	/* in the C locale */

/*
 * A number with a unit behind it, in bytes: KiB.. EiB and KB.. EB, k.., b,
 * "bytes", none: scale. limit is the largest allowed.
 * -1: not a number or unknown unit, -2: over the limit.
 */
int	number_scaled(const char *s, uint64_t scale, uint64_t limit,
	    uint64_t *out);

#endif
