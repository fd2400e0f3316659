/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guests that Xen runs, and what is Xen's in their documents. */
#include "domain_caps.h"

#define EMULATOR "/usr/lib/xen/bin/qemu-system-i386"

static const struct domain_guest guests[] = {
    {"xen", "x86_64", "xen", EMULATOR, "xenpv"},
    {"xen", "i686", "xen", EMULATOR, "xenpv"},
    {"hvm", "i686", "xen", EMULATOR, "xenfv"},
    {"xenpvh", "i686", "xen", EMULATOR, "xenpvh"},
    {"hvm", "x86_64", "xen", EMULATOR, "xenfv"},
    {"xenpvh", "x86_64", "xen", EMULATOR, "xenpvh"},
    {.os_type = NULL},
};

const struct domain_caps xen_domain_caps = {
    .guests = guests,
    .error_domain = XVM_FROM_LIBXL,
    .mac_prefix = {0x00, 0x16, 0x3e},
    .xen = true,
};
