/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any command line is split and parsed, whole and for completion. */
#include <stdlib.h>
#include <string.h>

#include "../../cmd/args.h"
#include "../../cmd/split.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tokens tokens = { NULL, 0 };
	const struct option *wanted;
	struct line *line = NULL;
	char *text = strndup((const char *)data, size);
	size_t start;

	if (text == NULL)
		return 0;
	if (split_text(text, &tokens) == 0) {
		/* Without a session nothing is said. */
		line = args_parse_partial(&tokens, &wanted);
		args_free(line);
	}
	tokens_release(&tokens);
	if (split_partial(text, &tokens, &start) == 0) {
		if (start > strlen(text))
			abort();
		args_free(args_parse_partial(&tokens, &wanted));
	}
	tokens_release(&tokens);
	free(text);
	return 0;
}
