/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Below <features>: what the sets of features (domain_xml_feature_sets.c) and
 * the single ones (domain_xml_features.c) share.
 */
#ifndef LIB_DOMAIN_XML_FEATURES_H
#define LIB_DOMAIN_XML_FEATURES_H

#include "domain_xml_util.h"

extern const struct rule feature_hyperv_children[];
extern const struct rule feature_kvm_children[];
extern const struct rule feature_xen_children[];
extern const struct rule feature_capabilities_children[];
extern const struct rule_attr feature_hyperv_attrs[];
extern const struct rule_attr feature_capabilities_attrs[];

/* Hooks of the four. */
int feature_hyperv_before(struct rule_ctx *ctx, struct node *node);
int feature_kvm_before(struct rule_ctx *ctx, struct node *node);
int feature_xen_before(struct rule_ctx *ctx, struct node *node);
int feature_capabilities_before(struct rule_ctx *ctx, struct node *node);
int feature_capabilities_after(struct rule_ctx *ctx, struct node *node);
int feature_keep_open(struct rule_ctx *ctx, struct node *node);

/* state='on|off', which must be there, or may. */
extern const struct rule_attr feature_state_required[];
extern const struct rule_attr feature_state_attrs[];
/* A hook: without a state it is on. */
int feature_default_on(struct rule_ctx *ctx, struct node *node);
bool feature_is_on(const struct node *node);
/* A child that is in no table is refused here, not kept. */
int feature_refuse_strangers(struct rule_ctx *ctx, const struct node *node,
    const struct rule *known, const char *words);

#endif
