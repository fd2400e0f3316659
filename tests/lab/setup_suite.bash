# SPDX-License-Identifier: LGPL-2.1-or-later
# One host for all files; LAB_NAME=NAME uses one that runs already.

setup_suite() {
	if [ -z "${LAB_NAME-}" ]; then
		export LAB_NAME=check$$ LAB_OWN=yes
		"$BATS_TEST_DIRNAME/lab" up "$LAB_NAME" --owner $$ --vcpus 2 3>&-
	fi
}

teardown_suite() {
	[ -z "${LAB_OWN-}" ] || "$BATS_TEST_DIRNAME/lab" down "$LAB_NAME"
}
