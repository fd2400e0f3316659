#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# --json: the names and types of what programs read are pinned.

load helpers/common

@test "names and types of JSON are those of tests/data/json-keys.txt" {
	"$TOP/tests/helpers/json_keys.py" "$XVSH" "$BATS_TEST_TMPDIR" \
	    <"$TOP/tests/data/json-lines.txt" >"$BATS_TEST_TMPDIR/keys"
	diff "$TOP/tests/data/json-keys.txt" "$BATS_TEST_TMPDIR/keys"
}

@test "XVSH_OUTPUT=json, --json before and behind the command are one" {
	a=$(xvsh list --all --json)
	[ "$(xvsh --json list --all)" = "$a" ]
	[ "$(XVSH_OUTPUT=json xvsh list --all)" = "$a" ]
	[ "$a" = '[{"id":1,"name":"test","state":"running"}]' ]
}

@test "an error is one object on stderr, the status unchanged" {
	run xvsh --json dominfo nobody
	[ $status -eq 1 ]
	same '{"error":{"code":42,"domain":12,"message":"Domain not found","context":["failed to get domain '"'nobody'"'"]}}'
}

@test "several commands print a value each, in one line each" {
	run xvsh --json 'domid test; domuuid test; hostname'
	[ ${#lines[@]} -eq 3 ]
	for line in "${lines[@]}"; do
		python3 -c 'import json, sys; json.loads(sys.argv[1])' "$line"
	done
}
