/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The marks of domains that we started, in xenstore: who builds one, what is
 * to be done when it ends, whom it shall not outlive. One node a domain,
 *
 *	/xvm/UUID = "phase=running domid=7 poweroff=destroy reboot=restart ..."
 *
 * written in one go, before building, since the domain's number is not known
 * then; it goes with the domain. One that xl started has a mark while we end
 * it. A mark whose domain has another number by now, or whose builder has died,
 * is a leftover (watch.h).
 *
 * The xenstore handle is one of libxenstore; nothing here needs libxl.
 */
#ifndef LIB_XEN_MARKS_H
#define LIB_XEN_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "../error.h"
#include "../uuid.h"
#include "process.h"

#define MARKS_PATH "/xvm"

struct xs_handle;

enum mark_phase {
	MARK_BUILDING,		/* by builder; wholly gone if that dies */
	MARK_BUILT,		/* to be let run; wholly there if it dies */
	MARK_RUNNING,		/* nobody is busy with it */
	MARK_ENDING,		/* by builder; wholly gone if that dies */
	MARK_SAVING,		/* by builder; goes on if that dies */
	MARK_PHASES
};

/* Why a domain ended, as far as something is said about it. */
enum mark_end {
	MARK_POWEROFF,
	MARK_REBOOT,
	MARK_CRASH,
	MARK_ENDS
};

enum mark_action {
	MARK_DESTROY,
	MARK_RESTART,
	MARK_PRESERVE,
	MARK_RENAME_RESTART,
	MARK_DUMP_DESTROY,
	MARK_DUMP_RESTART,
	MARK_ACTIONS
};

/* A connection, for domains that shall not outlive it. */
struct mark_owner {
	struct process process;	/* pid 0: nobody */
	unsigned int number;	/* of the process's connections */
};

struct mark {
	unsigned char uuid[UUID_SIZE];
	enum mark_phase phase;
	struct process builder;
	int domid;		/* -1: not known yet */
	bool paused;		/* it is not to run when built */
	enum mark_action on[MARK_ENDS];
	struct mark_owner owner;
};

/* An action by its name in a document ("coredump-destroy"); -1: unknown. */
int	mark_action(const char *name);

/* 1, 0 when there is none (or it cannot be understood), -1 on failure. */
int	mark_read(struct xs_handle *xs, const unsigned char *uuid,
	    struct mark *out, struct error *err);
int	mark_write(struct xs_handle *xs, const struct mark *mark,
	    struct error *err);
/* None there is fine. */
int	mark_remove(struct xs_handle *xs, const unsigned char *uuid,
	    struct error *err);
/* The UUIDs of all, an array of the caller's. */
int	mark_list(struct xs_handle *xs, unsigned char (**uuids_out)[UUID_SIZE],
	    size_t *n_out, struct error *err);

/* An owner as text and back, "PID/START/NUMBER". */
#define MARK_OWNER_SIZE 64
void	mark_owner_format(const struct mark_owner *owner,
	    char text[MARK_OWNER_SIZE]);
int	mark_owner_parse(const char *text, struct mark_owner *out);
bool	mark_owner_equal(const struct mark_owner *a,
	    const struct mark_owner *b);

#endif
