#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tunnel's figures in short runs, with room; prints TAP.
cd "$(dirname "$0")/../.." || exit 1
n=0
for part in rates clients many memory; do
	n=$((n + 1))
	if out=$(python3 tests/bench/tunnel.py "$BUILD" --quick $part 2>&1); then
		echo "ok $n $part"
	else
		echo "not ok $n $part"
	fi
	printf '%s\n' "$out" | sed 's/^/# /'
done
echo "1..$n"
