/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments that are wrong whatever the driver. */
#include "call_check.h"

#include <string.h>

/* Two flags of a call that exclude each other. */
struct exclusive {
	int number;
	size_t offset;		/* of the flags in the arguments */
	unsigned int a, b;
	const char *a_name, *b_name;
};

#define EXCLUSIVE(CALL, call, A, B) \
	{ XVM_CALL_##CALL, offsetof(struct xvm_##call##_args, flags), \
	    XVM_##A, XVM_##B, "VIR_" #A, "VIR_" #B }

static const struct exclusive exclusives[] = {
	EXCLUSIVE(DOMAIN_SAVE_FLAGS, domain_save_flags,
	    DOMAIN_SAVE_RUNNING, DOMAIN_SAVE_PAUSED),
	EXCLUSIVE(DOMAIN_RESTORE_FLAGS, domain_restore_flags,
	    DOMAIN_SAVE_RUNNING, DOMAIN_SAVE_PAUSED),
};

int
call_check_args(const struct call_type *type, const void *args,
    struct error *err)
{
	for (size_t i = 0; i < sizeof(exclusives) / sizeof(exclusives[0]);
	    i++) {
		const struct exclusive *x = &exclusives[i];
		unsigned int flags;

		if (x->number != type->number)
			continue;
		memcpy(&flags, (const char *)args + x->offset, sizeof(flags));
		if ((flags & x->a) != 0 && (flags & x->b) != 0)
			return error_set(err, XVM_FROM_NONE,
			    XVM_ERR_INVALID_ARG,
			    "Flags '%s' and '%s' are mutually exclusive",
			    x->a_name, x->b_name);
	}
	return 0;
}
