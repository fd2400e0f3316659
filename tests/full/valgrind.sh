#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every command and option in one process under valgrind: no error, no leak.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$TOP/tests/full/every_command.py" "$XVSH" "$dir" >"$dir/script" || {
	echo "not ok 1 - every command has a line"
	exit 1
}
lines=$(wc -l <"$dir/script")
cd "$dir" || exit 1
remarks='own handler|README_MISSING|a bug\.  Please report|bug_reports\.html'
run() {
	local n=$1 name=$2
	shift 2
	# What this valgrind does not know, the programs do without.
	if valgrind -q --error-exitcode=99 --leak-check=full \
	    --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
	    --log-file="$dir/valgrind.$n" "$@" <"$dir/script" >"$dir/out" 2>&1 &&
	    ! grep -vE "unhandled .* syscall: 434|$remarks" \
	    "$dir/valgrind.$n"; then
		echo "ok $n - $name ($lines lines)"
	else
		echo "not ok $n - $name"
		head -n 60 "$dir/valgrind.$n" | sed 's/^/# /'
	fi
}
run 1 "every command, local" "$XVSH" -q -c test:///default
run 2 "every command, through the helper" "$XVSH" -q \
    -c "test+ext:///default?command=$BUILD/virtd"
echo "1..2"
