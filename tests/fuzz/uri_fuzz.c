/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any URI is parsed or refused; what is parsed can be written and read back. */
#include <stdlib.h>
#include <string.h>

#include "../../lib/uri.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *canonical, *again;
	struct error err = ERROR_INIT;
	struct uri uri, back;

	if (text == NULL)
		return 0;
	if (uri_parse(text, &uri, &err) == 0) {
		if (uri.host != NULL && uri.host[0] == '-')
			abort();
		if (uri.user != NULL && uri.user[0] == '-')
			abort();
		canonical = uri_format(&uri);
		if (canonical != NULL && strlen(canonical) <= URI_LENGTH_MAX) {
			if (uri_parse(canonical, &back, &err) != 0)
				abort();
			again = uri_format(&back);
			if (again == NULL || strcmp(canonical, again) != 0)
				abort();
			free(again);
			uri_release(&back);
		}
		free(canonical);
		uri_release(&uri);
	}
	error_release(&err);
	free(text);
	return 0;
}
