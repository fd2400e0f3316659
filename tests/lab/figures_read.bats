#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What listing and statistics cost with 100 idle guests of ours, beside xl,
# beside a minimal program, and from outside beside ssh alone; what the watcher
# takes. Prints the figures.
# bats file_tags=long

load ../helpers/common
load lab

N=${LAB_GUESTS:-100}
ROUNDS=${LAB_ROUNDS:-20}

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	work=$BATS_FILE_TMPDIR
	cc -O2 -o "$work/minimal_list" "$TOP/tests/lab/minimal_list.c" \
	    -lxenctrl -lxenstore
	cc -O2 -o "$work/stopwatch" "$TOP/tests/lab/stopwatch.c"
	for f in minimal_list stopwatch; do
		timeout 60 "$LAB" ssh "$LAB_NAME" \
		    "cat >/tmp/$f && chmod 755 /tmp/$f" <"$work/$f" 3>&-
	done
	for ((i = 0; i < N; i += 10)); do
		dom0 "for i in \$(seq $i $((i + 9))); do
			sed \"s,<name>.*</name>,<name>g\$i</name>,\" \
			    /guests/idle.xml >/data/g\$i.xml
		done
		xvsh \"\$(for i in \$(seq $i $((i + 9))); do
			echo \"create /data/g\$i.xml;\"
		done)\"; rm /data/g*.xml"
	done
	[ "$(dom0 'xl list | wc -l')" -eq $((N + 2)) ]
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
}

# measure COMMAND [-- COMMAND]...: medians and 95th percentiles, microseconds.
measure() {
	timeout $((600 * slow)) "$LAB" ssh "$LAB_NAME" \
	    "cd /tmp && ./stopwatch $ROUNDS $*" </dev/null 3>&-
}

@test "list: half of xl's time, 1.2 times the minimum; domstats 3 times" {
	mapfile -t t < <(measure xl list -- xvsh -c xen:/// list -- \
	    ./minimal_list -- xvsh -c xen:/// domstats)
	names=('xl list' 'xvsh list' 'the minimum' 'xvsh domstats')
	for i in 0 1 2 3; do
		echo "# $N guests: ${names[i]}: median $((${t[i]% *})) us," \
		    "95th percentile ${t[i]#* } us" >&3
	done
	xl=${t[0]% *} list=${t[1]% *} min=${t[2]% *} stats=${t[3]% *}
	[ $((list * 2)) -le "$xl" ]
	[ $((list * 10)) -le $((min * 12)) ]
	[ "$stats" -le $((min * 12 / 10 * 3)) ]
}

@test "a constant number of hypercalls for any number of domains" {
	dom0 'command -v strace' >/dev/null
	# privcmd's ioctl 0 is a hypercall.
	run dom0 'strace -f -e trace=ioctl -o /tmp/calls xvsh -c xen:/// list \
	    >/dev/null; grep -c "0x50, 0, 0x" /tmp/calls'
	echo "# $N guests: $output hypercall for list" >&3
	[ "$output" -eq 1 ]
}

@test "from outside: 1.05 times ssh alone, and the local cost" {
	uri=$(lab_uri)
	mapfile -t t < <("$BATS_FILE_TMPDIR/stopwatch" "$ROUNDS" \
	    "${uri##*command=}" "root@$LAB_NAME" true -- "$XVSH" -c "$uri" list \
	    3>&-)
	mapfile -t here < <(measure xvsh -c xen:/// list)
	ssh=${t[0]% *} outside=${t[1]% *} local=${here[0]% *}
	echo "# $N guests, from outside: ssh true $ssh us, xvsh list" \
	    "$outside us, on the host $local us" >&3
	[ "$outside" -le $((ssh * 105 / 100 + local)) ]
}

@test "one watcher for all, below 4 MiB" {
	pids=$(dom0 'pgrep -f "^/usr/local/lib/virtd --watch"')
	[ "$(wc -w <<<"$pids")" -eq 1 ]
	kib=$(dom0 "sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' \
	    /proc/$pids/status")
	echo "# $N guests: one watcher, $kib KiB" >&3
	[ "$kib" -lt 4096 ]
}
