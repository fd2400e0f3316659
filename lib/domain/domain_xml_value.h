/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checking one value by its rule: what domain_xml_rule.c asks for. */
#ifndef LIB_DOMAIN_XML_VALUE_H
#define LIB_DOMAIN_XML_VALUE_H

#include "domain_xml_util.h"

/*
 * Check *value of an attribute (or text) of node and put its canonical
 * spelling there. 1 to be written, 0 not, -1 refused.
 */
int value_check(struct rule_ctx *ctx, const struct node *node,
    const struct rule_attr *rule, const char **value);

#endif
