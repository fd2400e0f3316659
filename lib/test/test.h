/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The test driver: a host and its domains in memory. test:///default is one
 * host for all connections of a process as long as one is open; test:///PATH
 * loads a node file, a fresh host for each connection.
 *
 * Everything is guarded by the host's lock, which the driver takes for a batch
 * of calls: handlers run with it held. What waits for a file or for the
 * resolver does that between test_leave and test_return; domains found before
 * may be gone then.
 */
#ifndef LIB_TEST_TEST_H
#define LIB_TEST_TEST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../domain/domain_xml.h"
#include "../driver.h"
#include "../uuid.h"

#define TEST_CELLS_MAX 128
#define TEST_PAGE_COUNTS_MAX 1024	/* so many fit into the answer */

struct test_cell {		/* a NUMA cell of the host */
	uint64_t memory_kib;
	uint64_t free_kib;
	int n_cpus;
	int first_cpu;
};

struct test_domain {
	char *name;
	unsigned char uuid[UUID_SIZE];
	int id;			/* -1: not running */
	int state, reason;	/* XVM_DOMAIN_RUNNING ..., its reason */
	bool persistent;
	bool autostart;
	bool builtin;		/* the one of test:///default */
	/*
	 * The configuration in force; NULL while nobody asked for the XML of
	 * the built-in domain (test_domain_config makes it).
	 */
	struct doc *config;
	/*
	 * A plain one of a node file (plain.h): its text, borrowed from the
	 * host; config is made of it when it is asked for.
	 */
	const char *source;
	size_t source_len;
	/*
	 * While it runs: is a configuration for the next start kept, and that
	 * one once it differs from config (NULL: it does not).
	 */
	bool keeps_next;
	struct doc *next_config;
	/* The figures that lists and statistics need, kept beside the tree. */
	uint64_t memory_max_kib, memory_kib;
	unsigned int vcpus, vcpus_max;
	struct test_runtime *runtime;	/* what else it has while running, made
					 * on first need (runtime.c) */
	bool managed_save;
	unsigned int n_snapshots;	/* counted in the node file */
	unsigned int n_edits;	/* changes of its trees (edit.c) */
	struct test_domain *prev, *next;	/* in the order they came */
	/* hash chains; by id while it has one */
	struct test_domain *next_by_name, *next_by_uuid, *next_by_id;
};

struct test_host {
	pthread_mutex_t lock;
	int refs;		/* connections */
	bool is_default;
	/* NodeInfo */
	char model[32];
	uint64_t memory_kib;
	int cpus, mhz, nodes, sockets, cores, threads;
	struct test_cell cells[TEST_CELLS_MAX];
	int n_cells;
	int last_id;
	struct test_domain *first, *last;	/* in the order they came */
	size_t n_domains;
	struct test_domain **by_name, **by_uuid, **by_id;	/* hash tables */
	size_t n_buckets;	/* a power of two, 0: no tables yet */
	/* The node file: what it has beside domains, and its text. */
	struct doc *file;
	char *file_text;
	struct test_conn *conns;
};

/* A connection, the driver's state. */
struct test_conn {
	struct test_host *host;
	char *uri;		/* as it was opened */
	bool events_wanted;
	int event_fd;		/* eventfd, -1: none yet */
	struct test_event *events, **events_tail;	/* waiting */
	struct test_conn *next;
};

extern const struct driver test_driver;
extern const struct domain_caps test_domain_caps;

/* driver.c: let others use the host meanwhile. */
void	test_leave(struct test_conn *tc);
void	test_return(struct test_conn *tc);

/* host.c, node_file.c: making a host. */
struct test_host	*test_host_new(struct error *err);
void	test_host_free(struct test_host *host);
int	test_host_load(struct test_host *host, const char *path,
	    struct error *err);
int	test_host_make_default(struct test_host *host, struct error *err);
/* The number of CPUs that it could have. */
unsigned int	test_host_cpus(const struct test_host *host);
/* The built-in domain's tree. */
struct doc	*test_default_config(struct error *err);

/* domain.c: the host's domains. All are borrowed. */
struct test_domain	*test_find_id(struct test_host *host, int id);
struct test_domain	*test_find_name(struct test_host *host,
			    const char *name);
struct test_domain	*test_find_uuid(struct test_host *host,
			    const unsigned char *uuid);
/*
 * The domain of a call's argument, by UUID; or NULL with libvirt's "Domain not
 * found: no domain with matching uuid '...' (name)".
 */
struct test_domain	*test_domain_get(struct test_conn *tc,
			    const struct xvm_domain *dom, struct error *err);
/* The same, and it must be running ("domain is not running" otherwise). */
struct test_domain	*test_domain_get_active(struct test_conn *tc,
			    const struct xvm_domain *dom, struct error *err);
/* A new one, not running, on no host yet. */
struct test_domain	*test_domain_new(const char *name,
			    const unsigned char *uuid, struct error *err);
/* Put it on the host; freed on failure. */
int	test_domain_insert(struct test_host *host, struct test_domain *dom,
	    struct error *err);
/* Give it an id (-1: none) and keep the table of ids. */
void	test_domain_set_id(struct test_host *host, struct test_domain *dom,
	    int id);
/*
 * Add a domain with a configuration (handed over, also on failure), taking
 * name, UUID and figures from it. It is not running and not persistent.
 */
struct test_domain	*test_domain_add(struct test_host *host,
			    struct doc *config, struct error *err);
/* Take it off the host and free it. */
void	test_domain_remove(struct test_host *host, struct test_domain *dom);
/* Its configuration in force, made when it is asked for first. */
struct doc	*test_domain_config(struct test_domain *dom,
		    struct error *err);
/* Replace the configuration in force (handed over) and the figures. */
int	test_domain_set_config(struct test_host *host, struct test_domain *dom,
	    struct doc *config, struct error *err);
/* Read the figures and the name again after the tree was changed. */
int	test_domain_refresh(struct test_host *host, struct test_domain *dom,
	    struct error *err);
/*
 * Which tree a change with flags XVM_DOMAIN_AFFECT_* means: *live_out and
 * *config_out are the trees to change, either NULL when not meant. Refusals
 * ("domain is not running", transient) in libvirt's words.
 */
int	test_domain_targets(struct test_domain *dom, unsigned int flags,
	    struct doc **live_out, struct doc **config_out,
	    struct error *err);
/* The one tree a query with flags means, NULL on failure. */
struct doc	*test_domain_target(struct test_domain *dom,
		    unsigned int flags, struct error *err);
/*
 * Does it pass a filter, the XVM_CONNECT_LIST_DOMAINS_* bits of flags? (All of
 * libvirt's filters; none set in a group: any.)
 */
bool	test_domain_matches(const struct test_domain *dom, unsigned int flags);
/* Fill a call's result with the domain. 0, or -1 out of memory. */
int	test_domain_ref(const struct test_domain *dom, struct xvm_domain *out,
	    struct error *err);

/* define.c */
/*
 * A document from outside as the host keeps it: canonical, every interface
 * with a name of its own.
 */
struct doc	*test_parse_config(const char *xml, struct error *err);
/* The same for a parsed one. */
int	test_normalise_config(struct doc *doc, struct error *err);
/*
 * Put a configuration (handed over, also on failure) on the host: a new
 * domain, or the one of the same name and UUID. start: it is to run now, so
 * that one may not be running; else it is to be kept. *updated_out: was one
 * kept before?
 */
struct test_domain	*test_domain_assign(struct test_host *host,
			    struct doc *config, bool start, bool *updated_out,
			    struct error *err);

/* lifecycle.c */
void	test_domain_start(struct test_host *host, struct test_domain *dom,
	    int reason);
/*
 * Stop it for a XVM_DOMAIN_SHUTOFF_* reason, tell so with the event's detail,
 * and forget it when it is transient.
 */
void	test_domain_stop(struct test_host *host, struct test_domain *dom,
	    int reason, int detail);
/* "domain is not running", or 0. */
int	test_check_active(const struct test_domain *dom, struct error *err);
/* A text result: a copy of s. 0, or -1 out of memory. */
int	test_text(const char *s, char **out, struct error *err);
/*
 * Any flag of flags outside supported: "unsupported flags (0x..) in function
 * NAME". 0 or -1.
 */
int	test_check_flags(unsigned int flags, unsigned int supported,
	    const char *function, struct error *err);

/* event.c: tell every connection of the host. Losing one for want of memory
 * is not an error of the call that caused it. */
void	test_event_lifecycle(struct test_host *host,
	    const struct test_domain *dom, int event, int detail);
/* msg is a struct of the number's row, copied. */
void	test_event_send(struct test_host *host, int number, void *msg);
/* The driver's event functions, and freeing what waits. */
int	test_event_enable(void *state, bool wanted, struct error *err);
int	test_event_fd(void *state);
int	test_event_next(void *state, struct event *out, struct error *err);
void	test_event_drop(struct test_conn *tc);

/* runtime.c */
void	test_runtime_free(struct test_runtime *rt);

/* Every handler: test_NAME for a HANDLER(NUMBER, NAME) line. */
#define HANDLER(NUMBER, name) driver_handler test_##name;
#include "handlers.h"
#undef HANDLER

#endif
