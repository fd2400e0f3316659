/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Typed parameters: named values, each an int, uint, llong, ullong, double,
 * boolean or string (XVM_TYPED_*), in arrays of struct xvm_typed_param as the
 * calls carry them.
 */
#ifndef LIB_TYPED_PARAM_H
#define LIB_TYPED_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "xvm-calls.h"

struct buf;

/*
 * A growing array. A failed allocation sticks: later writes do nothing and
 * params_detach fails. Names and strings are copied.
 */
struct params {
	struct xvm_typed_param *v;
	unsigned int n, size;
	bool failed;
};

#define PARAMS_INIT { 0 }

void	params_release(struct params *p);
/* Keep the first n only. */
void	params_truncate(struct params *p, unsigned int n);
void	params_add_int(struct params *p, const char *name, int value);
void	params_add_uint(struct params *p, const char *name,
	    unsigned int value);
void	params_add_llong(struct params *p, const char *name, int64_t value);
void	params_add_ullong(struct params *p, const char *name,
	    uint64_t value);
void	params_add_double(struct params *p, const char *name, double value);
void	params_add_boolean(struct params *p, const char *name, bool value);
/* NULL is taken as "". */
void	params_add_string(struct params *p, const char *name,
	    const char *value);
/* A copy of somebody's parameter. */
void	params_add(struct params *p, const struct xvm_typed_param *param);
/* Append from text, as a user wrote it; -1 when it is not of the type. */
int	params_add_text(struct params *p, const char *name, int type,
	    const char *text, struct error *err);
/*
 * Give the array away to a result's two fields; p is empty then. 0, or -1 when
 * memory ran out (all is freed then).
 */
int	params_detach(struct params *p, unsigned int *n_out,
	    struct xvm_typed_param **v_out, struct error *err);

/* The first parameter with the name, or NULL. */
const struct xvm_typed_param	*params_find(const struct xvm_typed_param *v,
				    unsigned int n, const char *name);
/*
 * The value of a name: 1 and *out filled, 0 when it is not there, -1 when it
 * has another type ("Invalid type 'x' requested for parameter ...").
 */
int	params_get_int(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, int *out, struct error *err);
int	params_get_uint(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, unsigned int *out, struct error *err);
int	params_get_llong(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, int64_t *out, struct error *err);
int	params_get_ullong(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, uint64_t *out, struct error *err);
int	params_get_double(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, double *out, struct error *err);
int	params_get_boolean(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, bool *out, struct error *err);
int	params_get_string(const struct xvm_typed_param *v, unsigned int n,
	    const char *name, const char **out, struct error *err);

/* One parameter that a call takes; a table of them ends with name NULL. */
struct param_rule {
	const char *name;
	int type;
	bool multiple;		/* may occur more than once */
};

/*
 * Are all of them in the table, of the type there, and none twice? 0 or -1, in
 * libvirt's words. A failure is the one of the first name in sorted order.
 */
int	params_validate(const struct xvm_typed_param *v, unsigned int n,
	    const struct param_rule *rules, struct error *err);

/* "int", "uint" ..., "unknown". */
const char	*param_type_name(int type);
/* The value as commands show it: booleans yes/no, doubles with six places. */
void	param_format(const struct xvm_typed_param *param, struct buf *out);

#endif
