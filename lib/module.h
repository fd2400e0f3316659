/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parts that are loaded on first use: shared objects beside the program
 * (build tree) or in $(LIBDIR)/xvm, found by the program's RUNPATH, never by
 * the environment of a privileged program.
 */
#ifndef LIB_MODULE_H
#define LIB_MODULE_H

#include "error.h"

/* The module's symbol; loaded once, stays loaded. NULL on failure. */
void	*module_load(const char *file, const char *symbol, struct error *err);

#endif
