#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Beside xl: each works on what the other made, at the same time, and both say
# the same. LAB_SEED chooses the operations.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	timeout 60 "$LAB" ssh "$LAB_NAME" 'cat >/tmp/coexist.sh' \
	    <"$TOP/tests/lab/coexist.sh" 3>&-
	dom0 'sed "s,<name>.*</name>,<name>ours</name>," /guests/idle.xml \
	    >/data/ours.xml
	    sed "s,<name>.*</name>,<name>linux</name>," /guests/pv.xml \
	    >/data/linux.xml'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'rm -f /data/ours.xml /data/linux.xml /tmp/coexist.sh \
	    /tmp/slow /tmp/go'
}

# What is left of domains but the control domain: nothing, it should be.
nothing_left() {
	[ -z "$(dom0 'xl list | tail -n +3; xenstore-ls -f / |
	    grep -E "^/(xvm|vm|libxl|local/domain)/[^ ]" |
	    grep -Ev "^/(libxl|local/domain)/0[/ ]|^/vm/00000000-"
	    ls /var/lib/xen | grep "^userdata-" | grep -v "^userdata-d\.0\."
	    losetup -a; pgrep -af "^xl |^[^ ]*virtd --"; true')" ]
}

# xl builds a domain, and comes no further than the interface's script; its
# number is in $id.
start_half() {
	dom0 'printf "#!/bin/sh\nuntil [ -e /tmp/go ]; do sleep 0.2; done
exec /etc/xen/scripts/vif-bridge \"\$@\"\n" >/tmp/slow
	    chmod 755 /tmp/slow; rm -f /tmp/go
	    xl create -q /guests/idle.cfg "name=\"half\"" \
	        "vif=[\"bridge=xenbr0,script=/tmp/slow\"]" \
	        </dev/null >/dev/null 2>&1 &'
	patiently 60 dom0 'pgrep -f "^/bin/sh /tmp/slow"'
	id=$(dom0 'xl domid half')
}

@test "what xl is building, and what a killed xl left: shown, not touched" {
	start_half
	run dom0 "xvsh 'domstate $id --reason'"
	has "paused (starting up)"
	for change in "setmem $id 512M" "suspend $id" "resume $id" \
	    "vcpupin $id 0 0" "shutdown $id" "destroy $id"; do
		run dom0 "xvsh '$change' 2>&1"
		[ $status -ne 0 ]
		has "domain $id is being built"
	done
	dom0 'touch /tmp/go'
	patiently 60 eval 'dom0 "xvsh domstate half" | grep -q running'
	dom0 'xvsh destroy half'
	patiently 30 nothing_left

	start_half
	dom0 'kill -KILL $(pgrep -x xl)'
	run dom0 "xvsh list"
	has " $id "
	run dom0 "xvsh 'domstate $id --reason'"
	has "paused (starting up)"
	for change in "setmem $id 512M" "resume $id"; do
		run dom0 "xvsh '$change' 2>&1"
		[ $status -ne 0 ]
		has "domain $id is half built, and whoever built it has gone"
	done
	# Other changes clear nothing of it away.
	dom0 'xvsh "create /data/ours.xml; destroy ours"'
	dom0 "xl list $id; touch /tmp/go"
	dom0 "xvsh destroy $id"
	patiently 30 nothing_left
}

# bats test_tags=long
@test "100 operations by xl and by us, two at a time" {
	run timeout $((1800 * slow)) "$LAB" ssh "$LAB_NAME" \
	    "bash /tmp/coexist.sh ${LAB_SEED:-1} 50" </dev/null 3>&-
	echo "# $output" >&3
	[ $status -eq 0 ]
	patiently 30 nothing_left
}

# bats test_tags=long
@test "Linux: xl's shut down by us, ours by xl, its console by xl" {
	dom0 'xl create -q /guests/pv.cfg "name=\"linux\""'
	patiently 240 said linux 'GUEST READY'
	dom0 'xvsh "list; dumpxml linux; setmem linux 100M; shutdown linux"'
	patiently 120 gone linux
	patiently 30 nothing_left
	dom0 'rm -f /var/log/xen/console/guest-linux.log
	    xvsh create /data/linux.xml'
	patiently 240 said linux 'GUEST READY'
	run dom0 'timeout 5 xl console linux </dev/null; echo; xl list linux
	    xl mem-set linux 100m && xl shutdown linux'
	has linux
	patiently 120 gone linux
	patiently 30 nothing_left
}
