/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls of libvirt's protocol that lib/calls.def does not have. */
#ifndef TUNNEL_ABSENT_H
#define TUNNEL_ABSENT_H

/*
 * What libvirt calls that procedure in its error texts, so that a stock client
 * reads which of its calls is not supported. NULL: nobody's procedure.
 */
const char	*absent_api(unsigned int number);

#endif
