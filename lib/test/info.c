/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test domain is: its state, its figures, its XML. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

int
test_domain_get_state(void *state, struct call *call)
{
	const struct xvm_domain_get_state_args *args = call->args;
	struct xvm_domain_get_state_ret *ret = call->ret;
	struct test_domain *dom;

	if (test_check_flags(args->flags, 0, "testDomainGetState",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	ret->state = dom->state;
	ret->reason = dom->reason;
	return 0;
}

int
test_domain_get_info(void *state, struct call *call)
{
	const struct xvm_domain_get_info_args *args = call->args;
	struct xvm_domain_get_info_ret *ret = call->ret;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);
	struct timespec now;

	if (dom == NULL)
		return -1;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	ret->state = (unsigned char)dom->state;
	ret->max_mem = dom->memory_max_kib;
	ret->memory = dom->memory_kib;
	ret->nr_virt_cpu = (unsigned short)dom->vcpus;
	/* The time since the epoch, in whole microseconds. */
	ret->cpu_time = (uint64_t)now.tv_sec * 1000000000 +
	    (uint64_t)now.tv_nsec / 1000 * 1000;
	return 0;
}

int
test_domain_get_xml_desc(void *state, struct call *call)
{
	const unsigned int supported = XVM_DOMAIN_XML_SECURE |
	    XVM_DOMAIN_XML_INACTIVE | XVM_DOMAIN_XML_MIGRATABLE;
	const struct xvm_domain_get_xml_desc_args *args = call->args;
	struct xvm_domain_get_xml_desc_ret *ret = call->ret;
	struct test_domain *dom;
	struct doc *config;
	bool inactive = (args->flags & XVM_DOMAIN_XML_INACTIVE) != 0;

	if (test_check_flags(args->flags, supported, "testDomainGetXMLDesc",
	    &call->err) != 0)
		return -1;
	dom = test_domain_get(state, &args->dom, &call->err);
	if (dom == NULL)
		return -1;
	if (inactive && dom->next_config != NULL)
		config = dom->next_config;
	else
		config = test_domain_config(dom, &call->err);
	if (config == NULL)
		return -1;
	ret->xml = domain_xml_format(config, inactive ? -1 : dom->id,
	    args->flags, &call->err);
	return ret->xml != NULL ? 0 : -1;
}

int
test_domain_is_active(void *state, struct call *call)
{
	const struct xvm_domain_is_active_args *args = call->args;
	struct xvm_domain_is_active_ret *ret = call->ret;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);

	if (dom == NULL)
		return -1;
	ret->active = dom->id >= 0;
	return 0;
}

int
test_domain_is_persistent(void *state, struct call *call)
{
	const struct xvm_domain_is_persistent_args *args = call->args;
	struct xvm_domain_is_persistent_ret *ret = call->ret;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);

	if (dom == NULL)
		return -1;
	ret->persistent = dom->persistent;
	return 0;
}

int
test_domain_is_updated(void *state, struct call *call)
{
	struct xvm_domain_is_updated_ret *ret = call->ret;

	(void)state;
	ret->updated = 0;
	return 0;
}

int
test_domain_get_autostart(void *state, struct call *call)
{
	const struct xvm_domain_get_autostart_args *args = call->args;
	struct xvm_domain_get_autostart_ret *ret = call->ret;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);

	if (dom == NULL)
		return -1;
	ret->autostart = dom->autostart;
	return 0;
}

int
test_domain_set_autostart(void *state, struct call *call)
{
	const struct xvm_domain_set_autostart_args *args = call->args;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);

	if (dom == NULL)
		return -1;
	dom->autostart = args->autostart != 0;
	return 0;
}

int
test_domain_get_os_type(void *state, struct call *call)
{
	struct xvm_domain_get_os_type_ret *ret = call->ret;

	(void)state;
	return test_text("linux", &ret->type, &call->err);
}

int
test_domain_get_security_label(void *state, struct call *call)
{
	const struct xvm_domain_get_security_label_args *args = call->args;
	struct xvm_domain_get_security_label_ret *ret = call->ret;
	struct test_domain *dom = test_domain_get(state, &args->dom,
	    &call->err);
	const char *label;

	if (dom == NULL)
		return -1;
	label = dom->id >= 0 ? "libvirt-test" : "";
	ret->enforcing = dom->id >= 0;
	ret->label.label_len = (unsigned int)strlen(label) + 1;
	return test_text(label, &ret->label.label_val, &call->err);
}
