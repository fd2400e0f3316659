#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The host's own devices given to guests. The host of the other files has none to
# spare, so that this has its own (or LAB_NAME's, if booted with --devices).

load ../helpers/common
load lab

setup_file() {
	if [ -z "${LAB_OWN-}" ]; then
		return
	fi
	export LAB_NAME=$LAB_NAME-devices
	"$TOP/tests/lab/lab" up "$LAB_NAME" --owner $$ --vcpus 2 --devices 3>&-
}

teardown_file() {
	[ -z "${LAB_OWN-}" ] || "$TOP/tests/lab/lab" down "$LAB_NAME"
}

setup() {
	lab_clean
	dom0 'modprobe xen-pciback && modprobe xhci-pci && modprobe usbhid
	for d in 10:managed:yes:0x10 10:mine:no:0x10 none:none:yes:0x1d \
	    1f:host:no:0x1f; do
		IFS=: read -r x name managed slot <<<"$d"
		echo "<hostdev mode=\"subsystem\" type=\"pci\" managed=\"$managed\">
		<source><address domain=\"0\" bus=\"0\" slot=\"$slot\"
		function=\"0\"/></source></hostdev>" >/tmp/$name.xml
	done
	# The document FILE with a device, under a name.
	printf "%s\n" "sed \"s#<devices/>#<devices></devices>#;
	    s#<name>.*</name>#<name>\$3</name>#;
	    s#</devices>#\$(tr \"\\n\" \" \" <\$2)</devices>#\" \$1" >/tmp/with'
}

teardown() {
	lab_clean
	dom0 'xl pci-assignable-remove 00:10.0 2>/dev/null; rm -f /tmp/*.xml'
}

# bats test_tags=long
@test "a managed PCI device comes to a guest and returns" {
	dom0 'sh /tmp/with /guests/pv.xml /tmp/managed.xml pv >/tmp/pv.xml
	    xvsh create /tmp/pv.xml'
	run dom0 'xl pci-list pv; xvsh dumpxml pv --xpath //hostdev'
	has '0000:00:10.0'
	has 'managed="yes"'
	patiently 240 said pv 'GUEST READY'

	# Nobody else gets it, nor a second time.
	run dom0 'sh /tmp/with /guests/idle.xml /tmp/managed.xml other >/tmp/o.xml
	    xvsh create /tmp/o.xml; xvsh attach-device pv /tmp/managed.xml
	    xvsh list --name'
	echo "$output"
	has 'PCI device 0000:00:10.0 is in use by domain pv'
	has 'target pci device 0000:00:10.0 already exists'
	! has other

	run dom0 'xvsh detach-device pv /tmp/managed.xml && xl pci-list pv &&
	    xl pci-assignable-list && xvsh dumpxml pv --xpath //hostdev'
	echo "$output"
	[ $status -eq 0 ]
	! has 00:10.0
	! has hostdev
	run dom0 'xvsh attach-device pv /tmp/managed.xml && xl pci-list pv &&
	    xvsh destroy pv && xl pci-assignable-list'
	echo "$output"
	[ $status -eq 0 ]
	[ "$(grep -c '00:10.0' <<<"$output")" -eq 1 ]
}

# bats test_tags=long
@test "a PCI device that is not managed stays with its driver or pciback" {
	dom0 'sh /tmp/with /guests/idle.xml /tmp/mine.xml one >/tmp/i.xml'
	run dom0 'xvsh create /tmp/i.xml'
	[ $status -ne 0 ]
	has 'PCI device 0:0:10.0 is not assignable'
	run dom0 'xl pci-assignable-add 00:10.0 2>&1 | grep -v warning
	    xvsh create /tmp/i.xml &&
	    xl pci-list one && xvsh destroy one; xl pci-assignable-list'
	echo "$output"
	[ "$(grep -c '0000:00:10.0' <<<"$output")" -eq 2 ]
}

# bats test_tags=long
@test "PCI devices that cannot be given are refused by name" {
	run dom0 'xvsh create /guests/idle.xml
	    xvsh attach-device idle /tmp/none.xml
	    xvsh attach-device idle /tmp/host.xml
	    sh /tmp/with /guests/pvh.xml /tmp/managed.xml pvh >/tmp/pvh.xml
	    xvsh create /tmp/pvh.xml'
	echo "$output"
	has 'Device 0000:00:1d.0 not found'
	has 'PCI device 0:0:1f.0 is not assignable'
	has 'PCI host devices are not supported for PVH domains'
	run dom0 'xl pci-list idle; xl pci-assignable-list'
	! has 0000:
}

# bats test_tags=long
@test "a PCI device that xl gave is in our document" {
	run dom0 'xl pci-assignable-add 00:10.0
	    xl create -q /guests/pv.cfg "pci=[\"00:10.0\"]" &&
	    xvsh dumpxml pv --xpath //hostdev'
	echo "$output"
	has 'slot="0x10"'
}
