#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What Xen's own tool reads in the xl.cfg that we write: the same structure as
# our conversion gives libxl (tests/unit/xen_config.py has ours made anew).

load ../helpers/common
load lab

setup() {
	data=$TOP/tests/data/xen
}

# Print what xl makes of each file, its name before it.
xl_reads() {
	tar -C "$data" --exclude='*/*' -cf - $(cd "$data" && echo *.cfg) |
	    timeout $((60 * slow)) "$LAB" ssh "$LAB_NAME" \
	    'rm -rf /tmp/xvsh-config && mkdir /tmp/xvsh-config &&
	    tar -C /tmp/xvsh-config -xf -' 3>&-
	timeout $((400 * slow)) "$LAB" ssh "$LAB_NAME" \
	    'cd /tmp/xvsh-config && for f in *.cfg; do
		echo "@@${f%.cfg}"
		xl -N create $f 2>&1 |
		    grep -v -e "^Parsing config" -e "^got a tsc mode string"
	    done; rm -rf /tmp/xvsh-config' </dev/null 3>&-
}

@test "xl reads from our xl.cfg what we give libxl" {
	xl_reads | awk -v to="$BATS_TEST_TMPDIR" '
	    /^@@/ { out = to "/" substr($0, 3); next }
	    { print >out }'
	n=0
	for json in "$data"/*.json; do
		name=$(basename "$json" .json)
		echo "$name:"
		diff <(sed -e '$a\' "$json") "$BATS_TEST_TMPDIR/$name"
		n=$((n + 1))
	done
	[ $n -ge 40 ]
}
