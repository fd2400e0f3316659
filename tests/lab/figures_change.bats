#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What listing and statistics cost while a 1 GiB guest is created, destroyed,
# or has just died: at most twice of what they cost otherwise. Also through a
# daemon that is busy creating. Prints the figures. Two processors in dom0.
# bats file_tags=long

load ../helpers/common
load lab

ROUNDS=${LAB_ROUNDS:-50}
SOCKET=/run/xvm/figures-sock

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	work=$BATS_FILE_TMPDIR
	cc -O2 -o "$work/stopwatch" "$TOP/tests/lab/stopwatch.c"
	cc -O2 -o "$work/end_domain" "$TOP/tests/lab/end_domain.c" -lxenctrl
	for f in stopwatch end_domain; do
		timeout 60 "$LAB" ssh "$LAB_NAME" \
		    "cat >/tmp/$f && chmod 755 /tmp/$f" <"$work/$f" 3>&-
	done
	dom0 'sed "s,>8<,>1024<,; s,<name>.*</name>,<name>big</name>," \
	    /guests/idle.xml >/data/big.xml
	    for n in 1 2 3 4 5; do
		sed "s,<name>.*</name>,<name>small$n</name>," \
		    /guests/idle.xml >/data/small.xml
		xvsh create /data/small.xml
	    done'
	# A daemon with two clients: one changes, the other asks.
	dom0 "/usr/local/lib/virtd --listen --socket $SOCKET \
	    </dev/null >/dev/null 2>&1 & echo \$! >/tmp/figures.pid"
	patiently 30 dom0 "test -S $SOCKET"
	COMMANDS="xvsh -c xen:/// list -- xvsh -c xen:/// domstats"
	COMMANDS+=" -- xvsh -c xen+unix:///?socket=$SOCKET list"
	export COMMANDS
	measure ""
	printf '%s\n' "${figures[@]}" >"$BATS_FILE_TMPDIR/otherwise"
	show otherwise
}

teardown_file() {
	load ../helpers/common
	load lab
	dom0 'touch /tmp/stop; kill $(cat /tmp/figures.pid)'
	lab_clean
	dom0 'rm -f /data/big.xml /data/small.xml /tmp/figures.pid /tmp/phase'
}

# measure FILE: while the file exists; "": at once.
measure() {
	local only=''
	[ -z "$1" ] || only="-w $1"
	mapfile -t figures < <(timeout $((900 * slow)) "$LAB" ssh \
	    "$LAB_NAME" "/tmp/stopwatch $only $ROUNDS $COMMANDS" \
	    </dev/null 3>&-)
	[ ${#figures[@]} -eq 3 ]
}

show() {
	local i names=(list domstats 'list by the daemon')
	for i in 0 1 2; do
		echo "# $1: ${names[i]}: median ${figures[i]% *} us," \
		    "95th percentile ${figures[i]#* } us" >&3
	done
}

# busy SCRIPT: in dom0, over and over; it makes /tmp/phase for its phase.
busy() {
	dom0 "rm -f /tmp/stop /tmp/phase
	    (while [ ! -e /tmp/stop ]; do $1; done) </dev/null \
	    >/tmp/busy.said 2>&1 &"
}

idle() {
	dom0 'touch /tmp/stop'
	patiently 60 eval '! dom0 "xl domid big"'
}

# compare NAME: each of the figures with what it is otherwise.
compare() {
	local i bad=0 before
	show "$1"
	mapfile -t before <"$BATS_FILE_TMPDIR/otherwise"
	for i in 0 1 2; do
		echo "# $1: times otherwise's:" "$(awk -v a="${figures[i]}" \
		    -v b="${before[i]}" 'BEGIN { split(a, x); split(b, y)
		    printf "%.2f %.2f", x[1] / y[1], x[2] / y[2] }')" >&3
		[ "${figures[i]% *}" -le $((2 * ${before[i]% *})) ] || bad=1
		[ "${figures[i]#* }" -le $((2 * ${before[i]#* })) ] || bad=1
	done
	[ $bad -eq 0 ]
}

@test "while a 1 GiB guest is created" {
	busy "touch /tmp/phase; xvsh -c xen+unix:///?socket=$SOCKET \
	    create /data/big.xml; rm /tmp/phase; xl destroy big"
	measure /tmp/phase
	idle
	compare created
}

@test "while a 1 GiB guest is destroyed" {
	busy "xvsh create /data/big.xml; touch /tmp/phase; \
	    xvsh -c xen+unix:///?socket=$SOCKET destroy big; rm /tmp/phase"
	measure /tmp/phase
	idle
	compare destroyed
}

@test "while a 1 GiB guest has just died" {
	busy 'xvsh create /data/big.xml; id=$(xl domid big); touch /tmp/phase
	    /tmp/end_domain $id
	    while xenstore-exists /libxl/$id; do sleep 0.5; done; rm /tmp/phase'
	measure /tmp/phase
	idle
	compare died
}
