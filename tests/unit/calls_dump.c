/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints the table of calls, one line a call, tab-separated: number, name,
 * struct of arguments, of results, API name, access, field and bits that
 * raise the access, the words of that refusal, speed, stream, event. "-"
 * stands for none. Other languages read the table from here.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "call.h"

/* What only the source of the table has: the names of structs and fields. */
struct names {
	int number;
	const char *part[2];
	const char *raise_field;
	size_t raise_offset;
};

#define VOID NULL
#define ARGS(name) #name "_args"
#define RET(name) #name "_ret"
#define NEVER NULL, 0
#define RAISE(call, field, bits, words) #field, \
	offsetof(struct xvm_##call##_args, field)
#define CALL(number, NAME, args, ret, api, access, raise, speed, stream) \
	{ number, { args, ret }, raise },
#define EVENT(number, NAME, name, event) \
	{ number, { #name "_msg", NULL }, NULL, 0 },
static const struct names names[] = {
#include "calls.def"
};

static const char *
text_or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

int
main(void)
{
	static const char *const access[] = { "NONE", "READ", "WRITE" };
	static const char *const stream[] = { "NO", "IN", "OUT", "BOTH" };
	const struct call_type *type;

	for (size_t i = 0; (type = call_type_at(i)) != NULL; i++) {
		const struct names *n = &names[i];

		if (i == sizeof(names) / sizeof(names[0]) ||
		    n->number != type->number ||
		    n->raise_offset != type->raise_offset) {
			fprintf(stderr, "calls_dump: row %zu differs\n", i);
			return 1;
		}
		printf("%d\t%s\t%s\t%s\t%s\t%s\t%s\t%u\t%s\t%s\t%s\t",
		    type->number, type->name, text_or_dash(n->part[0]),
		    text_or_dash(n->part[1]), text_or_dash(type->api),
		    access[type->access], text_or_dash(n->raise_field),
		    type->raise_bits, text_or_dash(type->raise_words),
		    type->slow ? "SLOW" : "QUICK", stream[type->stream]);
		if (type->is_event)
			printf("%d\n", type->event);
		else
			puts("-");
	}
	return 0;
}
