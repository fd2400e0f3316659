/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The process that changes domains (`virtd --libxl`): it takes one call from
 * the parent's socket, carries it out by libxl and answers. What it left half
 * done when it is killed, its mark (marks.h) tells the watcher.
 *
 * A handler is side_NAME for a row SIDE(NUMBER, NAME) of handlers.h.
 */
#ifndef LIB_XEN_LIBXL_SIDE_H
#define LIB_XEN_LIBXL_SIDE_H

#include <stdbool.h>
#include <time.h>

#include <libxl.h>
#include <libxl_utils.h>
#include <xentoollog.h>

#include "../../call.h"
#include "../../uuid.h"
#include "../marks.h"
#include "../check.h"

struct doc;
struct node;
struct xs_handle;

#define SIDE_REASON_MAX 1024

/* libxl's messages: the first ones that are errors, which have the cause. */
struct side_log {
	xentoollog_logger logger;	/* first: libxl gives it back */
	bool seen;			/* to stderr, too */
	int n;				/* lines in reason */
	char reason[SIDE_REASON_MAX];
};

struct side {
	libxl_ctx *ctx;
	struct xs_handle *xs;
	struct side_log log;
	const char *uri;		/* of the parent's connection */
	struct mark_owner owner;	/* who asks */
	int fd;				/* the parent's socket */
};

typedef int side_handler(struct side *side, struct call *call);

/* log.c */
void	side_log_init(struct side_log *log, bool seen);
void	side_log_forget(struct side_log *log);
/* Another reason; of three the last is replaced. */
void	side_log_add(struct side_log *log, const char *text);
/* save.c: let one go on that was suspended to be saved, and was not. */
void	side_save_undo(struct side *side, int id, const unsigned char *uuid);
/*
 * model_log.c: add why the device model of a domain that could not be built
 * has ended, if it has said so since a time and nobody ended it.
 */
void	side_log_model(struct side *side, const char *name, time_t since);
/*
 * "internal error: FMT: libxl's reason". Returns -1.
 */
int	side_failed(struct side *side, struct error *err, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* serve.c */
/* Has the parent gone, or given up? Then what can be undone is to be. */
bool	side_is_abandoned(const struct side *side);

/* A domain, running or defined or both. */
struct side_domain {
	char *name;
	unsigned char uuid[UUID_SIZE];
	int id;			/* -1: not running */
	libxl_dominfo info;	/* when it is */
	bool persistent;	/* defined */
};

/* domain.c */
/*
 * The domain of a call's argument, by UUID; or -1 with libvirt's "no domain
 * with matching uuid". Dying ones have left. To be released.
 */
int	side_find(struct side *side, const struct xvm_domain *ref,
	    struct side_domain *out, struct error *err);
/*
 * The same, and it must run, and be neither the control domain itself nor one
 * that is not wholly built.
 */
int	side_find_active(struct side *side, const struct xvm_domain *ref,
	    struct side_domain *out, struct error *err);
/* The same to end it: what a builder that has gone left half built, too. */
int	side_find_to_end(struct side *side, const struct xvm_domain *ref,
	    struct side_domain *out, struct error *err);
/* Refuse a running domain that is not wholly built. 0 or -1. */
int	side_check_built(struct side *side, const struct side_domain *dom,
	    struct error *err);
void	side_domain_release(struct side_domain *dom);
/* Its number, -1 when no living domain has the UUID. */
int	side_find_uuid(struct side *side, const unsigned char *uuid,
	    libxl_dominfo *info_out);
int	side_domain_ref(const struct side_domain *dom,
	    struct xvm_domain *out, struct error *err);
/* The document of a running domain; of xl's made from its configuration. */
struct doc	*side_live_doc(struct side *side, int id, struct error *err);
/* The same, with what others changed meanwhile (current.c). */
struct doc	*side_current_doc(struct side *side, int id,
		    struct error *err);
/* Has it a document of ours? One of xl's has none until we change it. */
bool	side_has_doc(struct side *side, int id);
/* Keep a running domain's document, with the domain. */
int	side_store_live(struct side *side, int id, const struct doc *doc,
	    struct error *err);
/*
 * What a change with XVM_DOMAIN_AFFECT_* flags means for the domain: resolve
 * "current", refuse what is not there in libvirt's words.
 */
int	side_targets(const struct side_domain *dom, unsigned int flags,
	    bool *live_out, bool *config_out, struct error *err);

/* memory_check.c */
/*
 * Take xl's lock and see that there is memory, as xl does. *lock_out is to be
 * closed when the domain is built; -1: no lock is needed.
 */
int	side_claim_memory(struct side *side, libxl_domain_config *config,
	    int *lock_out, struct error *err);

/* xl_process.c */
/*
 * Does a process of xl live that may be building the domain with that name?
 * xl does not say which one it builds.
 */
bool	side_xl_builds(const char *name);

/* save.c */
/* Write a domain's memory to a file. A new one is not left there half. */
int	side_dump_core(struct side *side, int id, const char *to,
	    struct error *err);

/* build.c */
struct build {
	bool paused;
	bool autodestroy;
	int restore_fd;		/* -1: boot it */
};
/* Build and start the domain of a canonical document. */
int	side_build(struct side *side, const struct doc *doc,
	    const struct build *how, int *id_out, struct error *err);
/* End a domain and what is known of it. 0 or -1. */
int	side_destroy(struct side *side, int id, const unsigned char *uuid,
	    struct error *err);

/* reap.c */
/* See to what killed processes of ours left behind. */
void	side_clear_leftovers(struct side *side);
/* The same for one domain. */
int	side_clear_leftover(struct side *side, const unsigned char *uuid,
	    struct error *err);
/* Orders of the watcher (child_wire.h). */
int	side_reap(struct side *side, const char *uuid, struct error *err);
int	side_destroy_owned(struct side *side, struct error *err);

#define SIDE(NUMBER, name) side_handler side_##name;
#include "handlers.h"
#undef SIDE

#endif
