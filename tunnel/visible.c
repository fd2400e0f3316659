/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Control characters made visible. */
#include "visible.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the UTF-8 character at s that is no control character, or 0. */
static size_t
printable(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
	    s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	uint32_t c;

	if (length == 0 || length > n)
		return 0;
	if (length == 1)
		return s[0] == '\n' || s[0] == '\t' ||
		    (s[0] >= ' ' && s[0] != 0x7f) ? 1 : 0;
	c = s[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[length] || c < 0xa0 || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return length;
}

void
visible_add(struct buf *out, const char *s, size_t n)
{
	while (n > 0) {
		size_t length = printable((const unsigned char *)s, n);

		if (length > 0) {
			buf_add(out, s, length);
		} else {
			buf_printf(out, "\\x%02x", (unsigned char)*s);
			length = 1;
		}
		s += length;
		n -= length;
	}
}

/* An allocated text, replaced when there is something to change in it. */
static int
replace(char **text)
{
	struct buf out = BUF_INIT;

	if (*text == NULL)
		return 0;
	visible_add(&out, *text, strlen(*text));
	if (out.failed) {
		buf_release(&out);
		return -1;
	}
	if (out.len == strlen(*text)) {
		buf_release(&out);
		return 0;
	}
	free(*text);
	*text = buf_detach(&out);
	return 0;
}

void
visible_error(struct error *err)
{
	char **texts[] = { &err->message, &err->str1, &err->str2, &err->str3 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (replace(texts[i]) != 0) {
			error_nomem(err);
			return;
		}
	}
}
