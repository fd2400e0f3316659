/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any xl.cfg becomes a document or is refused; what we write of such a document
 * can be read again.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/domain/domain_xml.h"
#include "../../lib/xen/libxl/native.h"
#include "fuzz_xml.h"

/* What libxlutil's grammar leaves behind when it meets an error is not ours. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:xlu__cfg";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	libxl_domain_config config;
	struct doc *doc;
	char *text;

	fuzz_xml_loads();
	if (native_parse(NULL, (const char *)data, size, &doc, &err) == 0) {
		text = domain_xml_format(doc, -1, XVM_DOMAIN_XML_SECURE, &err);
		FUZZ_ASSERT(text != NULL);
		free(text);
		text = native_format(NULL, doc, &err);
		if (text != NULL) {
			FUZZ_ASSERT(native_read(text, strlen(text), &config,
			    &err) == 0);
			libxl_domain_config_dispose(&config);
		}
		free(text);
		doc_free(doc);
	}
	error_release(&err);
	return 0;
}
