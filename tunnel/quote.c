/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for the shell of the other end. */
#include "quote.h"

#include <string.h>

void
quote_word(struct buf *out, const char *word)
{
	size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-");

	if (word[0] != '\0' && word[plain] == '\0') {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	}
	buf_putc(out, '\'');
}
