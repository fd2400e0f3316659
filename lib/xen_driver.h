/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver for the Xen hypervisor of this host: a module (lib/xen). */
#ifndef LIB_XEN_DRIVER_H
#define LIB_XEN_DRIVER_H

#include "driver.h"

extern const struct driver xen_driver;

#endif
