/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands that show typed parameters of a domain, or set those that are given
 * as options: a table each says which (struct tune).
 */
#ifndef CMD_PARAMS_H
#define CMD_PARAMS_H

#include <stddef.h>

#include "domain_options.h"

/* How a parameter is shown that is not just its name and value. */
struct param_view {
	const char *field;	/* NULL ends a list */
	const char *key;	/* in JSON, NULL: the field */
	/* Text and value of a special one; false: as the others. NULL: none. */
	bool (*special)(const struct xvm_typed_param *param,
	    const char **text_out, struct value *value_out);
};

/* "name: value", one a line. views: NULL or a list. */
void	params_show(struct cmd *cmd, const struct xvm_typed_param *v,
	    unsigned int n, const struct param_view *views);

/* An array that is freed at the command's end. */
struct params	*params_begin(struct cmd *cmd);

/* An option that becomes a parameter. */
struct param_option {
	const char *option;	/* NULL ends a list */
	const char *field;
	/* Add what is given. 0, or -1 after saying what is wrong. */
	int (*read)(struct cmd *cmd, const struct param_option *option,
	    struct params *params);
};

/* Where the struct of a call's arguments has what all these calls have. */
struct tune_args {
	int number;		/* XVM_CALL_* */
	size_t size;
	size_t dom, flags;
	size_t target;		/* 0: none */
	bool target_optional;	/* it is an xvm_opt_str */
	size_t nparams;		/* to get: how many at most */
	size_t list_len, list;	/* to set: the parameters */
};
struct tune_result {
	size_t list_len, list, nparams;
};

#define TUNE_AT(type, member) offsetof(struct xvm_##type, member)
#define TUNE_GET(number_, name) \
	.number = (number_), \
	.size = sizeof(struct xvm_##name##_args), \
	.dom = TUNE_AT(name##_args, dom), \
	.flags = TUNE_AT(name##_args, flags), \
	.nparams = TUNE_AT(name##_args, nparams)
#define TUNE_SET(number_, name) \
	.number = (number_), \
	.size = sizeof(struct xvm_##name##_args), \
	.dom = TUNE_AT(name##_args, dom), \
	.flags = TUNE_AT(name##_args, flags), \
	.list_len = TUNE_AT(name##_args, params.params_len), \
	.list = TUNE_AT(name##_args, params.params_val)
#define TUNE_RESULT(name) { \
	.list_len = TUNE_AT(name##_ret, params.params_len), \
	.list = TUNE_AT(name##_ret, params.params_val), \
	.nparams = TUNE_AT(name##_ret, nparams) }

struct tune {
	struct tune_args get, set;
	struct tune_result result;
	int max;		/* parameters that a call can carry */
	const char *target;	/* option that names the device, NULL: none */
	const struct param_option *options;
	const struct param_view *views;
	/* What is said when a call fails. */
	const char *cannot_count, *cannot_get, *cannot_set;
};

int	tune_run(struct cmd *cmd, const struct tune *tune);

#endif
