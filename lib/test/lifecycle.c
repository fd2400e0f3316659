/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of a test domain: started, paused, stopped. */
#include <stdlib.h>

#include "test.h"

int
test_domain_start(struct test_host *host, struct test_domain *dom, int reason,
    struct error *err)
{
	(void)err;
	dom->state = XVM_DOMAIN_RUNNING;
	dom->reason = reason;
	test_domain_set_id(host, dom, ++host->last_id);
	dom->managed_save = false;
	return 0;
}

void
test_domain_stop(struct test_host *host, struct test_domain *dom, int reason)
{
	struct error err = ERROR_INIT;

	dom->state = XVM_DOMAIN_SHUTOFF;
	dom->reason = reason;
	test_domain_set_id(host, dom, -1);
	if (dom->next_config == NULL)
		return;
	doc_free(dom->config);
	dom->config = dom->next_config;
	dom->next_config = NULL;
	/* The name is the same, so nothing can be missing here. */
	(void)test_domain_refresh(host, dom, &err);
	error_release(&err);
}
