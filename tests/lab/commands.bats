#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every command on real domains: what works on Xen and what does not, and that
# the table in README.md says so.

load ../helpers/common
load lab

setup() {
	lab_clean
	forget
}

teardown() {
	forget
	lab_clean
}

# What an earlier run may have left defined.
forget() {
	dom0 'for d in idle idle2 pv hvm; do
		xvsh undefine $d --managed-save
	done >/dev/null 2>&1; rm -rf /data/dump/pv.* /data/images/lab.img'
}

# commands SECONDS [OPTION]: with LAB_TABLE set the table is written anew.
commands() {
	local limit=$(($1 * slow))

	shift
	timeout $limit "$TOP/tests/lab/commands.py" "$@" ${LAB_TABLE:+--write} \
	    "$XVSH" "$(lab_uri)" "$LAB" ssh "$LAB_NAME" 3>&-
}

@test "commands on the host and on idle domains" {
	commands 400
}

# bats test_tags=long
@test "all commands, on Linux too, and the table in README.md" {
	commands 1500 --long
}
