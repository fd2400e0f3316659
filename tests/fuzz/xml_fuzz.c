/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any document is a domain or is refused; a domain in canonical form stays as
 * it is when it is read again.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/domain/domain_xml.h"
#include "../../lib/test/test.h"
#include "fuzz_xml.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	struct doc *doc, *again;
	char *text, *back;

	fuzz_xml_loads();
	doc = domain_xml_parse((const char *)data, size, &test_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, &err);
	if (doc != NULL) {
		text = domain_xml_format(doc, -1, XVM_DOMAIN_XML_SECURE, &err);
		if (text == NULL)
			abort();
		again = domain_xml_parse(text, strlen(text),
		    &test_domain_caps, DOMAIN_XML_PARSE_INACTIVE, &err);
		if (again != NULL) {
			back = domain_xml_format(again, -1,
			    XVM_DOMAIN_XML_SECURE, &err);
			free(back);
			doc_free(again);
		}
		free(text);
		doc_free(doc);
	}
	error_release(&err);
	return 0;
}
