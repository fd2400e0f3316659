/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where others' sockets and our own are. */
#ifndef TUNNEL_PATHS_H
#define TUNNEL_PATHS_H

#define PATH_LIBVIRT_SOCKET "/var/run/libvirt/libvirt-sock"
#define PATH_RUN_DIR "/run/xvm"
#define PATH_VIRTD_SOCKET PATH_RUN_DIR "/virtd-sock"

#endif
