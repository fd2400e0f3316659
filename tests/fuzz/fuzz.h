/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What fuzz targets share. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* One input, for libFuzzer or corpus.c. Returns 0. */
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold whatever the input; also with NDEBUG. */
#define FUZZ_ASSERT(e) do { \
	if (!(e)) { \
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
		    #e); \
		abort(); \
	} \
} while (0)

#endif
