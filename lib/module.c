/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts that are loaded on first use. */
#include "module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside the program, where the loader does not look by RUNPATH (it is a
 * sanitizer's then that calls it). */
static void *
open_beside(const char *file)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL || (size_t)(slash - path) + strlen(file) + 6 >
	    sizeof(path))
		return NULL;
	(void)snprintf(slash, sizeof(path) - (size_t)(slash - path),
	    "/xvm/%s", file);
	return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
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
