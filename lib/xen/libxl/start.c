/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains started: defined ones, and from a document. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../defined.h"
#include "../domain_caps.h"
#include "image.h"

static int
tell(const struct doc *doc, int id, struct xvm_domain *out, struct error *err)
{
	const char *uuid = node_find_text(doc->root, "uuid");

	if (uuid_parse(uuid, (unsigned char *)out->uuid) != 0)
		return -1;
	out->id = id;
	out->name = strdup(node_find_text(doc->root, "name"));
	return out->name != NULL ? 0 : error_nomem(err);
}

int
side_domain_create_xml(struct side *side, struct call *call)
{
	const unsigned int supported = XVM_DOMAIN_START_PAUSED |
	    XVM_DOMAIN_START_AUTODESTROY | XVM_DOMAIN_START_VALIDATE;
	const struct xvm_domain_create_xml_args *args = call->args;
	struct xvm_domain_create_xml_ret *ret = call->ret;
	const struct build how = {
		.paused = (args->flags & XVM_DOMAIN_START_PAUSED) != 0,
		.autodestroy =
		    (args->flags & XVM_DOMAIN_START_AUTODESTROY) != 0,
		.restore_fd = -1,
	};
	struct doc *doc;
	int id, rc = -1;

	if (xen_check_flags(args->flags, supported, "libxlDomainCreateXML",
	    &call->err) != 0)
		return -1;
	doc = domain_xml_parse(args->xml_desc, strlen(args->xml_desc),
	    &xen_domain_caps, DOMAIN_XML_PARSE_INACTIVE, &call->err);
	if (doc == NULL)
		return -1;
	if (((args->flags & XVM_DOMAIN_START_VALIDATE) == 0 ||
	    domain_xml_validate(doc, &call->err) == 0) &&
	    side_build(side, doc, &how, &id, &call->err) == 0)
		rc = tell(doc, id, &ret->dom, &call->err);
	doc_free(doc);
	return rc;
}

/* From its managed save, which then has done its duty. */
static int
start_saved(struct side *side, const char *path, struct build *how,
    struct xvm_domain *out, struct error *err)
{
	struct doc *doc;
	int id, rc;

	how->restore_fd = image_open(path, &doc, err);
	if (how->restore_fd < 0)
		return -1;
	rc = side_build(side, doc, how, &id, err);
	(void)close(how->restore_fd);
	if (rc == 0) {
		(void)unlink(path);
		rc = tell(doc, id, out, err);
	}
	doc_free(doc);
	return rc;
}

static int
start_defined(struct side *side, const char *name, const struct build *how,
    struct xvm_domain *out, struct error *err)
{
	struct doc *doc = defined_load(name, &xen_domain_caps, err);
	int id, rc;

	if (doc == NULL)
		return -1;
	rc = side_build(side, doc, how, &id, err);
	if (rc == 0)
		rc = tell(doc, id, out, err);
	doc_free(doc);
	return rc;
}

static int
start(struct side *side, const struct side_domain *dom, unsigned int flags,
    struct xvm_domain *out, struct error *err)
{
	struct build how = {
		.paused = (flags & XVM_DOMAIN_START_PAUSED) != 0,
		.autodestroy = (flags & XVM_DOMAIN_START_AUTODESTROY) != 0,
		.restore_fd = -1,
	};
	char *path;
	int rc;

	if (dom->id >= 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Domain is already running");
	path = defined_path(DEFINED_SAVE, dom->name, ".save");
	if (path == NULL)
		return error_nomem(err);
	if ((flags & XVM_DOMAIN_START_FORCE_BOOT) != 0)
		(void)unlink(path);
	if (access(path, F_OK) == 0)
		rc = start_saved(side, path, &how, out, err);
	else
		rc = start_defined(side, dom->name, &how, out, err);
	free(path);
	return rc;
}

int
side_domain_create_with_flags(struct side *side, struct call *call)
{
	const unsigned int supported = XVM_DOMAIN_START_PAUSED |
	    XVM_DOMAIN_START_AUTODESTROY | XVM_DOMAIN_START_BYPASS_CACHE |
	    XVM_DOMAIN_START_FORCE_BOOT;
	const struct xvm_domain_create_with_flags_args *args = call->args;
	struct xvm_domain_create_with_flags_ret *ret = call->ret;
	struct side_domain dom;
	int rc;

	if (xen_check_flags(args->flags, supported,
	    "libxlDomainCreateWithFlags", &call->err) != 0 ||
	    side_find(side, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = start(side, &dom, args->flags, &ret->dom, &call->err);
	side_domain_release(&dom);
	return rc;
}
