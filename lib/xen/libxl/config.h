/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain's configuration between our document and libxl's structures. The
 * document is canonical (domain_xml_normalise with xen_domain_caps); what it
 * asks for and Xen or libxl cannot do is refused with the line.
 *
 * ctx is for logging and for what the host has; NULL is allowed, then the
 * host is not asked. Nothing here needs a hypervisor.
 */
#ifndef LIB_XEN_LIBXL_CONFIG_H
#define LIB_XEN_LIBXL_CONFIG_H

#include <libxl.h>
#include <libxl_utils.h>

#include "error.h"
#include "tree.h"

/* Sockets of channels that have no path: DOMAIN-CHANNEL in this directory. */
#define CONFIG_CHANNELS "/run/xvm/channel"

/*
 * <domain> to libxl. *out is initialised here; on success the caller disposes
 * of it, on failure it is disposed of.
 */
int config_from_xml(libxl_ctx *ctx, const struct node *domain,
    libxl_domain_config *out, struct error *err);
/*
 * And back, into canonical form: for domains that have no document (xl's). The
 * domain's id is not in a configuration: that is the caller's to set.
 */
struct doc *config_to_xml(
    libxl_ctx *ctx, const libxl_domain_config *config, struct error *err);

/*
 * One device, for attaching, detaching, changing: from its element, in the
 * context of <domain> (in which it need not be). *out as above.
 */
int config_disk(libxl_ctx *ctx, const struct node *domain,
    const struct node *disk, libxl_device_disk *out, struct error *err);
int config_nic(libxl_ctx *ctx, const struct node *domain,
    const struct node *interface, libxl_device_nic *out, struct error *err);
/* <hostdev type='pci'>, <interface type='hostdev'>. */
int config_pci(libxl_ctx *ctx, const struct node *domain,
    const struct node *device, libxl_device_pci *out, struct error *err);
/* <hostdev type='usb'>: by bus and device, or by vendor and product. */
int config_usbdev(libxl_ctx *ctx, const struct node *domain,
    const struct node *hostdev, libxl_device_usbdev *out, struct error *err);
/* <controller type='usb'>. */
int config_usbctrl(libxl_ctx *ctx, const struct node *domain,
    const struct node *controller, libxl_device_usbctrl *out,
    struct error *err);
/* <input bus='xen'>. */
int config_vkb(libxl_ctx *ctx, const struct node *domain,
    const struct node *input, libxl_device_vkb *out, struct error *err);
/* <channel> with <target type='xen'>. */
int config_channel(libxl_ctx *ctx, const struct node *domain,
    const struct node *channel, libxl_device_channel *out, struct error *err);

#endif
