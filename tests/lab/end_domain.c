/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* end_domain ID: the domain powers off at once, as if it had done so itself. */
#include <stdlib.h>

#include <xenctrl.h>

int
main(int argc, char **argv)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);

	return argc != 2 || xc == NULL || xc_domain_shutdown(xc,
	    (uint32_t)atoi(argv[1]), SHUTDOWN_poweroff) != 0;
}
