/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which numbers are keys, by the sets of key codes (XVM_KEYCODE_SET_*). */
#ifndef LIB_TEST_KEYCODE_H
#define LIB_TEST_KEYCODE_H

#include <stdbool.h>

/* The set's name in error texts; NULL: there is no such set. */
const char	*keycode_set_name(unsigned int set);
bool	keycode_is_valid(unsigned int set, unsigned int code);

#endif
