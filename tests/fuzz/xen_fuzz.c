/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any document becomes a configuration of Xen's or is refused; a configuration
 * becomes a document again, and an xl.cfg that can be read.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/domain/domain_xml.h"
#include "../../lib/xen/domain_caps.h"
#include "../../lib/xen/libxl/config.h"
#include "../../lib/xen/libxl/native.h"
#include "fuzz_xml.h"

static void
try_native(const libxl_domain_config *config, struct error *err)
{
	libxl_domain_config back;
	char *text = native_write(config, err);

	if (text == NULL)
		return;
	FUZZ_ASSERT(native_read(text, strlen(text), &back, err) == 0);
	libxl_domain_config_dispose(&back);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_INIT;
	libxl_domain_config config;
	struct doc *doc, *back;

	fuzz_xml_loads();
	doc = domain_xml_parse((const char *)data, size, &xen_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, &err);
	if (doc != NULL) {
		if (config_from_xml(NULL, doc->root, &config, &err) == 0) {
			back = config_to_xml(NULL, &config, &err);
			doc_free(back);
			try_native(&config, &err);
			libxl_domain_config_dispose(&config);
		}
		doc_free(doc);
	}
	error_release(&err);
	return 0;
}
