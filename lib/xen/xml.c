/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Documents of domains. A running one's is libxl's userdata "libvirt-xml"
 * where there is one; else the child makes it of libxl's configuration. What
 * changes while it runs is brought up to date from xenstore.
 */
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "../domain/domain_edit.h"
#include "../domain/domain_metadata.h"
#include "../xml.h"
#include "devices.h"
#include "domain_caps.h"
#include "domains.h"
#include "figures.h"
#include "live.h"
#include "userdata.h"

/* The control domain has no configuration: what is known of it. */
static struct doc *
control_domain(struct xen_conn *xen, const struct xen_domain *dom,
    struct error *err)
{
	struct buf text = BUF_INIT;
	char uuid[UUID_TEXT_SIZE];
	struct xen_figures f;
	struct doc *doc;

	if (xen_figures(xen, dom, &f, err) != 0)
		return NULL;
	buf_puts(&text, "<domain type='xen'><name>");
	xml_escape(dom->name, &text);
	buf_printf(&text, "</name><uuid>%s</uuid>"
	    "<memory unit='KiB'>%llu</memory>"
	    "<currentMemory unit='KiB'>%llu</currentMemory>",
	    uuid_format(dom->uuid, uuid),
	    (unsigned long long)f.memory_max_kib,
	    (unsigned long long)f.memory_kib);
	buf_printf(&text, "<vcpu placement='static' current='%u'>%u</vcpu>",
	    f.vcpus, f.vcpus_max);
	buf_puts(&text, "<os><type>xen</type></os></domain>");
	doc = text.failed ? NULL : domain_xml_parse(text.data, text.len,
	    &xen_domain_caps, 0, err);
	if (text.failed)
		error_nomem(err);
	buf_release(&text);
	return doc;
}

/* Of a domain that has no document of ours: libxl's configuration, as XML. */
static struct doc *
ask_child(struct xen_conn *xen, const struct xen_domain *dom,
    struct error *err)
{
	struct xvm_domain_get_xml_desc_args args = {
		.dom.name = dom->name,
		.dom.id = dom->id,
		.flags = XVM_DOMAIN_XML_SECURE,
	};
	struct xvm_domain_get_xml_desc_ret ret = { 0 };
	struct call call = {
		.number = XVM_CALL_DOMAIN_GET_XML_DESC,
		.args = &args,
		.ret = &ret,
	};
	struct doc *doc = NULL;

	memcpy(args.dom.uuid, dom->uuid, UUID_SIZE);
	if (xen_by_child(xen, &call) != 0)
		error_move(err, &call.err);
	else
		doc = xml_parse(ret.xml, strlen(ret.xml),
		    "(domain_definition)", XVM_FROM_LIBXL, err);
	free(ret.xml);
	return doc;
}

/* Its own document, or what the child says where that has aged. */
static struct doc *
read_config(struct xen_conn *xen, const struct xen_domain *dom,
    const struct xen_devices *list, struct error *err)
{
	struct buf text = BUF_INIT;
	struct error ignored = ERROR_INIT;
	struct doc *doc = NULL, *current;
	int rc = userdata_read(dom->id, dom->uuid, USERDATA_XML, &text, err);

	if (rc == 1)
		doc = xml_parse(text.data, text.len, "(domain_definition)",
		    XVM_FROM_LIBXL, err);
	buf_release(&text);
	if (rc < 0 || (rc == 1 && doc == NULL))
		return NULL;
	if (doc == NULL)
		return ask_child(xen, dom, err);
	if (live_has_devices(node_child(doc->root, "devices"), list))
		return doc;
	/* One that is just going has lost some, which says nothing. */
	current = ask_child(xen, dom, &ignored);
	error_release(&ignored);
	if (current == NULL)
		return doc;
	doc_free(doc);
	return current;
}

static struct doc *
live_config(struct xen_conn *xen, struct xen_domain *dom, struct error *err)
{
	struct xen_devices list = { 0 };
	struct doc *doc = NULL;

	if (xen_domain_load(xen, dom, XEN_LOAD_NAMES, err) != 0)
		return NULL;
	if (dom->id == 0)
		return control_domain(xen, dom, err);
	if (xen_devices_load(xen, dom->id, true, true, &list, err) == 0)
		doc = read_config(xen, dom, &list, err);
	if (doc != NULL && live_update(xen, dom, &list, doc, err) != 0) {
		doc_free(doc);
		doc = NULL;
	}
	xen_devices_release(&list);
	return doc;
}

struct doc *
xen_domain_doc(struct xen_conn *xen, struct xen_domain *dom,
    struct error *err)
{
	return dom->id >= 0 ? live_config(xen, dom, err) :
	    xen_domain_config(dom, err);
}

int
xen_domain_get_xml_desc(void *state, struct call *call)
{
	const struct xvm_domain_get_xml_desc_args *args = call->args;
	struct xvm_domain_get_xml_desc_ret *ret = call->ret;
	bool inactive = (args->flags & XVM_DOMAIN_XML_INACTIVE) != 0;
	struct xen_domain dom;
	struct doc *doc;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_XML_SECURE |
	    XVM_DOMAIN_XML_INACTIVE | XVM_DOMAIN_XML_MIGRATABLE,
	    "libxlDomainGetXMLDesc", &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = inactive ? xen_domain_load(state, &dom,
	    XEN_LOAD_NAMES | XEN_LOAD_DEFINED, &call->err) : 0;
	if (rc == 0) {
		if (dom.id < 0 || (inactive && dom.persistent && dom.id != 0))
			doc = xen_domain_config(&dom, &call->err);
		else
			doc = live_config(state, &dom, &call->err);
		if (doc != NULL)
			ret->xml = domain_xml_format(doc,
			    inactive ? -1 : dom.id, args->flags, &call->err);
		doc_free(doc);
		rc = ret->xml != NULL ? 0 : -1;
	}
	xen_domain_release(&dom);
	return rc;
}

int
xen_domain_get_metadata(void *state, struct call *call)
{
	const struct xvm_domain_get_metadata_args *args = call->args;
	struct xvm_domain_get_metadata_ret *ret = call->ret;
	struct xen_domain dom;
	struct doc *doc = NULL;
	bool live, config;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG, "libxlDomainGetMetadata",
	    &call->err) != 0 ||
	    domain_metadata_check(args->type, &call->err) != 0 ||
	    xen_domain_find(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_domain_impact(state, &dom, args->flags, &live, &config,
	    &call->err);
	if (rc == 0) {
		doc = live ? live_config(state, &dom, &call->err) :
		    xen_domain_config(&dom, &call->err);
		rc = doc == NULL ? -1 : domain_metadata_get(doc->root,
		    args->type, args->uri != NULL ? *args->uri : NULL,
		    &ret->metadata, &call->err);
	}
	doc_free(doc);
	xen_domain_release(&dom);
	return rc;
}
