/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domxml-from-native and domxml-to-native. */
#include <string.h>

#include "../../domain/domain_xml.h"
#include "../domain_caps.h"
#include "native.h"
#include "side.h"

static int
check_format(const char *format, bool from, struct error *err)
{
	if (strcmp(format, NATIVE_FORMAT) == 0)
		return 0;
	if (from && strcmp(format, "xen-sxpr") == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_UNSUPPORTED,
		    "conversion from 'xen-sxpr' format is no longer supported");
	return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INVALID_ARG,
	    "unsupported config type %s", format);
}

int
side_connect_domain_xml_from_native(struct side *side, struct call *call)
{
	const struct xvm_connect_domain_xml_from_native_args *args = call->args;
	struct xvm_connect_domain_xml_from_native_ret *ret = call->ret;
	struct doc *doc;

	if (xen_check_flags(args->flags, 0, "libxlConnectDomainXMLFromNative",
		&call->err) != 0 ||
	    check_format(args->native_format, true, &call->err) != 0 ||
	    native_parse(side->ctx, args->native_config,
		strlen(args->native_config), &doc, &call->err) != 0)
		return -1;
	ret->domain_xml =
	    domain_xml_format(doc, -1, XVM_DOMAIN_XML_INACTIVE, &call->err);
	doc_free(doc);
	return ret->domain_xml == NULL ? -1 : 0;
}

int
side_connect_domain_xml_to_native(struct side *side, struct call *call)
{
	const struct xvm_connect_domain_xml_to_native_args *args = call->args;
	struct xvm_connect_domain_xml_to_native_ret *ret = call->ret;
	struct doc *doc;

	if (xen_check_flags(args->flags, 0, "libxlConnectDomainXMLToNative",
		&call->err) != 0)
		return -1;
	doc = domain_xml_parse(args->domain_xml, strlen(args->domain_xml),
	    &xen_domain_caps, DOMAIN_XML_PARSE_INACTIVE, &call->err);
	if (doc == NULL)
		return -1;
	if (check_format(args->native_format, false, &call->err) == 0)
		ret->native_config = native_format(side->ctx, doc, &call->err);
	doc_free(doc);
	return ret->native_config == NULL ? -1 : 0;
}
