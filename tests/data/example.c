/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List the domains of a hypervisor: example [URI] */
#include <stdio.h>
#include <xvm.h>

int
main(int argc, char **argv)
{
	struct xvm_connect_list_all_domains_args args = { 1, 0 };
	struct xvm_connect_list_all_domains_ret ret = { { 0, NULL }, 0 };
	struct xvm_reason why = { 0, 0, NULL };
	struct xvm *xvm;
	unsigned int i;

	xvm = xvm_open(argc > 1 ? argv[1] : "test:///default", 0, 10, &why);
	if (xvm == NULL ||
	    xvm_call(xvm, XVM_CALL_CONNECT_LIST_ALL_DOMAINS, &args, &ret,
	    &why) != 0) {
		fprintf(stderr, "%s\n", why.message);
		xvm_reason_clear(&why);
		xvm_close(xvm);
		return 1;
	}
	for (i = 0; i < ret.domains.domains_len; i++)
		printf("%d %s\n", ret.domains.domains_val[i].id,
		    ret.domains.domains_val[i].name);
	xvm_ret_free(XVM_CALL_CONNECT_LIST_ALL_DOMAINS, &ret);
	xvm_close(xvm);
	return 0;
}
