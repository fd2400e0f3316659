#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Devices of domains that run, changed by us and by xl: what one does the other
# sees. (commands.bats has the commands, on Linux, too.)

load ../helpers/common
load lab

setup() {
	lab_clean
	dom0 'truncate -s 8M /data/images/dev1.img /data/images/dev2.img'
}

teardown() {
	lab_clean
	dom0 'rm -f /data/images/dev?.img'
}

@test "xl's disks are in our documents, and ours are xl's" {
	dom0 'xvsh create /guests/idle.xml &&
	    xl block-attach idle format=raw,vdev=xvdb,target=/data/images/dev1.img'
	run dom0 'xvsh "domblklist idle; desc idle --live --new-desc text;
	    attach-disk idle /data/images/dev2.img xvdc; domblklist idle;
	    dumpxml idle --xpath //description"; xl block-list idle'
	echo "$output"
	[ $status -eq 0 ]
	[ "$(grep -c 'xvdb .*dev1.img' <<<"$output")" -eq 2 ]
	has "xvdc     /data/images/dev2.img"
	has "<description>text</description>"
	[ "$(grep -c /backend/ <<<"$output")" -eq 2 ]

	dom0 'xl block-detach --force idle xvdb'
	run dom0 'xvsh domblklist idle'
	echo "$output"
	! has dev1.img
	has dev2.img
}

@test "what is refused leaves the domain as it was" {
	dom0 'xvsh create /guests/idle.xml'
	run dom0 'xvsh "attach-disk idle /data/images/none.img xvdb;
	    attach-disk idle /data/images/dev1.img vda;
	    attach-interface idle bridge nobridge;
	    detach-disk idle xvdb;
	    attach-disk idle /data/images/dev1.img xvdb --config;
	    domblklist idle; domiflist idle" 2>&1'
	echo "$output"
	has "libxenlight failed to attach disk 'xvdb'"
	has "/data/images/none.img"
	has "libxenlight failed to attach network device"
	has "Failed to get disk information"
	has "transient domains do not have any persistent config"
	run dom0 'xl block-list idle; xl network-list idle; losetup -a
	    xvsh "domblklist idle; domiflist idle" | grep -e img -e bridge'
	echo "$output"
	! has img
	! has /backend/
}
