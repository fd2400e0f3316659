/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The numbers and names of keys, as send-key takes them. */
#ifndef CMD_KEYCODES_H
#define CMD_KEYCODES_H

/* XVM_KEYCODE_SET_* of "linux", "usb" and so on; -1: there is no such set. */
int	keycode_set_find(const char *name);

/*
 * The number of a key: a number up to 65535 in C's notation, or a name that
 * the set has. -1: neither.
 */
int	keycode_read(int set, const char *text);

#endif
