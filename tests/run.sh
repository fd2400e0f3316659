#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh SUITES BUILD: run the suites, each of which prints TAP; show what failed
# and count every test in the last line. SUITES is check, full (check and what
# takes longer), lab (the quick tests on a real Xen), lab-full (all of those),
# or some of them, separated by commas.
set -u
modes=,$1,
export BUILD=$2
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
export XVSH=$BUILD/xvsh TOP=$top LC_ALL=C.UTF-8
unset XVSH_DEFAULT_URI VIRSH_DEFAULT_CONNECT_URI LIBVIRT_DEFAULT_URI XVSH_OUTPUT
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0

# suite NAME SECONDS COMMAND...: run it under a limit and count its lines.
suite() {
	local name=$1 limit=$2 log=$out/log start=$SECONDS ok bad rc
	shift 2
	timeout -k 10 "$limit" "$@" </dev/null >"$log" 2>&1
	rc=$?
	ok=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	# A suite that died, or says so itself, failed even with no bad line.
	if [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	if [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then
		echo "# $name ran no test"
		bad=1
	fi
	passed=$((passed + ok)) failed=$((failed + bad))
	echo "$name: $ok passed, $bad failed ($((SECONDS - start)) s)"
	if [ "$bad" -ne 0 ]; then
		echo "--- $name, exit status $rc"
		grep -v '^ok ' "$log" | tail -n 150
		echo "---"
	fi
}

unit() {
	local t
	for t in "$BUILD"/tests/unit/*_test; do
		[ -x "$t" ] && CMOCKA_MESSAGE_OUTPUT=TAP "$t"
	done
}
export -f unit

# wanted MODE...: one of these was asked for.
wanted() {
	local m
	for m in "$@"; do
		case $modes in *",$m,"*) return 0 ;; esac
	done
	return 1
}

if wanted check full; then
	suite rules 120 tests/rules.sh
	suite unit 240 bash -c unit
	suite bats 400 bats --tap tests
	[ -x tests/wire/run.sh ] && suite wire 240 tests/wire/run.sh
	suite domains 300 tests/unit/domain_xml_compare.py \
	    "$BUILD/tests/unit/domain_xml_tool"
	suite devices 300 tests/unit/devices_compare.sh \
	    "$BUILD/tests/unit/domain_xml_tool"
	suite cpus 60 tests/unit/cpu_compare.py "$BUILD/tests/unit/cpu_tool"
	suite xen-config 120 tests/unit/xen_config.py \
	    "$BUILD/tests/unit/xen_config_tool"
	suite python 120 /usr/bin/python3 tests/interop/same_calls.py "$BUILD/virtd"
	# What virsh did is kept for the second pass, through the tunnel.
	suite diff 900 python3 tests/diff/run.py --tap --cache "$out/virsh" --b "$XVSH"
	suite diff-ext 900 python3 tests/diff/run.py --tap --cache "$out/virsh" \
	    --b "$XVSH" --b-uri-map "test://*=test+ext://*?command=$BUILD/virtd"
fi
if wanted full; then
	suite diff-virsh 900 python3 tests/diff/run.py --tap --cache "$out/virsh" \
	    --b virsh --b-env COLUMNS=400 \
	    --b-uri-map "test://*=test+ext://*?command=$BUILD/virtd"
	suite tunnel 1500 bats --tap tests/full
	suite diff-ssh 900 tests/diff/ssh.sh ssh --tap --cache "$out/virsh" \
	    --b "$XVSH"
	suite diff-libssh2 900 tests/diff/ssh.sh libssh2 --tap \
	    --cache "$out/virsh" --b "$XVSH"
	# They make accounts, and take them away again.
	if [ "$(id -u)" = 0 ]; then
		suite accounts 300 bats --tap tests/full/accounts
	else
		echo "accounts: not run, they need root"
	fi
	for s in tests/full/*.sh; do
		[ -x "$s" ] && suite "$(basename "$s" .sh)" 2400 "$s"
	done
fi
if wanted lab-full; then
	suite lab 14400 bats --tap tests/lab
elif wanted lab; then
	# Building the image is part of it, the first time.
	suite lab 1800 bats --tap --filter-tags '!long' tests/lab
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
