#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Building: the same bytes in every directory, only what changed, no warnings
# with either compiler.

load ../helpers/common

# tree DIR: a copy of the sources, as git has them or would take them.
tree() {
	mkdir -p "$1"
	(cd "$TOP" && git ls-files -z --cached --others --exclude-standard |
	    xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' _ |
	    tar --null -T - -cf -) | tar -C "$1" -xf -
}

# build DIR [ARGUMENT]...: in it, as a user would, warnings being errors.
build() {
	local dir=$1
	shift
	env -u BUILD -u SANITIZE -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	    CI=true make -C "$dir" -s -j2 "$@" all
}

products() {
	(cd "$1/build" && sha256sum xvsh virtd libxvm.so.0 xvm/*.so)
}

setup_file() {
	load ../helpers/common
	export ONE=$BATS_FILE_TMPDIR/one TWO=$BATS_FILE_TMPDIR/a/longer/name
	tree "$ONE"
	tree "$TWO"
	build "$ONE" >&2
}

@test "two directories, the same bytes" {
	build "$TWO"
	diff <(products "$ONE") <(products "$TWO")
	[ "$(products "$ONE" | wc -l)" -ge 8 ]
}

@test "nothing changed: nothing is built" {
	find "$ONE/build" -type f -printf '%p %T@\n' | sort >"$BATS_TEST_TMPDIR/a"
	build "$ONE"
	find "$ONE/build" -type f -printf '%p %T@\n' | sort >"$BATS_TEST_TMPDIR/b"
	diff "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
}

# Which objects are newer than FILE?
newer() {
	(cd "$ONE/build" && find obj -name '*.o' -newer "$1" | sort)
}

@test "what changed is built, and no more" {
	touch "$BATS_TEST_TMPDIR/now"
	sleep 0.1
	touch "$ONE/cmd/cpu_stats.c"
	build "$ONE"
	run newer "$BATS_TEST_TMPDIR/now"
	same obj/cmd/cpu_stats.o
	[ "$ONE/build/xvsh" -nt "$BATS_TEST_TMPDIR/now" ]
	[ ! "$ONE/build/virtd" -nt "$BATS_TEST_TMPDIR/now" ]
}

@test "a header changed: what includes it is built" {
	touch "$BATS_TEST_TMPDIR/now"
	sleep 0.1
	touch "$ONE/cmd/device.h"
	build "$ONE"
	run newer "$BATS_TEST_TMPDIR/now"
	has obj/cmd/device.o
	users=$(grep -lE '"(cmd/)?device.h"' "$ONE"/cmd/*.c | wc -l)
	[ "${#lines[@]}" -ge "$users" ]
	[ "${#lines[@]}" -lt 100 ]
}

@test "no warning with clang" {
	build "$TWO" CC=clang BUILD=build-clang
}
