/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drivers that xvsh and libxvm open connections with. */
#include "../lib/driver.h"
#include "../lib/test/test_driver.h"
#include "../lib/xen_driver.h"
#include "drivers.h"
#include "remote.h"

const struct driver *const client_drivers[] = {
	&test_driver,
	&xen_driver,
	&remote_driver,
	NULL,
};
