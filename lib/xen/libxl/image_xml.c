/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The documents in saved domains' files: read, and replaced by others. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../domain/domain_xml.h"
#include "../../file.h"
#include "../../xml.h"
#include "../defined.h"
#include "../domain_caps.h"
#include "../partial.h"
#include "image.h"

#define PIECE (1u << 20)

/* The rest of one file behind what is in another. */
static int
copy_rest(int from, int to, struct error *err)
{
	char *piece = malloc(PIECE);
	ssize_t n;

	if (piece == NULL)
		return error_nomem(err);
	while ((n = read(from, piece, PIECE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || fd_write(to, piece, (size_t)n) != 0) {
			error_system(err, XVM_FROM_LIBXL, errno,
			    "cannot copy the saved domain");
			free(piece);
			return -1;
		}
	}
	free(piece);
	return 0;
}

/* Beside it, synced, then in its place. */
static int
write_anew(const char *path, int image, const struct doc *doc,
    struct error *err)
{
	struct partial file;
	int rc = partial_open(path, &file, err);

	if (rc == 0)
		rc = image_write_head(file.fd, doc, err);
	if (rc == 0)
		rc = copy_rest(image, file.fd, err);
	if (rc == 0 && fsync(file.fd) != 0)
		rc = error_system(err, XVM_FROM_LIBXL, errno,
		    "cannot write '%s'", path);
	if (rc == 0)
		rc = partial_keep(&file, err);
	partial_release(&file);
	return rc;
}

/* The memory that is in the file is of one domain: another's will not do. */
static int
check_same(const struct doc *old, const struct doc *doc, struct error *err)
{
	static const char *const what[] = { "name", "uuid" };

	for (int i = 0; i < 2; i++) {
		const char *x = node_find_text(old->root, what[i]);
		const char *y = node_find_text(doc->root, what[i]);

		if (x == NULL || y == NULL || strcmp(x, y) != 0)
			return error_set(err, XVM_FROM_LIBXL,
			    XVM_ERR_CONFIG_UNSUPPORTED, "Target domain %s %s "
			    "does not match source %s", what[i],
			    y != NULL ? y : "", x != NULL ? x : "");
	}
	return 0;
}

struct doc *
image_doc_instead(const struct doc *old, const char *xml, struct error *err)
{
	struct doc *doc = domain_xml_parse(xml, strlen(xml), &xen_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, err);

	if (doc != NULL && check_same(old, doc, err) == 0)
		return doc;
	doc_free(doc);
	return NULL;
}

static int
define(const char *path, const char *xml, struct error *err)
{
	struct doc *old, *doc;
	int image = image_open(path, &old, err), rc = -1;

	if (image < 0)
		return -1;
	doc = image_doc_instead(old, xml, err);
	if (doc != NULL)
		rc = write_anew(path, image, doc, err);
	(void)close(image);
	doc_free(old);
	doc_free(doc);
	return rc;
}

/* It has no place for the state in which a domain is to be restored. */
int
side_domain_save_image_define_xml(struct side *side, struct call *call)
{
	const struct xvm_domain_save_image_define_xml_args *args = call->args;

	(void)side;
	if (xen_check_flags(args->flags, 0, "libxlDomainSaveImageDefineXML",
	    &call->err) != 0)
		return -1;
	return define(args->file, args->dxml, &call->err);
}

/* The document of an image, the caller's. */
static int
give(const char *path, unsigned int flags, char **xml_out, struct error *err)
{
	struct doc *doc;
	int fd = image_open(path, &doc, err);

	if (fd < 0)
		return -1;
	(void)close(fd);
	*xml_out = domain_xml_format(doc, -1, flags != 0 ?
	    XVM_DOMAIN_XML_SECURE : 0, err);
	doc_free(doc);
	return *xml_out != NULL ? 0 : -1;
}

int
side_domain_save_image_get_xml_desc(struct side *side, struct call *call)
{
	const struct xvm_domain_save_image_get_xml_desc_args *args =
	    call->args;
	struct xvm_domain_save_image_get_xml_desc_ret *ret = call->ret;

	(void)side;
	if (xen_check_flags(args->flags, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE,
	    "libxlDomainSaveImageGetXMLDesc", &call->err) != 0)
		return -1;
	return give(args->file, args->flags, &ret->xml, &call->err);
}

/* The file of a domain's managed save, the caller's; NULL: there is none. */
static char *
managed_path(struct side *side, const struct xvm_domain *ref,
    struct error *err)
{
	struct side_domain dom;
	char *path;

	if (side_find(side, ref, &dom, err) != 0)
		return NULL;
	path = defined_path(DEFINED_SAVE, dom.name, ".save");
	if (path == NULL) {
		error_nomem(err);
	} else if (!defined_has_save(dom.name)) {
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
		    "domain does not have managed save image");
		free(path);
		path = NULL;
	}
	side_domain_release(&dom);
	return path;
}

int
side_domain_managed_save_get_xml_desc(struct side *side, struct call *call)
{
	const struct xvm_domain_managed_save_get_xml_desc_args *args =
	    call->args;
	struct xvm_domain_managed_save_get_xml_desc_ret *ret = call->ret;
	char *path;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_SAVE_IMAGE_XML_SECURE,
	    "libxlDomainManagedSaveGetXMLDesc", &call->err) != 0)
		return -1;
	path = managed_path(side, &args->dom, &call->err);
	if (path == NULL)
		return -1;
	rc = give(path, args->flags, &ret->xml, &call->err);
	free(path);
	return rc;
}

int
side_domain_managed_save_define_xml(struct side *side, struct call *call)
{
	const struct xvm_domain_managed_save_define_xml_args *args =
	    call->args;
	char *path;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainManagedSaveDefineXML",
	    &call->err) != 0)
		return -1;
	path = managed_path(side, &args->dom, &call->err);
	if (path == NULL)
		return -1;
	rc = args->dxml == NULL ? 0 : define(path, *args->dxml, &call->err);
	free(path);
	return rc;
}
