#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What only a guest that answers can show: its console, its balloon and
# processors, its memory in files, the ways to ask it to end.

load ../helpers/common
load lab

setup() {
	lab_clean
	cd "$BATS_TEST_TMPDIR"
	SOCK=$BATS_TEST_TMPDIR/tmux
}

teardown() {
	tmux -S "$SOCK" kill-server 2>/dev/null || true
	dom0 'for d in $(xvsh list --all --name); do
		xvsh "undefine --managed-save $d" >/dev/null 2>&1
	done
	rm -f /data/guest.*'
	lab_clean
}

# linux NAME KIND [SED-EXPRESSION]...: its document, guest.xml on the host too.
linux() {
	local name=$1 kind=$2

	shift 2
	sed "s,<name>.*</name>,<name>$name</name>,$(printf ';%s' "$@")" \
	    "$TOP/tests/lab/guests/$kind.xml" >guest.xml
	timeout $((60 * slow)) "$LAB" ssh "$LAB_NAME" \
	    'cat >/data/guest.xml' <guest.xml 3>&-
}

# ok COMMANDS: our shell's, on the host.
ok() {
	run dom0 "xvsh '$1' 2>&1"
	echo "$output"
	[ $status -eq 0 ]
}

# refused COMMANDS TEXT
refused() {
	run dom0 "xvsh '$1' 2>&1"
	[ $status -ne 0 ]
	has "$2"
}

is() {
	[ "$(dom0 "xvsh domstate $1")" = "$2" ]
}

# terminal WINDOW PROGRAM ARGUMENT...: in a terminal of its own.
terminal() {
	local window=$1

	shift
	tmux -S "$SOCK" -f /dev/null new-session -d -s "$window" -x 100 -y 40 \
	    "env HOME=$HOME LC_ALL=C.UTF-8 $*; echo LEFT \$?; sleep 600"
}

shows() {
	tmux -S "$SOCK" capture-pane -p -J -S - -t "$1" | grep -q -- "$2"
}

types() {
	local window=$1

	shift
	tmux -S "$SOCK" send-keys -t "$window" "$@"
}

# bats test_tags=long
@test "the console, by our shell and by virsh, one at a time" {
	linux con pv
	lab_xvsh "create guest.xml"
	patiently 150 said con 'GUEST READY'
	terminal one "$XVSH" -c "'$(lab_uri)'" console con
	patiently 60 shows one 'Escape character is'
	types one Enter
	patiently 20 shows one '/ #'
	types one 'echo a$((1+1))b' Enter
	patiently 20 shows one '^a2b'
	terminal two virsh -c "'$(lab_uri)'" console con
	patiently 60 shows two 'Active console session exists for this domain'
	terminal three virsh -c "'$(lab_uri)'" console con --force
	patiently 60 shows one 'LEFT'
	types three Enter
	types three 'echo c$((2+2))d' Enter
	patiently 20 shows three '^c4d'
	types three 'C-]'
	patiently 20 shows three 'LEFT 0'
	run dom0 'ls /run/xvm'
	[[ "$output" != *console* ]]
	terminal four "$XVSH" -c "'$(lab_uri)'" console con --devname serial7
	patiently 60 shows four 'LEFT 1'
	lab_xvsh destroy con
}

# xl_has GUEST: its console, by a process of xl's.
xl_has() {
	dom0 "flock -n /var/lock/xenconsole.\$(xl domid $1) true; [ \$? = 1 ]
	    pgrep -x xenconsole"
}

@test "the console, by our shell and by xl, one at a time" {
	linux con idle
	ok 'create /data/guest.xml'
	dom0 'timeout 200 xl console con >/data/guest.con 2>&1 &
	    wait $!; echo "xl left $?" >>/data/guest.con' &
	patiently 20 xl_has con
	terminal one "$XVSH" -c "'$(lab_uri)'" console con
	patiently 60 shows one 'Active console session exists for this domain'
	! dom0 'grep -q left /data/guest.con'
	terminal two "$XVSH" -c "'$(lab_uri)'" console con --force
	patiently 60 shows two 'Escape character is'
	patiently 20 dom0 'grep -q "xl left 0" /data/guest.con'
	run dom0 'timeout 20 xl console con </dev/null 2>&1'
	[ $status -ne 0 ] && [ $status -ne 124 ]
	has 'Could not lock'
	# From one of ours to another it stays locked for xl.
	terminal three "$XVSH" -c "'$(lab_uri)'" console con --force
	patiently 60 shows two LEFT
	patiently 60 shows three 'Escape character is'
	run dom0 'timeout 20 xl console con </dev/null 2>&1'
	has 'Could not lock'
	types three 'C-]'
	patiently 20 shows three 'LEFT 0'
	run dom0 'ls /var/lock /run/xvm'
	[[ "$output" != *console* ]]
	run dom0 'timeout 3 xl console con </dev/null 2>&1'
	[ $status -eq 124 ]
}

# bats test_tags=long
@test "saved to a file and restored, paused and with another document" {
	linux kept pv
	ok 'create /data/guest.xml'
	patiently 150 said kept 'GUEST READY'
	ok 'save kept /data/guest.save'
	has "Domain 'kept' saved to /data/guest.save"
	run dom0 'xl domid kept; xenstore-ls /xvm'
	! [[ "$output" =~ ^[0-9] ]]
	ok 'save-image-dumpxml /data/guest.save'
	has '<name>kept</name>'
	# Without a UUID the document is another domain's.
	refused 'restore /data/guest.save --xml /data/guest.xml' \
	    'does not match'
	dom0 'xvsh save-image-dumpxml /data/guest.save |
	    sed "s,</uuid>,&<title>again</title>," >/data/guest.new'
	ok 'restore /data/guest.save --xml /data/guest.new --paused'
	ok 'domstate kept --reason; desc kept --title'
	has paused
	has again
	ok 'resume kept'
	# It goes on where it was: it was booted once, and answers.
	[ "$(dom0 'grep -ac "GUEST READY" \
	    /var/log/xen/console/guest-kept.log')" -eq 1 ]
	ok 'save kept /data/guest.save --xml /data/guest.new'
	dom0 'xvsh restore /data/guest.save'
	patiently 20 is kept running
	ok 'shutdown kept --mode paravirt'
	patiently 90 gone kept
	run dom0 'xenstore-ls /xvm'
	same ""
}

# bats test_tags=long
@test "managed save: kept by the host, started from, or thrown away" {
	linux kept pv
	ok 'define /data/guest.xml; start kept'
	patiently 150 said kept 'GUEST READY'
	ok 'managedsave kept'
	ok 'list --all --managed-save; dominfo kept'
	[[ "$output" =~ -\ +kept\ +saved ]]
	has 'Managed save:   yes'
	refused 'undefine kept' \
	    'Refusing to undefine while domain managed save image exists'
	ok 'start kept; dominfo kept'
	has 'Managed save:   no'
	[ "$(dom0 'grep -ac "GUEST READY" \
	    /var/log/xen/console/guest-kept.log')" -eq 1 ]
	ok 'managedsave kept; managedsave-remove kept; dominfo kept'
	has 'Managed save:   no'
	has 'shut off'
	ok 'undefine kept'
	run dom0 'ls /var/lib/xvm/save'
	same ""
}

# killed_save COMMAND: our process that changes domains is killed at it.
killed_save() {
	run dom0 "xvsh '$1' >/data/guest.out 2>&1 & c=\$!
	    for i in \$(seq 500); do
		pgrep -x libxl-save-help >/dev/null && break
		sleep 0.02
	    done
	    kill -9 \$(pgrep -of '^/usr/local/lib/virtd --libxl')
	    wait \$c; cat /data/guest.out; rm /data/guest.out"
	has 'was killed by signal 9'
}

# works NAME: it is running, and uses its processor.
works() {
	dom0 "[ \"\$(xvsh 'domstate $1')\" = running ] &&
	    a=\$(xl list $1 | awk 'NR == 2 { print \$6 }'); sleep 2
	    b=\$(xl list $1 | awk 'NR == 2 { print \$6 }'); [ \$a != \$b ]"
}

# anew NAME: end it and start it again.
anew() {
	ok "destroy $1"
	dom0 "rm /var/log/xen/console/guest-$1.log"
	ok "start $1"
	patiently 150 said "$1" 'GUEST READY'
}

# Files of saved domains: on a file system that knows files without a name,
# and on one that does not.
images() {
	dom0 'cd /data; ls guest.save*; cd /var/lib/xvm/save; ls' 2>/dev/null
}

# bats test_tags=long
@test "of a save that was killed nothing is left" {
	linux kept pv
	dom0 'mkdir -p /var/lib/xvm/save; echo old >/data/guest.save'
	ok 'define /data/guest.xml; start kept'
	patiently 150 said kept 'GUEST READY'
	killed_save 'save kept /data/guest.save'
	[ "$(images)" = guest.save ]
	[ "$(dom0 'cat /data/guest.save')" = old ]
	# It goes on, and can be saved.
	patiently 60 works kept
	killed_save 'managedsave kept'
	[ "$(images)" = "$(printf 'guest.save\nkept.save.part')" ]
	# Not while somebody writes to it.
	dom0 'cd /var/lib/xvm/save; echo >kept.save
	    exec flock kept.save.part sleep 5' &
	sleep 1
	ok 'managedsave-remove kept; dominfo kept'
	has 'Managed save:   no'
	[[ "$(images)" = *kept.save.part ]]
	wait $!
	dom0 'echo >/var/lib/xvm/save/kept.save'
	ok 'managedsave-remove kept'
	[ "$(images)" = guest.save ]
	# Nor does it stand in the way of the next one.
	dom0 'echo left >/var/lib/xvm/save/kept.save.part
	    echo left >/data/guest.save.part'
	anew kept
	ok 'managedsave kept'
	[ "$(images)" = "$(printf 'guest.save\nguest.save.part\nkept.save')" ]
	ok 'start kept'
	ok 'save kept /data/guest.save; save-image-dumpxml /data/guest.save'
	has '<name>kept</name>'
	[ "$(images)" = guest.save ]
	dom0 'echo left >/var/lib/xvm/save/kept.save.part'
	ok 'undefine kept'
	[ "$(images)" = guest.save ]
}

# bats test_tags=long
@test "its processors and memory, an NMI, a dump, a graceful end" {
	linux big pv 's,<vcpu>1<,<vcpu>2<,;s,>128<,>160<,'
	ok 'define /data/guest.xml; start big'
	patiently 150 said big 'GUEST READY'
	ok 'setvcpus big 1 --live; vcpucount big'
	patiently 30 eval 'dom0 "xl vcpu-list big" | grep -q " --p "'
	ok 'setvcpus big 2 --live; setvcpus big 1 --config; vcpucount big'
	[[ "$output" =~ current\ +config\ +1 ]]
	[[ "$output" =~ current\ +live\ +2 ]]
	# Linux leaves the rest to a udev that this one does not have.
	[ "$(dom0 'xenstore-read /local/domain/$(xl domid big)/cpu/1/availability'
	    )" = online ]
	refused 'setvcpus big 3 --live' \
	    'requested vcpus is greater than max allowable vcpus'
	ok 'setmem big 120M --live; setmem big 140M --config'
	patiently 60 eval 'dom0 "xl list big" | grep -q " 120 "'
	ok 'dommemstat big; dumpxml big --xpath //currentMemory'
	has 'actual 122880'
	has ">122880<"
	ok 'dumpxml big --inactive --xpath //currentMemory'
	has ">143360<"
	refused 'setmem big 200M' 'cannot set memory higher than max memory'
	ok 'inject-nmi big'
	patiently 30 said big 'NMI received'
	ok 'dump big /data/guest.core; domstate big'
	has running
	run dom0 'head -c 4 /data/guest.core | tail -c 3; stat -c %s \
	    /data/guest.core'
	has ELF
	ok 'dump big /data/guest.core --live'
	ok 'destroy big --graceful'
	ok 'domstate big; vcpucount big --current --config'
	has 'shut off'
	has 1
}

# bats test_tags=long
@test "what crashed is dumped, and started again" {
	# There is no system to be found: the kernel panics.
	linux lost pv '/<initrd>/d;s,>128<,>96<,' \
	    's,<on_crash>.*<,<on_crash>coredump-restart<,'
	ok 'create /data/guest.xml'
	patiently 90 eval 'dom0 "ls /var/lib/xvm/dump" | grep "^lost-.*dump$"'
	first=$(dom0 'xl domid lost')
	patiently 90 eval '[ "$(dom0 "xl domid lost" || echo 0)" -gt '"$first ]"
	# It crashes again and again: while it is being built it is left alone.
	patiently 90 dom0 'xvsh destroy lost'
	run dom0 'cd /var/lib/xvm/dump && set -- * && echo $1 &&
	    head -c 4 $1 | tail -c 3 && rm -f *; xenstore-ls /xvm'
	[[ "${lines[0]}" =~ ^lost-[0-9]{8}T[0-9]{6}Z\.dump$ ]]
	[ "${lines[1]}" = ELF ]
	[ ${#lines[@]} -eq 2 ]
}
