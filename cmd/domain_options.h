/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options that many commands about domains have. */
#ifndef CMD_DOMAIN_OPTIONS_H
#define CMD_DOMAIN_OPTIONS_H

#include "complete.h"

/* The domain; states: XVM_CONNECT_LIST_DOMAINS_* to offer, 0: all. */
#define DOMAIN_OPTION(states) \
	DOMAIN_OPTION_HELP(states, "domain name, id or uuid")
#define DOMAIN_OPTION_HELP(states, help_) \
	{ "domain", OPTION_DATA, OPTION_REQUIRED, help_, \
	    complete_domain, states }

#define CONFIG_OPTION \
	{ "config", OPTION_BOOL, 0, "affect the next boot", NULL, 0 }
#define LIVE_OPTION \
	{ "live", OPTION_BOOL, 0, "affect the running domain", NULL, 0 }
#define CURRENT_OPTION \
	{ "current", OPTION_BOOL, 0, \
	    "affect the domain in its present state", NULL, 0 }
/* What cmd_affect_flags reads. */
#define AFFECT_OPTIONS CONFIG_OPTION, LIVE_OPTION, CURRENT_OPTION

/* An existing local file that the command reads. */
#define FILE_OPTION(help_) \
	{ "file", OPTION_DATA, OPTION_REQUIRED, help_, complete_file, 0 }

/* For XML that is printed: filtered by an XPath expression. */
#define XPATH_OPTIONS \
	{ "xpath", OPTION_STRING, OPTION_NAMED, \
	    "print only what an XPath expression selects", NULL, 0 }, \
	{ "wrap", OPTION_BOOL, 0, \
	    "put what --xpath selects into one root element", NULL, 0 }

#endif
