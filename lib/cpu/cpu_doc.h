/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document that describes the CPU of a host or of a guest. */
#ifndef LIB_CPU_CPU_DOC_H
#define LIB_CPU_CPU_DOC_H

#include "../tree.h"
#include "cpu.h"

struct cpu_doc {
	struct doc *doc;	/* doc_free */
	const struct cpu_arch *arch;	/* NULL: of a guest */
	/* These are in the document; NULL: not said. */
	const char *model, *vendor;
};

/* Set what is wrong with CPUs as the error; -1. */
int	cpu_refuse(struct error *err, int code, const char *what);

/*
 * Read the CPU of a host, or with any set that of a guest too: it has no
 * <arch>. 0, or -1; the document is the caller's all the same.
 */
int	cpu_doc_read(const char *text, bool any, bool validate,
	    struct cpu_doc *out, struct error *err);

#endif
