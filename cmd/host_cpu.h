/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands about CPUs read: descriptions in a file, the emulator. */
#ifndef CMD_HOST_CPU_H
#define CMD_HOST_CPU_H

#include "domain_options.h"

#define CPUS_MAX 256		/* in one call */

struct cpus {
	char *list[CPUS_MAX];	/* <cpu> elements as text */
	unsigned int n;		/* not 0 */
};

/* Every CPU that a file describes. 0, or -1 after saying why. */
int	host_read_cpus(struct cmd *cmd, const char *path, struct cpus *out);

/* The emulator that is meant; each is NULL when it is not given. */
struct emulator {
	const char *virttype, *path, *arch, *machine;
};

#define OPTIONS_EMULATOR \
	OPTION_TEXT("virttype", "kind of virtualization, a domain's type", \
	    NULL), \
	OPTION_TEXT("emulator", "path of the emulator", NULL), \
	OPTION_TEXT("arch", "architecture of the CPU", complete_arch), \
	OPTION_TEXT("machine", "machine type", NULL)

int	host_read_emulator(struct cmd *cmd, struct emulator *out);

#endif
