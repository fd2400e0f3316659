/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver for Xen, by name: what it is made of is loaded on first use. */
#include "xen_driver.h"

const struct driver xen_driver = {
	.name = "xen",
	.module = "xvm-xen.so",
	.local = true,
};
