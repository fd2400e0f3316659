/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text to words, as virsh splits it: blanks separate, ; and line feeds end a
 * command, # at the begin of a word begins a comment, '...' and "..." and \
 * quote, a \ before a line feed joins lines.
 */
#ifndef CMD_SPLIT_H
#define CMD_SPLIT_H

#include "args.h"

/* Split all of the text; what is wrong becomes a TOKEN_ERROR. -1: no memory. */
int	split_text(const char *text, struct tokens *out);
/*
 * The same for completion: an open quote ends with the text. start_out: where
 * the last word begins (the text's end when a new one would begin); the last
 * token before TOKEN_END is that word, maybe empty.
 */
int	split_partial(const char *text, struct tokens *out,
	    size_t *start_out);
/* Words of an argument vector, as they are. */
int	split_argv(int argc, char *const *argv, struct tokens *out);

#endif
