#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The project's own rules, checked from its files; prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
n=0

# rule NAME FAULTS: a rule holds when there is no fault to show.
rule() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n $1"
	else
		echo "not ok $n $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

sources=$(git ls-files '*.c' '*.h' 2>/dev/null)
[ -n "$sources" ] || sources=$(find lib cmd shell tunnel -name '*.[ch]')
in_rooms=$(printf '%s\n' $sources | grep -E '^(lib|cmd|shell|tunnel)/')

rule "every file begins with its licence" \
    "$(for f in $sources; do head -n 1 "$f" | grep -q SPDX || echo "$f"; done)"
rule "lib includes nothing of the other rooms" \
    "$(grep -nE '#include "(\.\./)*(cmd|shell|tunnel)/' lib/*.[ch] lib/*/*.[ch])"
rule "cmd sees neither shell nor tunnel" \
    "$(grep -nE '#include "(\.\./)*(shell|tunnel)/' cmd/*.[ch])"
rule "tunnel sees neither cmd nor shell" \
    "$(grep -nE '#include "(\.\./)*(shell|cmd)/' tunnel/*.[ch])"
rule "libxml2 in one file" \
    "$(grep -lE '#include <libxml' $in_rooms | grep -vx lib/xml_libxml2.c)"
rule "readline in one file" \
    "$(grep -lE '#include <readline' $in_rooms | grep -vx shell/line.c)"
rule "libssh2 in the files of its module" \
    "$(grep -lE '#include <libssh2' $in_rooms | grep -v "^tunnel/ssh2")"
rule "Xen's headers in lib/xen alone" \
    "$(grep -lE '#include <(xen|libxl)' $in_rooms | grep -v '^lib/xen/')"
rule "nothing through a local shell" \
    "$(grep -nE '\b(system|popen|wordexp) *\(' $in_rooms)"
rule "no unbounded string functions" \
    "$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok) *\(' $in_rooms)"
rule "no place that says it is unfinished" \
    "$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $in_rooms)"
rule "every header compiles alone" "$(printf '%s\n' $in_rooms |
    grep '\.h$' | grep -vE 'list\.h|handlers\.h|call_xdr\.h' |
    xargs -P 2 -I @ sh -c 'cc -std=gnu17 -D_GNU_SOURCE -fsyntax-only -iquote lib \
	-iquote cmd -iquote tunnel -iquote "$BUILD/gen" -x c @ 2>&1 | grep -m 1 error')"
rule "the table of commands is in good order" \
    "$("$XVSH" self-test 2>&1 | grep .)"
rule "every command has a case in the differential suite" "$(
    "$XVSH" help | sed -n 's/^    \([a-z-]*\) .*/\1/p' | while read -r c; do
	grep -qE "(^|[^a-z-])$c([^a-z-]|\$)" tests/diff/cases/*.cases || echo "$c"
    done)"
if [ -x tests/man.sh ]; then
	rule "the manual is complete" "$(tests/man.sh 2>&1)"
fi
echo "1..$n"
