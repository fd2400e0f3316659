/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual CPUs and those of the host: how many there are, sets of them. */
#ifndef CMD_VCPU_H
#define CMD_VCPU_H

#include "command.h"

/*
 * For each of n sets of flags (XVM_DOMAIN_VCPU_*) the number of virtual CPUs,
 * in one round trip. -1 where the question does not apply: live, and the
 * domain is not active; config, and it is transient. 0, or -1 and the reason
 * is the command's.
 */
int	vcpu_counts(struct cmd *cmd, const struct xvm_domain *dom,
	    const unsigned int *flags, int *counts_out, size_t n);

/* How many CPUs the host could have. -1: the reason is the command's. */
int	host_cpu_count(struct cmd *cmd);
/*
 * The map of a list of CPUs, of which the host has n: one bit a CPU. 'r' is
 * all of them. NULL after saying why; *len_out is its bytes.
 */
char	*read_cpulist(struct cmd *cmd, const char *list, int n,
	    unsigned int *len_out);

#endif
