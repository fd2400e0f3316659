/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base 64. */
#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *out, const void *data, size_t n, bool padded)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;

		if (left > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		buf_putc(out, digits[v >> 18]);
		buf_putc(out, digits[v >> 12 & 63]);
		if (left > 1)
			buf_putc(out, digits[v >> 6 & 63]);
		else if (padded)
			buf_putc(out, '=');
		if (left > 2)
			buf_putc(out, digits[v & 63]);
		else if (padded)
			buf_putc(out, '=');
	}
}

int
base64_decode(struct buf *out, const char *s, size_t n)
{
	uint32_t v = 0;
	unsigned int bits = 0, ends = 0;

	for (size_t i = 0; i < n; i++) {
		const char *d;

		if (s[i] == '\n' || s[i] == '\r')
			continue;
		if (s[i] == '=') {
			if (++ends > 2)
				return -1;
			continue;
		}
		d = s[i] == '\0' ? NULL : strchr(digits, s[i]);
		if (d == NULL || ends > 0)
			return -1;
		v = v << 6 | (uint32_t)(d - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_putc(out, (char)(v >> bits & 0xff));
		}
	}
	return bits >= 6 ? -1 : 0;
}
