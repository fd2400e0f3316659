/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reason of a failure. A function that can fail returns 0 or -1 (or
 * NULL) and fills the caller's struct error, its last parameter, where the
 * failure is understood. It maps one to one onto struct xvm_error on the wire.
 *
 * Codes and domains are XVM_ERR_* and XVM_FROM_* of xvm-constants.h. The
 * message of a code has a fixed beginning ("Domain not found") to which the
 * detail is added, as libvirt's clients know it.
 */
#ifndef LIB_ERROR_H
#define LIB_ERROR_H

#include "xvm-constants.h"

struct xvm_error;

struct error {
	int code;		/* XVM_ERR_OK (0): no error */
	int domain;		/* XVM_FROM_*: which part reports it */
	int level;		/* XVM_ERR_WARNING or XVM_ERR_ERROR */
	int int1, int2;		/* extra numbers, -1 unless told otherwise */
	char *message;		/* whole text, never NULL when code is set */
	char *str1, *str2, *str3;	/* extra texts or NULL */
};

#define ERROR_INIT { 0 }

/*
 * Replace *err by a new error of the code, with the detail in fmt (NULL: the
 * code's text alone). Out of memory leaves code XVM_ERR_NO_MEMORY and a static
 * text. Always returns -1, so that a caller can return it.
 */
int	error_set(struct error *err, int domain, int code, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));
/* The same with ": strerror(errnum)" behind the detail; XVM_ERR_SYSTEM_ERROR. */
int	error_system(struct error *err, int domain, int errnum,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/*
 * XVM_ERR_INVALID_ARG as libvirt reports a wrong argument of one of its
 * functions: the message is fmt's text alone, without "invalid argument".
 */
int	error_argument(struct error *err, int domain, const char *function,
	    const char *argument, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
/* Out of memory. Returns -1. */
int	error_nomem(struct error *err);
/* The domain of what libvirt's function API reports itself. */
int	error_api_domain(const char *api);
/* "this function is not supported by the connection driver: API". */
int	error_unsupported(struct error *err, const char *api);

/* Free what it holds and make it "no error"; twice is legal. */
void	error_release(struct error *err);
/* Hand src over to dst (whose old content is freed); src is empty then. */
void	error_move(struct error *dst, struct error *src);
int	error_copy(struct error *dst, const struct error *src);

/* To and from the wire's struct (strings are copied). */
void	error_to_wire(const struct error *err, struct xvm_error *wire_out);
void	error_from_wire(struct error *err, const struct xvm_error *wire);

#endif
