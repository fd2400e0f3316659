/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes from a client get answers or an end, in either access mode. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/test/test_driver.h"
#include "../../tunnel/client.h"
#include "fuzz.h"

/* A client that has said all it will say, and reads everything. */
struct said {
	struct stream stream;
	const uint8_t *data;
	size_t left;
};

static ssize_t
said_read(struct stream *s, void *buf, size_t n, struct error *err)
{
	struct said *said = (struct said *)s;

	(void)err;
	if (n > said->left)
		n = said->left;
	memcpy(buf, said->data, n);
	said->data += n;
	said->left -= n;
	return (ssize_t)n;
}

static ssize_t
said_write(struct stream *s, const void *buf, size_t n, struct error *err)
{
	(void)s;
	(void)buf;
	(void)err;
	return (ssize_t)n;
}

static int
said_fd(struct stream *s, short events)
{
	(void)s;
	(void)events;
	return -1;
}

static void
said_free(struct stream *s)
{
	free(s);
}

static const struct stream_ops ops = {
	.read = said_read,
	.write = said_write,
	.fd = said_fd,
	.free = said_free,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct driver *const drivers[] = { &test_driver, NULL };
	static struct workers *workers;
	struct server_options options = {
		.drivers = drivers, .uri = "test:///default",
	};
	struct error err = ERROR_INIT;
	struct said *said = calloc(1, sizeof(*said));
	struct client *c;
	struct job *job;

	if (workers == NULL)
		workers = workers_new(&err);
	if (size == 0 || said == NULL || workers == NULL) {
		free(said);
		return 0;
	}
	options.readonly = (data[0] & 1) != 0;
	said->stream.ops = &ops;
	said->data = data + 1;
	said->left = size - 1;
	c = client_new(NULL, &options, workers, &said->stream, &err);
	FUZZ_ASSERT(c != NULL);
	for (;;) {
		client_readable(c);
		client_events(c);
		server_streams_pump(c);
		client_flush(c);
		if (c->busy > 0) {
			struct pollfd p = { workers_fd(workers), POLLIN, 0 };

			(void)poll(&p, 1, 10000);
			while ((job = workers_done(workers)) != NULL)
				client_job_done(c, job);
		} else if (c->dead ||
		    (c->at_end && c->in.len < MESSAGE_HEADER_SIZE)) {
			break;
		} else if (c->at_end) {
			size_t before = c->in.len;

			client_readable(c);
			if (c->in.len == before && c->busy == 0)
				break;
		}
	}
	client_free(c);
	return 0;
}
