/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains defined, redefined, undefined, renamed, started with the host. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../domain/domain_xml.h"
#include "../local_answers.h"
#include "defined.h"
#include "domain_caps.h"
#include "domains.h"
#include "partial.h"

/* Refuse what the host has already under another name or UUID. */
static int
check_clash(const struct xen_domains *all, const char *name,
    const unsigned char *uuid, struct error *err)
{
	const struct xen_domain *other = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct xen_domain *d = &all->v[i];

		if (memcmp(d->uuid, uuid, UUID_SIZE) == 0) {
			if (d->nameless || strcmp(d->name, name) == 0)
				return 0;
			return local_uuid_taken(d->name, uuid, err);
		}
		if (!d->nameless && strcmp(d->name, name) == 0)
			other = d;
	}
	return other == NULL ? 0 : local_name_taken(name, other->uuid, err);
}

static struct doc *
parse(const char *xml, unsigned int flags, struct error *err)
{
	struct doc *doc = domain_xml_parse(xml, strlen(xml), &xen_domain_caps,
	    DOMAIN_XML_PARSE_INACTIVE, err);

	if (doc == NULL)
		return NULL;
	if ((flags & XVM_DOMAIN_DEFINE_VALIDATE) != 0 &&
	    domain_xml_validate(doc, err) != 0)
		goto fail;
	if (strchr(node_find_text(doc->root, "name"), '\n') != NULL) {
		error_set(err, XVM_FROM_XML, XVM_ERR_XML_DETAIL,
		    "invalid char in name: \n");
		goto fail;
	}
	return doc;
fail:
	doc_free(doc);
	return NULL;
}

/* Under the lock: nobody else takes the name meanwhile. */
static int
store(struct xen_conn *xen, const struct doc *doc, struct xvm_domain *out,
    struct error *err)
{
	const char *name = node_find_text(doc->root, "name");
	const char *uuid = node_find_text(doc->root, "uuid");
	struct xen_domains all;
	int rc = -1;

	memset(&all, 0, sizeof(all));
	if (uuid == NULL || uuid_parse(uuid, (unsigned char *)out->uuid) != 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "configuration without name or UUID");
	out->id = -1;
	if (xen_domains_load(xen, XEN_LOAD_NAMES | XEN_LOAD_DEFINED, &all,
	    err) == 0 && check_clash(&all, name, UUID_BYTES(out->uuid),
	    err) == 0 && defined_store(doc, err) == 0)
		rc = xen_text(name, &out->name, err);
	for (size_t i = 0; rc == 0 && i < all.n; i++) {
		if (memcmp(all.v[i].uuid, out->uuid, UUID_SIZE) == 0)
			out->id = all.v[i].id;
	}
	xen_domains_release(&all);
	return rc;
}

int
xen_domain_define_xml_flags(void *state, struct call *call)
{
	const struct xvm_domain_define_xml_flags_args *args = call->args;
	struct xvm_domain_define_xml_flags_ret *ret = call->ret;
	struct doc *doc;
	int lock, rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_DEFINE_VALIDATE,
	    "libxlDomainDefineXMLFlags", &call->err) != 0)
		return -1;
	doc = parse(args->xml, args->flags, &call->err);
	if (doc == NULL)
		return -1;
	lock = defined_lock(&call->err);
	rc = lock < 0 ? -1 : store(state, doc, &ret->dom, &call->err);
	if (lock >= 0)
		(void)close(lock);
	doc_free(doc);
	return rc;
}

/* One that is defined, with what xen_domain_find leaves out. */
static int
find_defined(struct xen_conn *xen, const struct xvm_domain *ref,
    struct xen_domain *out, const char *refusal, struct error *err)
{
	if (xen_domain_find(xen, ref, out, err) != 0)
		return -1;
	if (xen_domain_load(xen, out, XEN_LOAD_NAMES | XEN_LOAD_DEFINED,
	    err) == 0) {
		if (out->persistent)
			return 0;
		error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
		    "%s", refusal);
	}
	xen_domain_release(out);
	return -1;
}

/* With what a killed save has left of another. */
static int
remove_save(const char *name, struct error *err)
{
	char *path = defined_path(DEFINED_SAVE, name, ".save");
	int rc = 0;

	if (path == NULL)
		return error_nomem(err);
	if (unlink(path) != 0 && errno != ENOENT)
		rc = error_set(err, XVM_FROM_LIBXL, XVM_ERR_INTERNAL_ERROR,
		    "Failed to remove domain managed save image");
	partial_clear(path);
	free(path);
	return rc;
}

static int
undefine(const struct xen_domain *dom, unsigned int flags, struct error *err)
{
	int lock, rc = 0;

	if (defined_has_save(dom->name) &&
	    (flags & XVM_DOMAIN_UNDEFINE_MANAGED_SAVE) == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "Refusing to undefine while "
		    "domain managed save image exists");
	lock = defined_lock(err);
	if (lock < 0)
		return -1;
	rc = remove_save(dom->name, err);
	if (rc == 0)
		rc = defined_remove(dom->name, err);
	(void)close(lock);
	return rc;
}

int
xen_domain_undefine_flags(void *state, struct call *call)
{
	const struct xvm_domain_undefine_flags_args *args = call->args;
	struct xen_domain dom;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_UNDEFINE_MANAGED_SAVE |
	    XVM_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
	    "libxlDomainUndefineFlags", &call->err) != 0 ||
	    find_defined(state, &args->dom, &dom,
	    "cannot undefine transient domain", &call->err) != 0)
		return -1;
	rc = undefine(&dom, args->flags, &call->err);
	xen_domain_release(&dom);
	return rc;
}

/* May it take the name? */
static int
check_rename(struct xen_conn *xen, const struct xen_domain *dom,
    const char *name, struct error *err)
{
	struct xen_domains all;
	int rc = 0;

	if (dom->id >= 0)
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_OPERATION_INVALID,
		    "cannot rename active domain");
	if (strcmp(dom->name, name) == 0)
		return error_set(err, XVM_FROM_DOMAIN,
		    XVM_ERR_OPERATION_INVALID,
		    "Can't rename domain to itself");
	if (strchr(name, '/') != NULL || name[0] == '\0')
		return error_set(err, XVM_FROM_LIBXL, XVM_ERR_XML_ERROR,
		    "name %s cannot contain '/'", name);
	memset(&all, 0, sizeof(all));
	if (xen_domains_load(xen, XEN_LOAD_NAMES | XEN_LOAD_DEFINED, &all,
	    err) != 0)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < all.n; i++) {
		if (!all.v[i].nameless && strcmp(all.v[i].name, name) == 0)
			rc = error_set(err, XVM_FROM_DOMAIN,
			    XVM_ERR_OPERATION_INVALID,
			    "domain with name '%s' already exists", name);
	}
	xen_domains_release(&all);
	return rc;
}

static int
rename_to(const struct xen_domain *dom, const char *name, struct error *err)
{
	struct doc *doc = defined_load(dom->name, &xen_domain_caps, err);
	int rc;

	if (doc == NULL)
		return -1;
	node_set_text(node_need(doc->root, "name"), name);
	rc = doc->failed ? error_nomem(err) :
	    defined_rename(dom->name, doc, err);
	doc_free(doc);
	return rc;
}

int
xen_domain_rename(void *state, struct call *call)
{
	const struct xvm_domain_rename_args *args = call->args;
	const char *name = args->new_name != NULL ? *args->new_name : "";
	struct xen_domain dom;
	int lock, rc = -1;

	if (xen_check_flags(args->flags, 0, "libxlDomainRename",
	    &call->err) != 0 || find_defined(state, &args->dom, &dom,
	    "cannot rename a transient domain", &call->err) != 0)
		return -1;
	lock = defined_lock(&call->err);
	if (lock >= 0) {
		if (check_rename(state, &dom, name, &call->err) == 0)
			rc = rename_to(&dom, name, &call->err);
		(void)close(lock);
	}
	xen_domain_release(&dom);
	return rc;
}

int
xen_domain_set_autostart(void *state, struct call *call)
{
	const struct xvm_domain_set_autostart_args *args = call->args;
	struct xen_domain dom;
	int rc;

	if (find_defined(state, &args->dom, &dom,
	    "cannot set autostart for transient domain", &call->err) != 0)
		return -1;
	rc = defined_set_autostart(dom.name, args->autostart != 0,
	    &call->err);
	xen_domain_release(&dom);
	return rc;
}

int
xen_domain_has_managed_save_image(void *state, struct call *call)
{
	const struct xvm_domain_has_managed_save_image_args *args =
	    call->args;
	struct xvm_domain_has_managed_save_image_ret *ret = call->ret;
	struct xen_domain dom;

	if (xen_check_flags(args->flags, 0, "libxlDomainHasManagedSaveImage",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	if (xen_domain_load(state, &dom, XEN_LOAD_NAMES, &call->err) != 0) {
		xen_domain_release(&dom);
		return -1;
	}
	ret->result = !dom.nameless && defined_has_save(dom.name);
	xen_domain_release(&dom);
	return 0;
}

int
xen_domain_managed_save_remove(void *state, struct call *call)
{
	const struct xvm_domain_managed_save_remove_args *args = call->args;
	struct xen_domain dom;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainManagedSaveRemove",
	    &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_domain_load(state, &dom, XEN_LOAD_NAMES, &call->err);
	if (rc == 0 && !dom.nameless)
		rc = remove_save(dom.name, &call->err);
	xen_domain_release(&dom);
	return rc;
}
