/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uses every function of libxvm: use_library URI; says what is wrong. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xvm.h>

#define CHECK(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "line %d: %s\n", __LINE__, #what); \
			return 1; \
		} \
	} while (0)

static int
next_event(struct xvm *xvm, struct xvm_event *ev)
{
	struct xvm_reason why = { 0, 0, NULL };
	int rc;

	while ((rc = xvm_event_next(xvm, ev, &why)) == 0) {
		struct pollfd p = { .fd = xvm_event_fd(xvm), .events = POLLIN };

		if (poll(&p, 1, 5000) != 1)
			return -1;
	}
	return rc;
}

int
main(int argc, char **argv)
{
	struct xvm_domain_lookup_by_name_args name = { (char *)"test" };
	struct xvm_domain_lookup_by_name_ret found = { 0 };
	struct xvm_connect_domain_event_callback_register_any_args reg = { 0 };
	struct xvm_connect_domain_event_callback_register_any_ret id = { 0 };
	struct xvm_domain_get_info_args info_args;
	struct xvm_domain_get_info_ret info = { 0 };
	struct xvm_domain_suspend_args suspend;
	struct xvm_batch_call calls[3];
	struct xvm_reason why = { 0, 0, NULL };
	struct xvm_event ev;
	struct xvm *xvm;

	CHECK(argc == 2);
	CHECK(strlen(xvm_version()) > 0);
	xvm = xvm_open(argv[1], 0, 10, &why);
	CHECK(xvm != NULL);
	CHECK(xvm_call(xvm, XVM_CALL_DOMAIN_LOOKUP_BY_NAME, &name, &found,
	    &why) == 0);
	CHECK(xvm_call(xvm,
	    XVM_CALL_CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, &reg, &id,
	    &why) == 0);
	info_args.dom = suspend.dom = found.dom;
	memset(calls, 0, sizeof(calls));
	calls[0].number = XVM_CALL_DOMAIN_SUSPEND;
	calls[0].args = &suspend;
	calls[1].number = XVM_CALL_DOMAIN_GET_INFO;
	calls[1].args = &info_args;
	calls[1].ret = &info;
	calls[2].number = XVM_CALL_DOMAIN_SUSPEND;
	calls[2].args = &suspend;
	CHECK(xvm_batch(xvm, calls, 3) == 1);
	CHECK(calls[0].rc == 0 && calls[1].rc == 0 && calls[2].rc == -1);
	CHECK(info.state == XVM_DOMAIN_PAUSED && info.max_mem == 8388608);
	CHECK(calls[2].why.code == XVM_ERR_INTERNAL_ERROR);
	CHECK(strstr(calls[2].why.message, "not running") != NULL);
	xvm_reason_clear(&calls[2].why);
	CHECK(next_event(xvm, &ev) == 1);
	CHECK(ev.number == XVM_CALL_DOMAIN_EVENT_CALLBACK_LIFECYCLE);
	CHECK(((struct xvm_domain_event_callback_lifecycle_msg *)ev.msg)
	    ->msg.event == XVM_DOMAIN_EVENT_SUSPENDED);
	xvm_event_free(&ev);
	name.name = (char *)"nobody";
	xvm_ret_free(XVM_CALL_DOMAIN_LOOKUP_BY_NAME, &found);
	CHECK(xvm_call(xvm, XVM_CALL_DOMAIN_LOOKUP_BY_NAME, &name, &found,
	    &why) == -1);
	CHECK(why.code == XVM_ERR_NO_DOMAIN && why.message != NULL);
	xvm_close(xvm);
	xvm = xvm_open(argv[1], XVM_OPEN_READONLY, 10, &why);
	CHECK(xvm != NULL);
	CHECK(xvm_call(xvm, XVM_CALL_DOMAIN_SUSPEND, &suspend, NULL,
	    &why) == -1);
	CHECK(why.code == XVM_ERR_OPERATION_DENIED);
	xvm_close(xvm);
	CHECK(xvm_open("xyz", 0, 0, NULL) == NULL);
	xvm_reason_clear(&why);
	return 0;
}
