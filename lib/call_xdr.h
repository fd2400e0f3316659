/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Included by rpcgen's code for calls.x in place of its own header: libtirpc's
 * XDR, with the functions that allocate by a count from outside replaced by
 * ones that check the count first.
 */
#ifndef LIB_CALL_XDR_H
#define LIB_CALL_XDR_H

#include <rpc/types.h>
#include <rpc/xdr.h>

#include "xvm-calls.h"

bool_t	call_xdr_array(XDR *, char **, u_int *, u_int, u_int, xdrproc_t);
bool_t	call_xdr_bytes(XDR *, char **, u_int *, u_int);
bool_t	call_xdr_string(XDR *, char **, u_int);

#ifndef CALL_XDR_PLAIN
#define xdr_array call_xdr_array
#define xdr_bytes call_xdr_bytes
#define xdr_string call_xdr_string
#endif

#endif
