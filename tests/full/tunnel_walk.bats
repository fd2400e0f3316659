#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every procedure number with payloads of every kind, in both access modes.

load ../helpers/common

@test "all procedure numbers: each answered, read-only changes nothing" {
	[ -x "$BUILD/tests/unit/calls_dump" ] ||
	    make -s -C "$TOP" BUILD="$BUILD" "$BUILD/tests/unit/calls_dump"
	run timeout 100 python3 "$TOP/tests/interop/walk.py" "$VIRTD"
	echo "$output"
	[ $status -eq 0 ]
	has "write calls refused"
}

@test "read-only: no secrets, no file or program by name, no size beyond limits" {
	run timeout 100 python3 "$TOP/tests/interop/readonly.py" "$VIRTD"
	echo "$output"
	[ $status -eq 0 ]
	has "16 calls and 5 flags refused by name, 92 sizes refused"
}
