#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The line that all this is for: a Linux guest of every kind made, seen,
# rebooted and shut down from another machine, by ssh alone; by our shell, by
# stock virsh; and its events, as python3-libvirt sees them.

load ../helpers/common
load lab

setup() {
	lab_clean
	cd "$BATS_TEST_TMPDIR"
	listener=
}

teardown() {
	if [ -n "$listener" ]; then
		kill $listener 2>/dev/null || true
		wait $listener 2>/dev/null || true
	fi
	lab_clean
}

# by PROGRAM URI COMMANDS: on the host; its output is that of `run'.
by() {
	run timeout $((150 * slow)) "$1" -c "$2" "$3"
	echo "$output"
	[ $status -eq 0 ]
}

# up_again N: the guest's system was up N times.
up_again() {
	[ "$(dom0 'grep -ac "GUEST READY" \
	    /var/log/xen/console/guest-web.log')" -ge "$1" ]
}

stopped_twice() {
	[ "$(grep -c 'web stopped' events)" -eq 2 ]
}

# seed KIND PROGRAM URI OS-TYPE
seed() {
	local limit=150

	[ "$1" != hvm ] || limit=900
	sed 's,<name>.*</name>,<name>web</name>,' "$TOP/tests/lab/guests/$1.xml" \
	    >web.xml
	by "$2" "$3" 'create web.xml; list; dominfo web; dumpxml web;
	    domstats web'
	has "Domain 'web' created from web.xml"
	[[ "$output" =~ \ ([0-9]+)\ +web\ +running ]]
	first=${BASH_REMATCH[1]}
	has "Id:             $first"
	has "OS Type:        $4"
	has "Persistent:     no"
	has "<domain type='xen' id='$first'>"
	has "<source file='/data/images/$1.img'/>"
	has "<target dev='vif$first.0"
	has "Domain: 'web'"
	has "  vcpu.0.state="
	has "  net.0.name=vif$first.0"
	has "  block.0.path=/data/images/$1.img"
	patiently $limit up_again 1
	# It has the disk and the network of its document.
	said web 'xvda.* eth0'
	by "$2" "$3" 'reboot web'
	has "Domain 'web' is being rebooted"
	patiently $limit up_again 2
	by "$2" "$3" 'domid web; shutdown web; list --all'
	[ "${lines[0]}" -gt "$first" ]
	has "Domain 'web' is being shutdown"
	patiently 90 gone web
	by "$2" "$3" 'list --all'
	! has " web "
	run dom0 'xenstore-ls /xvm'
	same ""
}

@test "a paravirtual Linux by our shell, heard by python3-libvirt" {
	/usr/bin/python3 "$TOP/tests/lab/listen.py" "$(lab_uri)" >events 3>&- &
	listener=$!
	patiently 60 grep -q listening events
	seed pv "$XVSH" "$(lab_uri)" xen
	patiently 20 stopped_twice
	run grep web events
	same "web started 0
web shutdown 0
web stopped 0
web started 0
web shutdown 0
web stopped 0"
}

@test "a PVH Linux by stock virsh" {
	seed pvh virsh "$(lab_uri)" xenpvh
}

# bats test_tags=long
@test "a paravirtual Linux by stock virsh" {
	seed pv virsh "$(lab_uri)" xen
}

# bats test_tags=long
@test "a PVH Linux by our shell with libssh2" {
	seed pvh "$XVSH" "$(lab_uri xen+libssh2)" xenpvh
}

# bats test_tags=long
@test "a fully virtual Linux by our shell" {
	seed hvm "$XVSH" "$(lab_uri)" hvm
}

# bats test_tags=long
@test "a fully virtual Linux by stock virsh" {
	seed hvm virsh "$(lab_uri)" hvm
}
