/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For targets whose inputs are documents. */
#ifndef TESTS_FUZZ_FUZZ_XML_H
#define TESTS_FUZZ_FUZZ_XML_H

#include <stdbool.h>

#include "../../lib/xml.h"
#include "fuzz.h"

/*
 * The module that reads documents can be loaded: else every input would be
 * refused, and nothing be found.
 */
static inline void
fuzz_xml_loads(void)
{
	static bool loads;
	struct error err = ERROR_INIT;
	struct doc *doc;

	if (loads)
		return;
	doc = xml_parse("<a/>", 4, "(fuzz)", XVM_FROM_XML, &err);
	if (doc == NULL)
		fprintf(stderr, "%s\n", err.message);
	FUZZ_ASSERT(doc != NULL);
	doc_free(doc);
	loads = true;
}

#endif
