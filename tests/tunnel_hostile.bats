#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# A server that means ill: nothing raw gets to the terminal, nothing hangs, and
# memory is bounded.

load helpers/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	uri="test+ext:///default?command=$BATS_TEST_TMPDIR/helper"
}

# hostile WHAT COMMAND...: run it with such a server.
hostile() {
	printf '#!/bin/sh\nexec python3 %s %s\n' \
	    "$TOP/tests/interop/hostile.py" "$1" >helper
	chmod +x helper
	shift
	run timeout 60 python3 "$TOP/tests/helpers/peak.py" "$XVSH" --timeout 3 \
	    -c "$uri" "$@"
	echo "$output" | cat -v
	[ $status -eq "${wanted:-1}" ]
}

# plain: no control characters but newline and tab, and all of it UTF-8.
plain() {
	[ -z "$(printf %s "$output" | LC_ALL=C tr -d '\n\t -~')" ]
	has 'evil \x1b[31m\x1b]0;title\x07\x0d\x08\x7f\x9b\xc2\x9b\xff'
}

@test "control characters in a server's errors are made visible" {
	hostile auth list
	plain
	hostile open list
	plain
	hostile call list
	plain
	hostile call dominfo test
	plain
	hostile call dumpxml test
	plain
	hostile stream screenshot test shot
	plain
	[ ! -e shot ]
}

@test "the same in a shell, in JSON, and with debugging" {
	hostile call --json dominfo test
	[ -z "$(printf %s "$output" | LC_ALL=C tr -d '\n\t -~')" ]
	has 'evil \\x1b[31m'
	hostile call -d 0 dominfo test
	plain
	printf 'domstate test\ndominfo test\n' >words
	wanted=0 hostile call <words
	plain
}

@test "what is no answer ends with an error" {
	for what in garbage long short nothing other counts tail bad-error kind
	do
		hostile $what dominfo test
		has "error: "
		[ -z "$(printf %s "$output" | LC_ALL=C tr -d '\n\t -~')" ]
	done
}

@test "too many answers: they end at the deadline, in bounded memory" {
	for what in pings strangers events large-events unknown; do
		hostile $what dominfo test
		has "no answer within 3 seconds"
		peak=${output##*peak }
		[ "${peak% KiB}" -lt $((100000 * ${MEMORY_FACTOR:-1})) ]
	done
}
