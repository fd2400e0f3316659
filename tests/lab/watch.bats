#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The watcher: one for all domains, below 4 MiB, ending with the last; killed
# builders cleared up after.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'for n in 1 2 3; do cat >/data/watch$n.xml <<-END
	<domain type="xen">
	  <name>watch$n</name>
	  <memory unit="MiB">8</memory>
	  <vcpu>1</vcpu>
	  <os><type>linux</type><kernel>/guests/idle</kernel></os>
	</domain>
	END
	done'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'rm -f /data/watch*.xml'
}

watchers() {
	dom0 'pgrep -fc "^/usr/local/lib/virtd --watch"'
}

no_watcher() {
	[ "$(watchers)" = 0 ]
}

no_marks() {
	! dom0 'xenstore-ls /xvm | grep .'
}

@test "one for all, small, ending with the last domain" {
	dom0 'xvsh "create /data/watch1.xml; create /data/watch2.xml"'
	[ "$(watchers)" = 1 ]
	kib=$(dom0 'sed -n "s/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p" \
	    /proc/$(pgrep -f "^/usr/local/lib/virtd --watch")/status')
	echo "watcher: $kib KiB"
	[ "$kib" -lt 4096 ]
	dom0 'xvsh destroy watch1; xl destroy watch2'
	patiently 30 no_watcher
	no_marks
}

@test "killed, it comes back with the next change and adopts what runs" {
	dom0 'xvsh create /data/watch1.xml'
	dom0 'kill -9 $(pgrep -f "^/usr/local/lib/virtd --watch")'
	no_watcher
	dom0 'xvsh suspend watch1'
	[ "$(watchers)" = 1 ]
	dom0 'xl destroy watch1'
	patiently 30 no_watcher
	no_marks
}

@test "what a killed builder left is cleared away, and can be started again" {
	dom0 'xvsh create /data/watch3.xml >/dev/null 2>&1 & c=$!
	    for i in $(seq 300); do
		xl list | grep -q watch3 && break
		sleep 0.05
	    done
	    kill -9 $(pgrep -of "^/usr/local/lib/virtd --libxl"); wait $c; true'
	patiently 60 eval '! dom0 "xenstore-ls /xvm | grep building"'
	run dom0 'xvsh create /data/watch3.xml || xvsh domstate watch3'
	[ $status -eq 0 ]
	dom0 'xvsh destroy watch3'
	patiently 30 no_watcher
	no_marks
}
