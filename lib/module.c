/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts that are loaded on first use. */
#include "module.h"

#include <dlfcn.h>
#include <stddef.h>

void *
module_load(const char *file, const char *symbol, struct error *err)
{
	void *handle, *sym = NULL;

	/* Loading one that is there already finds it again; never closed. */
	handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (handle != NULL)
		sym = dlsym(handle, symbol);
	if (sym == NULL)
		error_set(err, XVM_FROM_NONE, XVM_ERR_INTERNAL_ERROR,
		    "cannot load module %s: %s", file, dlerror());
	return sym;
}
