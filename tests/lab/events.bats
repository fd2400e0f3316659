#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Lifecycle events of a real Xen, whoever caused them.

load ../helpers/common
load lab

setup() {
	lab_clean
	events=$BATS_TEST_TMPDIR/events
	timeout $((300 * slow)) "$XVSH" -c "$(lab_uri)" \
	    'event --event lifecycle --loop --timeout 280' >"$events" 2>&1 3>&- &
	listener=$!
	# It is listening once it tells of what happens: see `listening'.
}

teardown() {
	kill $listener 2>/dev/null || true
	wait $listener 2>/dev/null || true
	lab_clean
}

# told DOMAIN TEXT
told() {
	grep -q "^event 'lifecycle' for domain '$1': $2\$" "$events"
}

# Make and end domains until one is told of.
listening() {
	dom0 'xl create -q /guests/idle.cfg "name=\"first\"" &&
	    xl destroy first'
	told first 'Stopped Destroyed'
}

@test "what xl does to domains is told" {
	patiently 60 listening
	dom0 'xl create -q /guests/idle.cfg "name=\"one\""'
	patiently 20 told one 'Started Booted'
	dom0 'xl pause one'
	patiently 20 told one 'Suspended Paused'
	dom0 'xl unpause one'
	patiently 20 told one 'Resumed Unpaused'
	dom0 'xl rename one two && xl pause two'
	patiently 20 told two 'Suspended Paused'
	dom0 'xl destroy two'
	patiently 20 told two 'Stopped Destroyed'
	# Being built and being destroyed are no pauses.
	! told first 'Suspended Paused'
	[ "$(grep -c "'one'" "$events")" -eq 3 ]
}

@test "a domain that is made paused is told as that" {
	patiently 60 listening
	dom0 'xl create -q -p /guests/idle.cfg "name=\"still\""'
	patiently 20 told still 'Started Booted'
	patiently 20 told still 'Suspended Paused'
}

@test "files of defined domains that come, change and go are told" {
	patiently 60 listening
	dom0 'mkdir -p /etc/xvm/domains && cd /etc/xvm/domains &&
	    printf "%s\n" "<domain type='"'xen'"'>" "  <name>filed</name>" \
	    "  <uuid>6e4b8d3e-1111-4222-8333-944455566677</uuid>" \
	    "  <memory unit='"'KiB'"'>8192</memory>" \
	    "  <os><type>linux</type></os>" "</domain>" >.new &&
	    cp .new new && mv new filed.xml'
	patiently 20 told filed 'Defined Added'
	dom0 'cd /etc/xvm/domains && mv .new filed.xml'
	patiently 20 told filed 'Defined Updated'
	dom0 'rm /etc/xvm/domains/filed.xml'
	patiently 20 told filed 'Undefined Removed'
}
