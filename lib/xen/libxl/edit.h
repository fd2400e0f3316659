/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing a domain's documents: the one of the running domain, the one that
 * is defined, or both, as XVM_DOMAIN_AFFECT_* flags say.
 */
#ifndef LIB_XEN_LIBXL_EDIT_H
#define LIB_XEN_LIBXL_EDIT_H

#include "../../domain/domain_edit.h"
#include "side.h"

struct side_edit {
	struct side_domain dom;
	struct doc *live, *config;	/* NULL: not meant */
	bool derived;	/* live: made of libxl's configuration, not stored */
	int lock;			/* while they are changed; -1 */
};

/*
 * Find the domain and read its documents; released by side_edit_release, also
 * after a failure.
 */
int	side_edit_begin(struct side *side, const struct xvm_domain *ref,
	    unsigned int flags, struct side_edit *out, struct error *err);
/* Write them back. */
int	side_edit_end(struct side *side, struct side_edit *edit,
	    struct error *err);
void	side_edit_release(struct side_edit *edit);

#endif
