/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's configuration as a whole, between document and libxl. */
#include "config.h"

#include <string.h>

#include "../domain_caps.h"
#include "config_parts.h"

static libxl_domain_type
type_of(const struct node *domain)
{
	const char *os = node_find_text(domain, "os/type");

	if (os != NULL && strcmp(os, "hvm") == 0)
		return LIBXL_DOMAIN_TYPE_HVM;
	if (os != NULL && strcmp(os, "xenpvh") == 0)
		return LIBXL_DOMAIN_TYPE_PVH;
	return LIBXL_DOMAIN_TYPE_PV;
}

struct conv
conv_of(libxl_ctx *ctx, const struct node *domain, struct error *err)
{
	return (struct conv){
	    .ctx = ctx,
	    .domain = domain,
	    .type = type_of(domain),
	    .err = err,
	};
}

/* As xl has them before it looks at a configuration. */
static void
set_defaults(struct conv *conv)
{
	libxl_domain_config *c = conv->config;

	c->c_info.type = conv->type;
	libxl_domain_build_info_init_type(&c->b_info, conv->type);
	libxl_defbool_set(&c->c_info.run_hotplug_scripts, true);
	libxl_defbool_set(&c->b_info.claim_mode, true);
	c->on_watchdog = LIBXL_ACTION_ON_SHUTDOWN_DESTROY;
	c->on_soft_reset = LIBXL_ACTION_ON_SHUTDOWN_SOFT_RESET;
}

int
config_from_xml(libxl_ctx *ctx, const struct node *domain,
    libxl_domain_config *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);

	libxl_domain_config_init(out);
	conv.config = out;
	set_defaults(&conv);
	if (domain_from_xml(&conv) == 0 && boot_from_xml(&conv) == 0 &&
	    features_from_xml(&conv) == 0 && cpu_from_xml(&conv) == 0 &&
	    numa_from_xml(&conv) == 0 &&
	    devices_from_xml(&conv, node_child(domain, "devices")) == 0)
		return 0;
	libxl_domain_config_dispose(out);
	return -1;
}

struct doc *
config_to_xml(
    libxl_ctx *ctx, const libxl_domain_config *config, struct error *err)
{
	struct doc *doc = doc_new();
	struct node *domain;

	(void)ctx;
	if (doc == NULL || (domain = node_new(doc, "domain")) == NULL) {
		doc_free(doc);
		(void)error_nomem(err);
		return NULL;
	}
	doc->root = domain;
	node_set_attr(domain, "type", "xen");
	domain_to_xml(config, domain);
	boot_to_xml(config, domain);
	features_to_xml(config, domain);
	cpu_to_xml(config, domain);
	numa_to_xml(config, domain);
	devices_to_xml(config, domain);
	if (doc->failed)
		(void)error_nomem(err);
	else if (domain_xml_normalise(doc, &xen_domain_caps,
		     DOMAIN_XML_PARSE_INACTIVE, err) == 0)
		return doc;
	doc_free(doc);
	return NULL;
}
