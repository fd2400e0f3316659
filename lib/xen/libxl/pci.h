/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PCI devices of the host that domains are given: whose they are, and their
 * way back. libxl takes a managed one from its driver and gives it to pciback;
 * that it returns when the domain has done with it is left to its callers.
 */
#ifndef LIB_XEN_LIBXL_PCI_H
#define LIB_XEN_LIBXL_PCI_H

#include "side.h"

/*
 * Refuse a device that is not there or that a domain has. libxl would reset it
 * first, or not say whose it is. 0 or -1.
 */
int	side_pci_check(struct side *side, const libxl_device_pci *pci,
	    struct error *err);
int	side_pci_check_all(struct side *side, const libxl_domain_config *config,
	    struct error *err);
/* Back to its driver, when it is managed and no domain has it. */
void	side_pci_return(struct side *side, const libxl_device_pci *pci);
void	side_pci_return_all(struct side *side,
	    const libxl_domain_config *config);
/*
 * The devices that a running domain has by its document, for
 * side_pci_return_all when it has ended. *out is to be disposed of.
 */
void	side_pci_of(struct side *side, int id, libxl_domain_config *out);

#endif
