#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs all proofs of the wire, as one TAP stream.
#
# usage: run.sh [BUILD]    BUILD defaults to build
set -u

here=$(dirname "$0")
BUILD=${1:-${BUILD:-build}}
export BUILD
fresh=$(mktemp -d) || exit 1
trap 'rm -rf "$fresh"' EXIT

# Each program's lines, and one more for how it ended.
part() {
	name=$1
	shift
	"$@" 2>"$fresh/stderr"
	status=$?
	sed 's/^/# /' "$fresh/stderr"
	if [ $status -eq 0 ]; then
		echo "ok - $name ended well"
	else
		echo "not ok - $name ended with status $status"
	fi
}

all() {
	part proofs.py "$here/proofs.py"
	part record_python.py "$here/record_python.py"
	part record_virsh.py "$here/record_virsh.py"
	part record_perl.py "$here/record_perl.py"
	part record_libvirtd.py "$here/record_libvirtd.py" "$fresh"
	CMOCKA_MESSAGE_OUTPUT=TAP part calls_bytes_test \
	    "$BUILD/tests/unit/calls_bytes_test" "$fresh"
	part limits.py "$here/limits.py"
	part access.py "$here/access.py"
}

# One numbering and one plan for all of it.
all | awk '
	/^(not )?ok / {
		n++
		bad += /^not /
		sub(/ok ([0-9]+ )?/, "ok " n " ")
		print
		next
	}
	/^1\.\.[0-9]+$/ { next }
	{ print }
	END { print "1.." n; exit bad > 0 }'
