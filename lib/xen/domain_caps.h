/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen brings to a domain's document: guests, defaults, refusals. */
#ifndef LIB_XEN_DOMAIN_CAPS_H
#define LIB_XEN_DOMAIN_CAPS_H

#include "domain/domain_xml.h"

extern const struct domain_caps xen_domain_caps;

#endif
