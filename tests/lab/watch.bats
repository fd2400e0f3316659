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
	dom0 'xvsh undefine watch4; rm -f /data/watch*.xml /var/lib/xvm/dump/*'
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

# ends HOW ACTION: watch4 is to end so (poweroff, reboot, crash) once it runs,
# and that done then. It runs when this returns, or has ended already.
ends() {
	dom0 "cat >/data/watch4.xml <<-END
	<domain type='xen'>
	  <name>watch4</name>
	  <uuid>b3a2f0c4-5f0e-4e5f-9a49-0d6f37a7a004</uuid>
	  <memory unit='MiB'>8</memory>
	  <vcpu>1</vcpu>
	  <os>
	    <type>linux</type>
	    <kernel>/guests/idle</kernel>
	    <cmdline>$1</cmdline>
	  </os>
	  <on_$1>$2</on_$1>
	</domain>
	END
	xvsh 'create /data/watch4.xml --paused; resume watch4'"
}

not_marked() {
	[ -z "$(dom0 'xenstore-ls /xvm' 2>/dev/null)" ]
}

# Its number is another one than before.
is_another() {
	local id

	id=$(dom0 'xl domid watch4') && [ "$id" != "$1" ]
}

@test "one that ended is destroyed, whether its memory can be dumped or not" {
	ends poweroff destroy
	patiently 30 gone watch4
	not_marked
	# It does not say where its memory is, as Linux does: see guests.bats.
	ends crash coredump-destroy
	patiently 60 gone watch4
	not_marked
	run dom0 'ls /var/lib/xvm/dump'
	same ""
}

@test "one that ended starts again, as it is defined by then" {
	ends reboot restart
	patiently 30 is_another "$(dom0 'xl domid watch4')"
	# What is defined takes effect with its next start.
	dom0 'sed -i "s,<cmdline>.*,," /data/watch4.xml
	    xvsh define /data/watch4.xml'
	patiently 30 eval '! dom0 "xvsh dumpxml watch4" | grep -q cmdline'
	# Between two starts it has its defined document, too.
	patiently 30 eval '[ "$(dom0 "xvsh domstate watch4")" = running ]'
	dom0 'xvsh "destroy watch4; undefine watch4"'
	not_marked
}

# restarts: it is asked to reboot, and has done so when this returns.
restarts() {
	local id

	id=$(dom0 'xl domid watch4')
	dom0 'xvsh reset watch4'
	patiently 120 is_another "$id"
	# A device's script can take half a minute on a busy machine.
	patiently 120 eval '[ "$(dom0 "xvsh domstate watch4")" = running ]'
}

# bats test_tags=long
@test "one that is not defined starts again with what it has by then" {
	dom0 'cd /data; truncate -s 1M watch-a.img watch-b.img watch-c.img
	cat >watch4.xml <<-END
	<domain type="xen">
	  <name>watch4</name>
	  <metadata><app:x xmlns:app="urn:x">kept</app:x></metadata>
	  <memory unit="MiB">16</memory>
	  <currentMemory unit="MiB">12</currentMemory>
	  <vcpu current="2">3</vcpu>
	  <os><type>linux</type><kernel>/guests/idle</kernel></os>
	  <devices>
	    <disk type="file" device="disk">
	      <driver type="raw"/>
	      <source file="/data/watch-a.img"/>
	      <target dev="xvda"/>
	    </disk>
	  </devices>
	</domain>
	END
	xvsh create watch4.xml'
	before=$(dom0 'xvsh dumpxml watch4 | grep -v "domain type\|pts/"')
	restarts
	run dom0 'xvsh dumpxml watch4 | grep -v "domain type\|pts/"'
	same "$before"
	# By xl, of which no document of ours tells.
	dom0 'xl mem-set watch4 8m; xl vcpu-set watch4 1
	    xl block-attach watch4 format=raw,vdev=xvdb,target=/data/watch-b.img
	    xl network-attach watch4 mac=00:16:3e:00:00:44 bridge=xenbr0'
	restarts
	run dom0 'xvsh dumpxml watch4'
	has "<currentMemory unit='KiB'>8192</currentMemory>"
	has "<memory unit='KiB'>16384</memory>"
	has "<vcpu placement='static' current='1'>3</vcpu>"
	has "<app:x xmlns:app=\"urn:x\">kept</app:x>"
	run dom0 'xvsh "domblklist watch4; domiflist watch4"
	    xl block-list watch4; xl network-list watch4'
	has "xvda     /data/watch-a.img"
	has "xvdb     /data/watch-b.img"
	[ "$(grep -c 00:16:3e:00:00:44 <<<"$output")" = 2 ]
	# Another disk in its place, and what was there at its start away.
	dom0 'xl block-detach -f watch4 xvda; xl block-detach -f watch4 xvdb
	    xl network-detach watch4 0
	    xl block-attach watch4 format=raw,vdev=xvdb,target=/data/watch-c.img'
	restarts
	run dom0 'xvsh "domblklist watch4; domiflist watch4"'
	has "xvdb     /data/watch-c.img"
	[[ "$output" != *watch-a.img* ]]
	[[ "$output" != *00:16:3e* ]]
	dom0 'xvsh destroy watch4; rm /data/watch-?.img'
	not_marked
}

# bats test_tags=long
@test "another CD and the memory of an HVM domain stay over a reboot" {
	dom0 'cd /data; truncate -s 1M watch-a.iso watch-b.iso
	cat >watch4.xml <<-END
	<domain type="xen">
	  <name>watch4</name>
	  <memory unit="MiB">64</memory>
	  <vcpu current="1">2</vcpu>
	  <os><type>hvm</type></os>
	  <features><acpi/></features>
	  <devices>
	    <disk type="file" device="cdrom">
	      <source file="/data/watch-a.iso"/>
	      <target dev="hdc"/>
	    </disk>
	  </devices>
	</domain>
	END
	xvsh create watch4.xml'
	before=$(dom0 'xvsh dumpxml watch4 | grep -v "domain type\|pts/"')
	dom0 'xl cd-insert watch4 hdc /data/watch-b.iso'
	restarts
	run dom0 'xvsh dumpxml watch4 | grep -v "domain type\|pts/"'
	same "${before/watch-a.iso/watch-b.iso}"
	dom0 'xl cd-eject watch4 hdc'
	restarts
	run dom0 'xvsh domblklist watch4'
	has hdc
	[[ "$output" != *watch-b.iso* ]]
	dom0 'xvsh destroy watch4; rm /data/watch-?.iso'
	not_marked
}

@test "one that ended is kept, under its name or beside its successor" {
	ends crash preserve
	patiently 30 not_marked
	[ "$(dom0 'xvsh domstate watch4 --reason')" = 'crashed (panicked)' ]
	dom0 'xvsh destroy watch4'
	# Its successor is as defined, and does not end.
	dom0 'sed "s,<cmdline>.*,," /data/watch4.xml >/data/watch5.xml
	    xvsh define /data/watch5.xml'
	ends poweroff rename-restart
	patiently 30 eval 'dom0 "xvsh list --name" | grep -q "^watch4-"'
	patiently 30 eval '[ "$(dom0 "xvsh domstate watch4")" = running ]'
	dom0 'for d in $(xvsh list --name | grep watch4); do
		xvsh destroy $d
	done
	xvsh undefine watch4'
	not_marked
}

@test "a domain ends with the connection that started it so" {
	run dom0 'xvsh "create /data/watch1.xml --autodestroy; list --name"'
	[ $status -eq 0 ]
	has watch1
	patiently 20 gone watch1
	not_marked
	# Also when that is killed.
	dom0 'cd /data; (echo "create watch1.xml --autodestroy"; sleep 60) |
	    xvsh >/dev/null 2>&1 & p=$!
	    for i in $(seq 300); do xl domid watch1 && break; sleep 0.1; done
	    kill -9 $p $(pgrep -x xvsh)' >/dev/null 2>&1 || true
	patiently 30 gone watch1
	not_marked
}
