/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What commands share that attach, detach or update a device of a domain: the
 * options that say which configuration is meant, devices found in the
 * domain's XML, and the calls.
 */
#ifndef CMD_DEVICE_H
#define CMD_DEVICE_H

#include "../lib/tree.h"
#include "domain_options.h"

#define OPTION_PERSISTENT \
	OPTION_SWITCH("persistent", "as --config, and --live if it runs")
#define OPTIONS_DEVICE OPTION_PERSISTENT, OPTIONS_AFFECT

/* The flags of these options; -1 after saying that they exclude each other. */
int	device_flags(struct cmd *cmd, unsigned int *flags_out);
/* For --persistent: the domain's state may add one. */
void	device_add_live(struct cmd *cmd, const struct xvm_domain *dom,
	    unsigned int *flags);
/* The same from an answer that came in a batch. */
void	device_add_live_of(struct cmd *cmd, const struct call *is_active,
	    unsigned int *flags);

/*
 * A call about a device; without flags the old call without them, unless
 * --current is given. NULL: it failed.
 */
typedef const void	*device_call(struct cmd *cmd,
			    const struct xvm_domain *dom, const char *xml,
			    unsigned int flags);
device_call	device_attach, device_detach, device_update;
/*
 * What attach-device, detach-device and update-device do with the file that
 * they are given: verb and done are for what they say.
 */
int	device_from_file(struct cmd *cmd, device_call *change,
	    unsigned int more_flags, const char *verb, const char *done);

/*
 * A domain's description with all its white space, so that a device comes out
 * as it is there. NULL: the reason is the command's.
 */
struct node	*device_doc(struct cmd *cmd, const char *xml);
/* The XML of one of its devices. */
const char	*device_xml(struct cmd *cmd, const struct node *device);
/*
 * A disk by its target or source, without its backing store; with removable
 * no hard disk. NULL after saying.
 */
struct node	*device_disk(struct cmd *cmd, const char *xml,
		    const char *path, bool removable);

#endif
