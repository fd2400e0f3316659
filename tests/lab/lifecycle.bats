#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Domains of ours on a real Xen, from their definition to their end; what is
# refused, and that nothing is left behind then.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'cat >/data/life.xml <<-END
	<domain type="xen">
	  <name>life</name>
	  <uuid>b3a2f0c4-5f0e-4e5f-9a49-0d6f37a7a001</uuid>
	  <memory unit="MiB">8</memory>
	  <vcpu>1</vcpu>
	  <os><type>linux</type><kernel>/guests/idle</kernel></os>
	</domain>
	END'
}

teardown_file() {
	load ../helpers/common
	load lab
	dom0 'xvsh destroy life; xvsh undefine life; rm -f /data/life*.xml'
	lab_clean
}

# What is left of domains but the control domain: nothing, it should be.
leftovers() {
	dom0 'xl list | tail -n +3; xenstore-ls -f /xvm
	    xenstore-ls -f /libxl | grep -v "^/libxl/0[/ ]"
	    xenstore-ls -f /local/domain | grep -v "^/local/domain/0[/ ]"
	    ls /var/lib/xen | grep "^userdata-" | grep -v "^userdata-d.0"
	    losetup -a; true' 2>/dev/null
}

# refused SED-EXPRESSION: the document changed so cannot be started.
refused() {
	run dom0 "sed '$1' /data/life.xml >/data/life2.xml
	    xvsh create /data/life2.xml 2>&1"
	[ $status -ne 0 ]
}

@test "defined, started, paused, resumed, destroyed" {
	run dom0 'xvsh "define /data/life.xml; list --all"'
	[ $status -eq 0 ]
	has "shut off"
	run dom0 'xvsh start life && xl list life && xvsh dominfo life'
	[ $status -eq 0 ]
	has "Persistent:     yes"
	run dom0 'xvsh "suspend life; domstate life --reason"'
	has "paused (user)"
	run dom0 'xl list life'
	has "p---"
	run dom0 'xvsh "resume life; domstate life"'
	has "running"
	run dom0 'xvsh start life 2>&1'
	[ $status -ne 0 ]
	has "Domain is already active"
	run dom0 'xvsh create /data/life.xml 2>&1'
	[ $status -ne 0 ]
	run dom0 'xvsh destroy life'
	[ $status -eq 0 ]
	run leftovers
	same ""
}

@test "xl ends ours, and we see it" {
	dom0 'xvsh start life'
	dom0 'xl destroy life'
	patiently 30 eval '[ -z "$(leftovers)" ]'
	run dom0 'xvsh domstate life'
	has "shut off"
}

@test "no kernel, no memory, no disk: refused by name, nothing left" {
	dom0 'xvsh undefine life'
	refused 's,/guests/idle,/guests/none,'
	has "cannot read kernel '/guests/none': No such file or directory"
	refused 's,>8<,>80000<,'
	has "not enough free memory on the host"
	refused 's,</domain>,<devices><disk type="file"><source file="/none.img"/><target dev="xvda"/></disk></devices></domain>,'
	has "/none.img: No such file or directory"
	run leftovers
	same ""
}

@test "no bridge: libxl's own reason, nothing left" {
	refused 's,</domain>,<devices><interface type="bridge"><source bridge="nobr"/></interface></devices></domain>,'
	has "Could not find bridge device nobr"
	run leftovers
	same ""
}

@test "started paused, renamed, started with the host, undefined" {
	run dom0 'xvsh "define /data/life.xml; start --paused life;
	    domstate life --reason; destroy life; domrename life life2;
	    autostart life2"'
	[ $status -eq 0 ]
	has "paused (user)"
	run dom0 'virtd --autostart; xvsh "domstate life2; dominfo life2"'
	has running
	has "Autostart:      enable"
	run dom0 'xvsh domrename life2 life 2>&1'
	has "cannot rename active domain"
	run dom0 'xvsh "destroy life2; undefine life2; list --all --name"
	    ls /etc/xvm/domains /etc/xvm/autostart'
	[ $status -eq 0 ]
	[[ "$output" != *life2.xml* ]]
	run leftovers
	same ""
}

@test "to xl.cfg, by which xl starts it, and from it" {
	run dom0 'xvsh domxml-to-native xen-xl --xml /data/life.xml \
	    >/data/life.cfg && xl create -q /data/life.cfg && xl destroy life
	    xvsh domxml-from-native xen-xl /data/life.cfg >/data/life2.xml &&
	    xvsh "create /data/life2.xml; destroy life"; rm /data/life.cfg'
	[ $status -eq 0 ]
	has "Domain 'life' created from /data/life2.xml"
	has "Domain 'life' destroyed"
	run leftovers
	same ""
}
