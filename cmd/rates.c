/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits of an interface's traffic, read from an option. */
#include "rates.h"

#include "../lib/number.h"
#include "input.h"

int
rates_parse(struct cmd *cmd, const char *text, uint64_t rates[N_RATES])
{
	static const char *const names[] = {
		"average", "peak", "burst", "floor"
	};
	char **words = cmd_split_commas(cmd, text);
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	if (n > N_RATES)
		return cmd_error(cmd, "Rate string '%s' has too many fields",
		    text);
	for (size_t i = 0; i < N_RATES; i++) {
		rates[i] = 0;
		if (i < n && words[i][0] != '\0' &&
		    number_u64(words[i], 10, &rates[i]) != 0)
			return cmd_error(cmd, "field '%s' is malformed",
			    names[i]);
	}
	return 0;
}
