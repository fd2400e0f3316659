/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver's table, its connections and the one default host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../uri.h"
#include "test.h"

static driver_handler *const handlers[] = {
#define HANDLER(NUMBER, name) [XVM_CALL_##NUMBER] = test_##name,
#include "handlers.h"
#undef HANDLER
};

/* The host of test:///default while a connection holds it. */
static pthread_mutex_t default_lock = PTHREAD_MUTEX_INITIALIZER;
static struct test_host *default_host;

const struct domain_caps test_domain_caps = {
	.guests = (const struct domain_guest[]) {
		{ "hvm", "i686", "test", NULL, NULL },
		{ NULL, NULL, NULL, NULL, NULL },
	},
	.error_domain = XVM_FROM_TEST,
	.mac_prefix = { 0x52, 0x54, 0x00 },
};

static struct test_host *
make_host(const char *path, struct error *err)
{
	struct test_host *host = test_host_new(err);
	int rc;

	if (host == NULL)
		return NULL;
	host->is_default = strcmp(path, "/default") == 0;
	if (host->is_default)
		rc = test_host_make_default(host, err);
	else
		rc = test_host_load(host, path, err);
	if (rc != 0) {
		test_host_free(host);
		return NULL;
	}
	return host;
}

static struct test_host *
get_host(const char *path, struct error *err)
{
	struct test_host *host;

	if (strcmp(path, "/default") != 0)
		return make_host(path, err);
	(void)pthread_mutex_lock(&default_lock);
	if (default_host == NULL)
		default_host = make_host(path, err);
	host = default_host;
	if (host != NULL)
		host->refs++;
	(void)pthread_mutex_unlock(&default_lock);
	return host;
}

static int
test_open(const struct uri *uri, const struct conn_options *options,
    void **state_out, struct error *err)
{
	struct test_conn *tc;

	(void)options;
	*state_out = NULL;
	if (uri->path[0] == '\0' || strcmp(uri->path, "/") == 0)
		return error_set(err, XVM_FROM_TEST, XVM_ERR_INVALID_ARG,
		    "testOpen: supply a path or use test:///default");
	tc = calloc(1, sizeof(*tc));
	if (tc == NULL)
		return error_nomem(err);
	tc->event_fd = -1;
	tc->events_tail = &tc->events;
	tc->uri = uri_format(uri);
	if (tc->uri == NULL)
		(void)error_nomem(err);
	if (tc->uri == NULL ||
	    (tc->host = get_host(uri->path, err)) == NULL) {
		free(tc->uri);
		free(tc);
		return -1;
	}
	(void)pthread_mutex_lock(&tc->host->lock);
	tc->next = tc->host->conns;
	tc->host->conns = tc;
	(void)pthread_mutex_unlock(&tc->host->lock);
	*state_out = tc;
	return 0;
}

static void
test_close(void *state)
{
	struct test_conn *tc = state, **p;
	struct test_host *host = tc->host;
	bool last = true;

	(void)pthread_mutex_lock(&host->lock);
	for (p = &host->conns; *p != tc; p = &(*p)->next)
		continue;
	*p = tc->next;
	(void)pthread_mutex_unlock(&host->lock);
	test_event_drop(tc);
	if (tc->event_fd >= 0)
		(void)close(tc->event_fd);
	free(tc->uri);
	free(tc);
	if (host->is_default) {
		(void)pthread_mutex_lock(&default_lock);
		last = --host->refs == 0;
		if (last)
			default_host = NULL;
		(void)pthread_mutex_unlock(&default_lock);
	}
	if (last)
		test_host_free(host);
}

void
test_leave(struct test_conn *tc)
{
	(void)pthread_mutex_unlock(&tc->host->lock);
}

void
test_return(struct test_conn *tc)
{
	(void)pthread_mutex_lock(&tc->host->lock);
}

static void
test_submit(void *state, struct call *calls, size_t n)
{
	struct test_conn *tc = state;

	test_return(tc);
	driver_dispatch(handlers, sizeof(handlers) / sizeof(handlers[0]),
	    tc, calls, n);
	test_leave(tc);
}

const struct driver test_driver = {
	.name = "test",
	.local = true,
	.open = test_open,
	.submit = test_submit,
	.event_enable = test_event_enable,
	.event_fd = test_event_fd,
	.event_next = test_event_next,
	.close = test_close,
};
