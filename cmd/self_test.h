/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Are all commands declared in good order? */
#ifndef CMD_SELF_TEST_H
#define CMD_SELF_TEST_H

struct cmd;

/* 0, or -1 after naming each fault. */
int	self_test_commands(struct cmd *cmd);

#endif
