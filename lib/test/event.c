/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of the test driver: a queue for each connection that wants them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "test.h"

struct test_event {
	struct event event;
	struct test_event *next;
};

int
test_event_enable(void *state, bool wanted, struct error *err)
{
	struct test_conn *tc = state;

	if (wanted && tc->event_fd < 0) {
		tc->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (tc->event_fd < 0)
			return error_system(err, XVM_FROM_TEST, errno,
			    "cannot make an event descriptor");
	}
	(void)pthread_mutex_lock(&tc->host->lock);
	tc->events_wanted = wanted;
	if (!wanted)
		test_event_drop(tc);
	(void)pthread_mutex_unlock(&tc->host->lock);
	return 0;
}

int
test_event_fd(void *state)
{
	return ((struct test_conn *)state)->event_fd;
}

int
test_event_next(void *state, struct event *out, struct error *err)
{
	struct test_conn *tc = state;
	struct test_event *e;
	eventfd_t count;

	(void)err;
	(void)pthread_mutex_lock(&tc->host->lock);
	e = tc->events;
	if (e != NULL) {
		tc->events = e->next;
		if (tc->events == NULL)
			tc->events_tail = &tc->events;
	}
	if (tc->events == NULL && tc->event_fd >= 0)
		(void)eventfd_read(tc->event_fd, &count);
	(void)pthread_mutex_unlock(&tc->host->lock);
	if (e == NULL)
		return 0;
	*out = e->event;
	free(e);
	return 1;
}

void
test_event_drop(struct test_conn *tc)
{
	while (tc->events != NULL) {
		struct test_event *e = tc->events;

		tc->events = e->next;
		event_release(&e->event);
		free(e);
	}
	tc->events_tail = &tc->events;
}

void
test_event_send(struct test_host *host, int number, void *msg)
{
	struct event ev = { number, msg };
	struct error err = ERROR_INIT;

	for (struct test_conn *tc = host->conns; tc != NULL; tc = tc->next) {
		struct test_event *e;

		if (!tc->events_wanted)
			continue;
		e = calloc(1, sizeof(*e));
		if (e == NULL)
			return;
		if (event_copy(&ev, &e->event, &err) != 0) {
			error_release(&err);
			free(e);
			return;
		}
		*tc->events_tail = e;
		tc->events_tail = &e->next;
		(void)eventfd_write(tc->event_fd, 1);
	}
}

void
test_event_lifecycle(struct test_host *host, const struct test_domain *dom,
    int event, int detail)
{
	struct xvm_domain_event_callback_lifecycle_msg msg = { 0 };

	msg.msg.dom.name = dom->name;
	memcpy(msg.msg.dom.uuid, dom->uuid, UUID_SIZE);
	msg.msg.dom.id = dom->id;
	msg.msg.event = event;
	msg.msg.detail = detail;
	test_event_send(host, XVM_CALL_DOMAIN_EVENT_CALLBACK_LIFECYCLE, &msg);
}
