/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts from outside are checked against their limit and against the bytes
 * that are left before libtirpc allocates for them: four bytes could otherwise
 * claim megabytes. A text must be there to be encoded.
 */
#define CALL_XDR_PLAIN
#include "call_xdr.h"

/*
 * When decoding: does the count ahead fit, with at least unit bytes for each
 * element? The stream stays where it is. The memory stream of libtirpc keeps
 * the bytes that are left in x_handy.
 */
static bool_t
count_fits(XDR *xdrs, u_int max, u_int unit)
{
	u_int at, count;

	if (xdrs->x_op != XDR_DECODE)
		return TRUE;
	at = xdr_getpos(xdrs);
	if (!xdr_u_int(xdrs, &count))
		return FALSE;
	if (count > max || count > xdrs->x_handy / unit)
		return FALSE;
	return xdr_setpos(xdrs, at);
}

bool_t
call_xdr_array(XDR *xdrs, char **addrp, u_int *sizep, u_int max, u_int elsize,
    xdrproc_t elproc)
{
	return count_fits(xdrs, max, BYTES_PER_XDR_UNIT) &&
	    xdr_array(xdrs, addrp, sizep, max, elsize, elproc);
}

bool_t
call_xdr_bytes(XDR *xdrs, char **addrp, u_int *sizep, u_int max)
{
	return count_fits(xdrs, max, 1) && xdr_bytes(xdrs, addrp, sizep, max);
}

bool_t
call_xdr_string(XDR *xdrs, char **addrp, u_int max)
{
	if (xdrs->x_op == XDR_ENCODE && *addrp == NULL)
		return FALSE;
	return count_fits(xdrs, max, 1) && xdr_string(xdrs, addrp, max);
}
