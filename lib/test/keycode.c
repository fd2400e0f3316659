/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which numbers are keys. */
#include "keycode.h"

#include <stddef.h>

#include "../xvm-constants.h"

struct range {
	unsigned short first, last;
};

#define RANGES_END { 1, 0 }

static const struct range linux_codes[] = {
	{ 0, 265 }, { 272, 279 }, { 288, 299 }, { 303, 318 }, { 320, 327 },
	{ 330, 337 }, { 352, 439 }, { 448, 451 }, { 464, 484 }, { 497, 506 },
	{ 512, 524 }, RANGES_END,
};

/* What XT, AT set 1, XT as the kernel has it, and QNUM begin with. */
#define XT_PLAIN \
	{ 0, 95 }, { 99, 109 }, { 111, 121 }, { 123, 123 }, { 125, 126 }
/* And their extended keys, with base for the prefix. */
#define XT_EXTENDED(base) \
	{ (base) + 1, (base) + 12 }, { (base) + 14, (base) + 16 }, \
	{ (base) + 18, (base) + 41 }, { (base) + 43, (base) + 54 }, \
	{ (base) + 56, (base) + 95 }, { (base) + 99, (base) + 109 }, \
	{ (base) + 111, (base) + 121 }, { (base) + 123, (base) + 123 }, \
	{ (base) + 125, (base) + 125 }

static const struct range xt_codes[] = {
	XT_PLAIN, XT_EXTENDED(0xe000), RANGES_END,
};

static const struct range xt_kbd_codes[] = {
	XT_PLAIN, XT_EXTENDED(0x100), RANGES_END,
};

static const struct range qnum_codes[] = {
	XT_PLAIN, XT_EXTENDED(0x80), RANGES_END,
};

static const struct range atset2_codes[] = {
	{ 0, 1 }, { 3, 7 }, { 9, 15 }, { 17, 22 }, { 26, 30 }, { 33, 39 },
	{ 41, 47 }, { 49, 55 }, { 58, 63 }, { 65, 70 }, { 73, 78 },
	{ 81, 82 }, { 84, 85 }, { 88, 91 }, { 93, 93 }, { 95, 95 },
	{ 97, 100 }, { 102, 103 }, { 105, 109 }, { 112, 127 }, { 131, 131 },
	{ 57360, 57362 }, { 57364, 57365 }, { 57368, 57368 },
	{ 57375, 57377 }, { 57379, 57379 }, { 57383, 57384 },
	{ 57387, 57387 }, { 57391, 57392 }, { 57394, 57394 },
	{ 57396, 57396 }, { 57399, 57400 }, { 57402, 57403 },
	{ 57407, 57408 }, { 57416, 57416 }, { 57418, 57418 },
	{ 57421, 57421 }, { 57424, 57424 }, { 57434, 57434 },
	{ 57438, 57438 }, { 57449, 57449 }, { 57451, 57452 },
	{ 57455, 57458 }, { 57460, 57461 }, { 57463, 57463 },
	{ 57465, 57466 }, { 57469, 57469 }, RANGES_END,
};

static const struct range atset3_codes[] = {
	{ 0, 0 }, { 7, 63 }, { 65, 71 }, { 73, 79 }, { 82, 82 }, { 84, 103 },
	{ 105, 118 }, { 121, 122 }, { 124, 131 }, { 133, 135 }, { 139, 142 },
	{ 145, 145 }, { 147, 152 }, { 154, 163 }, RANGES_END,
};

static const struct range os_x_codes[] = {
	{ 0, 51 }, { 53, 65 }, { 67, 67 }, { 69, 69 }, { 71, 76 },
	{ 78, 107 }, { 109, 111 }, { 113, 126 }, { 255, 255 }, RANGES_END,
};

static const struct range usb_codes[] = {
	{ 0, 0 }, { 4, 48 }, { 50, 119 }, { 121, 125 }, { 133, 133 },
	{ 135, 140 }, { 144, 148 }, { 182, 183 }, { 224, 251 }, RANGES_END,
};

static const struct range win32_codes[] = {
	{ 0, 2 }, { 4, 6 }, { 8, 9 }, { 13, 13 }, { 17, 22 }, { 26, 29 },
	{ 32, 42 }, { 44, 57 }, { 65, 93 }, { 95, 135 }, { 144, 145 },
	{ 160, 161 }, { 163, 163 }, { 165, 180 }, { 186, 192 }, { 219, 222 },
	{ 226, 226 }, { 242, 242 }, { 250, 251 }, RANGES_END,
};

static const struct {
	const char *name;
	const struct range *codes;
} sets[] = {
	[XVM_KEYCODE_SET_LINUX] = { "linux", linux_codes },
	[XVM_KEYCODE_SET_XT] = { "xt", xt_codes },
	[XVM_KEYCODE_SET_ATSET1] = { "atset1", xt_codes },
	[XVM_KEYCODE_SET_ATSET2] = { "atset2", atset2_codes },
	[XVM_KEYCODE_SET_ATSET3] = { "atset3", atset3_codes },
	[XVM_KEYCODE_SET_OSX] = { "os_x", os_x_codes },
	[XVM_KEYCODE_SET_XT_KBD] = { "xt_kbd", xt_kbd_codes },
	[XVM_KEYCODE_SET_USB] = { "usb", usb_codes },
	[XVM_KEYCODE_SET_WIN32] = { "win32", win32_codes },
	[XVM_KEYCODE_SET_QNUM] = { "qnum", qnum_codes },
};

const char *
keycode_set_name(unsigned int set)
{
	return set < sizeof(sets) / sizeof(sets[0]) ? sets[set].name : NULL;
}

bool
keycode_is_valid(unsigned int set, unsigned int code)
{
	if (keycode_set_name(set) == NULL)
		return false;
	for (const struct range *r = sets[set].codes; r->first <= r->last;
	    r++) {
		if (code >= r->first && code <= r->last)
			return true;
	}
	return false;
}
