/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains that are defined: their documents in files, canonical as
 * domain_xml_format writes them with XVM_DOMAIN_XML_INACTIVE and _SECURE,
 *
 *	/etc/xvm/domains/NAME.xml	replaced atomically
 *	/etc/xvm/autostart/NAME.xml	a link to it: started with the host
 *	/var/lib/xvm/save/NAME.save	a managed save
 *
 * with what is unusual in NAME as %XX. The file's name is the domain's: one
 * inside that differs is passed over, so that one system call renames. Readers
 * take no lock; who changes takes the one of defined_lock meanwhile. A
 * directory that is missing is empty.
 */
#ifndef LIB_XEN_DEFINED_H
#define LIB_XEN_DEFINED_H

#include <stdbool.h>
#include <stddef.h>

#include "../error.h"
#include "../uuid.h"

#ifndef DEFINED_ETC
#define DEFINED_ETC "/etc/xvm"
#define DEFINED_STATE "/var/lib/xvm"
#define DEFINED_RUN "/run/xvm"
#endif
#define DEFINED_DOMAINS DEFINED_ETC "/domains"
#define DEFINED_AUTOSTART DEFINED_ETC "/autostart"
#define DEFINED_SAVE DEFINED_STATE "/save"

struct doc;
struct domain_caps;

struct defined {
	char *name;
	unsigned char uuid[UUID_SIZE];
	bool autostart;
};

/*
 * All, in the order of their names. UUIDs are read from the first lines of the
 * files, without libxml2; a file that somebody laid out otherwise is parsed,
 * one that is none at all, or named otherwise, is passed over.
 */
int	defined_list(struct defined **out, size_t *n_out, struct error *err);
void	defined_list_free(struct defined *v, size_t n);
/* One, by name or (name NULL) by UUID: 1, 0 when there is none, or -1. */
int	defined_find(const char *name, const unsigned char *uuid,
	    struct defined *out, struct error *err);
void	defined_release(struct defined *d);
bool	defined_is_autostart(const char *name);

/* The document's text as stored; NULL, with XVM_ERR_NO_DOMAIN if none. */
char	*defined_text(const char *name, struct error *err);
/* Give a document read from that text the domain's name. */
void	defined_name(struct doc *doc, const char *name);
/* Parsed and normalised. */
struct doc	*defined_load(const char *name, const struct domain_caps *caps,
		    struct error *err);

/*
 * Wait for the lock that changes need; a descriptor to close, or -1. What a
 * killed change left is cleared away.
 */
int	defined_lock(struct error *err);
/* Store under the document's own name. */
int	defined_store(const struct doc *doc, struct error *err);
/* The domain of that name, its autostart and save get the document's name. */
int	defined_rename(const char *name, const struct doc *doc,
	    struct error *err);
/* Remove the file and its autostart link. None there is fine. */
int	defined_remove(const char *name, struct error *err);
int	defined_set_autostart(const char *name, bool wanted,
	    struct error *err);

/* DIR/NAME-escaped SUFFIX; the caller's. NULL: no memory. */
char	*defined_path(const char *dir, const char *name, const char *suffix);
/* Make one of the directories, with those above it. */
int	defined_make_dir(const char *dir, struct error *err);
/* Is there a managed save of the domain? */
bool	defined_has_save(const char *name);

#endif
