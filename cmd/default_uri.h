/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hypervisor is meant when nobody says. */
#ifndef CMD_DEFAULT_URI_H
#define CMD_DEFAULT_URI_H

struct session;

/*
 * XVSH_DEFAULT_URI, VIRSH_DEFAULT_CONNECT_URI, LIBVIRT_DEFAULT_URI, uri_default
 * of the configuration file, xen:/// in a control domain, test:///default (an
 * interactive session is told so on stderr). The caller frees it; NULL when
 * out of memory.
 */
char	*default_uri(struct session *session);

#endif
