#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Displays, serial ports and channels are where the document says.

load ../helpers/common
load lab

setup() {
	lab_clean
}

teardown() {
	lab_clean
	dom0 'rm -f /tmp/display.xml /tmp/ser?'
}

@test "every channel reaches the guest" {
	run dom0 'C="<target type=\"xen\" name=\"org"
	    sed "s#<devices/>#<devices><channel type=\"unix\">$C.x\"/></channel><channel type=\"pty\">$C.y\"/></channel></devices>#" \
	    /guests/idle.xml >/tmp/display.xml
	    xvsh create /tmp/display.xml && ls /run/xvm/channel &&
	    xenstore-ls /local/domain/$(xl domid idle)/device/console'
	echo "$output"
	[ $status -eq 0 ]
	has idle-org.x
	has 'name = "org.x"'
	has 'name = "org.y"'
}

# bats test_tags=long
@test "a display and serial ports of an HVM domain" {
	run dom0 'sed "s#<console .*#<serial type=\"file\"><source path=\"/tmp/ser0\"/><target port=\"1\"/></serial><serial type=\"tcp\"><source mode=\"bind\" host=\"127.0.0.1\" service=\"4555\"/><target port=\"2\"/></serial>&#;
	    s#<model type=.none./>#<model type=\"vga\" vram=\"16384\"/>#;
	    s#</devices>#<graphics type=\"vnc\" port=\"5917\" autoport=\"no\" listen=\"127.0.0.1\"/><input type=\"tablet\" bus=\"usb\"/></devices>#" \
	    /guests/hvm.xml >/tmp/display.xml
	    xvsh create /tmp/display.xml &&
	    xvsh "vncdisplay hvm; domdisplay hvm; ttyconsole hvm" &&
	    xenstore-read /local/domain/$(xl domid hvm)/console/vnc-port &&
	    ss -ltn && ls /tmp/ser0'
	echo "$output"
	[ $status -eq 0 ]
	has '127.0.0.1:17'
	has 'vnc://127.0.0.1:17'
	has /dev/pts/
	has 127.0.0.1:5917
	has 127.0.0.1:4555
}

# bats test_tags=long
@test "why the device model ended is told" {
	run dom0 'sed "s#<model type=.none./>#<model type=\"vga\" vram=\"16384\"/>#;
	    s#</devices>#<graphics type=\"vnc\" autoport=\"yes\" passwd=\"secret\"/></devices>#" \
	    /guests/hvm.xml >/tmp/display.xml
	    xvsh create /tmp/display.xml'
	echo "$output"
	[ $status -eq 1 ]
	has 'Cipher backend does not support DES'
	[[ $output != *secret* ]]
	run dom0 xl list
	[[ $output != *hvm* ]]
}
