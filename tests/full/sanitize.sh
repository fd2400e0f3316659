#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole suite again, built with ASan and UBSan.
set -u
unset BUILD XVSH
# A sanitizer's dlopen does not look where the program says.
export LD_LIBRARY_PATH=$TOP/build/sanitize/xvm
export ASAN_OPTIONS=quarantine_size_mb=1 MEMORY_FACTOR=4
cd "$TOP" || exit 1
make -s -j2 SANITIZE=1 all >&2 || { echo "not ok 1 - build"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if make -s SANITIZE=1 check >"$log" 2>&1; then
	echo "ok 1 - the whole suite with ASan and UBSan: $(tail -n 1 "$log")"
else
	sed 's/^/# /' "$log"
	echo "not ok 1 - the whole suite with ASan and UBSan"
fi
