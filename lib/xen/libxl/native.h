/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xl.cfg, the configuration format of Xen's own tool (xl.cfg(5)), and our
 * document: what domxml-from-native and domxml-to-native call "xen-xl".
 */
#ifndef LIB_XEN_LIBXL_NATIVE_H
#define LIB_XEN_LIBXL_NATIVE_H

#include <stddef.h>

#include <libxl.h>

#include "error.h"
#include "tree.h"

#define NATIVE_FORMAT "xen-xl"

/* Text to libxl's structure, as xl reads it. *out as of config_from_xml. */
int native_read(
    const char *text, size_t n, libxl_domain_config *out, struct error *err);
/* And back: text from which xl reads the same structure; the caller's. */
char *native_write(const libxl_domain_config *config, struct error *err);

/* Text to a canonical document and back. */
int native_parse(libxl_ctx *ctx, const char *text, size_t n,
    struct doc **doc_out, struct error *err);
char *native_format(libxl_ctx *ctx, const struct doc *doc, struct error *err);

#endif
