#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# xen:/// where no Xen is (with one: tests/lab).

load helpers/common

@test "no Xen: one clear line" {
	[ ! -e /dev/xen/privcmd ]
	run timeout 20 "$XVSH" -c xen:/// list
	[ $status -eq 1 ]
	same "error: failed to connect to the hypervisor
error: operation failed: this host does not run under Xen (there is no /dev/xen/privcmd)"
}

@test "a path that Xen does not have is refused" {
	run timeout 20 "$XVSH" -c xen:///session list
	[ $status -eq 1 ]
	has "unexpected Xen URI path '/session', try xen:///system"
}
