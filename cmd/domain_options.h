/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options that many commands about domains have, beside those of values.h. */
#ifndef CMD_DOMAIN_OPTIONS_H
#define CMD_DOMAIN_OPTIONS_H

#include "values.h"

/* What cmd_affect_flags reads, in the usual order. */
#define OPTION_CONFIG OPTION_SWITCH("config", "affect the next boot")
#define OPTION_LIVE OPTION_SWITCH("live", "affect the running domain")
#define OPTION_CURRENT \
	OPTION_SWITCH("current", "affect the domain in its present state")
#define OPTIONS_AFFECT OPTION_CONFIG, OPTION_LIVE, OPTION_CURRENT

/* A word that must be given, and a text that may be. */
#define OPTION_WORD(name_, help_, complete_) \
	{ .name = (name_), .type = OPTION_DATA, .flags = OPTION_REQUIRED, \
	    .help = (help_), .complete = (complete_) }
#define OPTION_TEXT(name_, help_, complete_) \
	{ .name = (name_), .type = OPTION_STRING, .help = (help_), \
	    .complete = (complete_) }
#define OPTION_NUMBER(name_, help_) \
	{ .name = (name_), .type = OPTION_INT, .help = (help_) }
#define OPTION_OLD_NAME(name_, target_) \
	{ .name = (name_), .type = OPTION_ALIAS, .help = (target_) }

/* The bits of the switches that are given, by an array of flag_option. */
#define FLAGS_OF(cmd, list) \
	cmd_flags((cmd), (list), sizeof(list) / sizeof((list)[0]))

/* For XML that is printed: what cmd_print_xml reads. */
#define OPTIONS_XPATH \
	{ .name = "xpath", .type = OPTION_STRING, .flags = OPTION_NAMED, \
	    .help = "print only what this XPath expression selects" }, \
	OPTION_SWITCH("wrap", "put what --xpath selects into one element")

#endif
