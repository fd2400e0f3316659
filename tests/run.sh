#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh check|full BUILD: run the suites, each of which prints TAP; show what
# failed and count every test in the last line.
set -u
mode=$1
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

suite rules 120 tests/rules.sh
suite unit 240 bash -c unit
suite bats 400 bats --tap tests
[ -x tests/wire/run.sh ] && suite wire 240 tests/wire/run.sh
suite domains 300 tests/unit/domain_xml_compare.py \
    "$BUILD/tests/unit/domain_xml_tool"
suite devices 300 tests/unit/devices_compare.sh \
    "$BUILD/tests/unit/domain_xml_tool"
# What virsh did is kept for the second pass, through the tunnel.
suite diff 900 python3 tests/diff/run.py --tap --cache "$out/virsh" --b "$XVSH"
suite diff-ext 900 python3 tests/diff/run.py --tap --cache "$out/virsh" \
    --b "$XVSH" --b-uri-map "test://*=test+ext://*?command=$BUILD/virtd"
if [ "$mode" = full ]; then
	suite tunnel 600 bats --tap tests/full
	for s in tests/full/*.sh; do
		[ -x "$s" ] && suite "$(basename "$s" .sh)" 2400 "$s"
	done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
