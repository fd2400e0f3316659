/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts that are loaded on first use. */
#include "module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside the program or in its prefix, where the loader does not look by
 * RUNPATH (it is a sanitizer's then that calls it). */
static void *
open_beside(const char *file)
{
	static const char *const places[] = { "xvm", "../lib/xvm" };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	void *handle = NULL;
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < 2 && handle == NULL; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s/%s", self,
		    places[i], file);
		handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	}
	return handle;
}

void *
module_load(const char *file, const char *symbol, struct error *err)
{
	void *handle, *sym = NULL;

	/* Loading one that is there already finds it again; never closed. */
	handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (handle == NULL)
		handle = open_beside(file);
	if (handle != NULL)
		sym = dlsym(handle, symbol);
	if (sym == NULL)
		error_set(err, XVM_FROM_NONE, XVM_ERR_INTERNAL_ERROR,
		    "cannot load module %s: %s", file, dlerror());
	return sym;
}
