/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Standard output that may be held up, by a pager or whoever reads it late:
 * meanwhile the connection is kept, so that the other end does not take this
 * one for dead.
 */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include "../cmd/session.h"

/* To be called once, before anything is printed. A terminal stays as it is. */
void	output_attend(struct session *session);

#endif
