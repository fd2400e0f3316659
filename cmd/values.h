/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small things that many commands say alike: the option that names a domain,
 * numbers with a name, typed parameters, sizes for people, sets of CPUs.
 */
#ifndef CMD_VALUES_H
#define CMD_VALUES_H

#include "../lib/typed_param.h"
#include "command.h"
#include "complete.h"

/* The first option of most commands; which: XVM_CONNECT_LIST_DOMAINS_*. */
#define OPTION_DOMAIN(which) { .name = "domain", .type = OPTION_DATA, \
	.flags = OPTION_REQUIRED, .help = "name, id or UUID of the domain", \
	.complete = complete_domain, .complete_flags = (which) }
#define OPTION_SWITCH(name_, help_) \
	{ .name = (name_), .type = OPTION_BOOL, .help = (help_) }

/* The text of a number, by a list of them; other is for all others. */
#define NAME_OF(names, number, other) \
	name_of(names, sizeof(names) / sizeof((names)[0]), (number), (other))
const char	*name_of(const char *const *names, size_t n, int number,
		    const char *other);
/* Its place in a list, -1: not there. */
#define NUMBER_OF(names, name) \
	number_of(names, sizeof(names) / sizeof((names)[0]), (name))
int	number_of(const char *const *names, size_t n, const char *name);

/* A list of bits for a list of switches. */
struct flag_option {
	const char *name;	/* of the option */
	unsigned int bit;
};
unsigned int	cmd_flags(struct cmd *cmd, const struct flag_option *list,
		    size_t n);

/* A call's optional text: NULL, or *s. The call only reads it. */
static inline xvm_opt_str
opt_str(const char **s)
{
	return *s == NULL ? NULL : (xvm_opt_str)(void *)s;
}

struct value	param_value(const struct xvm_typed_param *param);
/* As commands show it. */
const char	*param_text(struct cmd *cmd,
		    const struct xvm_typed_param *param);
/* As events and raw figures have it: 1 for yes, 0.5 for 0.500000. */
void	param_format_raw(const struct xvm_typed_param *param,
	    struct buf *out);

/* A number of bytes below 1024 of the unit that fits: "B" to "EiB". */
double	pretty_size(uint64_t bytes, const char **unit_out);

/* The bits set among n: "0-2,5". */
const char	*bits_text(struct cmd *cmd, const unsigned char *map,
		    size_t n_bits);
bool	bit_is_set(const unsigned char *map, size_t n_bytes, size_t bit);

#endif
