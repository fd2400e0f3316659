#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each fuzz target for a short while, with the kept inputs first.
set -u
cd "$TOP" || exit 1
make -s -k -j2 fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-8}" FUZZ_SEED=20080303 2>&1 |
    grep -E '^(not )?ok|^==|^SUMMARY|ERROR'
