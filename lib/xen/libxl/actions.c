/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is done when a domain ends: on_poweroff, on_reboot, on_crash. */
#include "../../local_answers.h"
#include "edit.h"

static const enum mark_end ends[] = {
	[XVM_DOMAIN_LIFECYCLE_POWEROFF] = MARK_POWEROFF,
	[XVM_DOMAIN_LIFECYCLE_REBOOT] = MARK_REBOOT,
	[XVM_DOMAIN_LIFECYCLE_CRASH] = MARK_CRASH,
};

/* The watcher goes by the mark; a domain without one is not ours. */
static int
set_mark(struct side *side, const struct side_domain *dom, unsigned int type,
    const char *action, struct error *err)
{
	struct mark mark;
	int rc = mark_read(side->xs, dom->uuid, &mark, err);

	if (rc == 0)
		return error_set(err, XVM_FROM_LIBXL,
		    XVM_ERR_OPERATION_INVALID, "domain '%s' was started by "
		    "another program, which decides what is done when it ends",
		    dom->name);
	if (rc < 0)
		return -1;
	mark.on[ends[type]] = (enum mark_action)mark_action(action);
	return mark_write(side->xs, &mark, err);
}

static int
set_action(struct side *side, struct side_edit *edit, unsigned int type,
    const char *element, const char *action, struct error *err)
{
	if (edit->live != NULL) {
		if (set_mark(side, &edit->dom, type, action, err) != 0)
			return -1;
		node_set_text(edit_need(edit->live->root, element), action);
	}
	if (edit->config != NULL)
		node_set_text(edit_need(edit->config->root, element), action);
	return side_edit_end(side, edit, err);
}

int
side_domain_set_lifecycle_action(struct side *side, struct call *call)
{
	const struct xvm_domain_set_lifecycle_action_args *args = call->args;
	const char *element, *action;
	struct side_edit edit;
	int rc;

	if (xen_check_flags(args->flags, XVM_DOMAIN_AFFECT_LIVE |
	    XVM_DOMAIN_AFFECT_CONFIG, "libxlDomainSetLifecycleAction",
	    &call->err) != 0 || local_lifecycle(args->type, args->action,
	    &element, &action, &call->err) != 0)
		return -1;
	rc = side_edit_begin(side, &args->dom, args->flags, &edit,
	    &call->err);
	if (rc == 0)
		rc = set_action(side, &edit, args->type, element, action,
		    &call->err);
	side_edit_release(&edit);
	return rc;
}
