/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said about an event of a domain, in a line or more. */
#ifndef CMD_EVENT_TEXT_H
#define CMD_EVENT_TEXT_H

#include <stddef.h>

struct cmd;
struct event;

/* The name of an event's id (XVM_DOMAIN_EVENT_ID_*): "lifecycle"; or NULL. */
const char	*event_name(size_t id);
/* The id of an event that came; -1: not one of a domain. */
int	event_id(const struct event *event);
/*
 * Say it, with when (NULL: nothing) in front; JSON: the members of the object
 * that is open.
 */
void	event_print(struct cmd *cmd, const struct event *event,
	    const char *when);

#endif
