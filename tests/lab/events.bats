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

# written TEXT: the second listener, of changes of metadata, wrote that line.
written() {
	grep -qx -- "event 'metadata-change' for domain 'noted': $1" "$notes"
}

@test "who notes something about a domain is heard by every connection" {
	notes=$BATS_TEST_TMPDIR/notes
	timeout $((100 * slow)) "$XVSH" -c "$(lab_uri)" \
	    'event --event metadata-change --loop --timeout 90' \
	    >"$notes" 2>&1 3>&- &
	other=$!
	dom0 'sed "s,<name>.*</name>,<name>noted</name>,
	    s,</name>,&<uuid>6e4b8d3e-1111-4222-8333-944455566678</uuid>," \
	    /guests/idle.xml \
	    >/data/noted.xml; xvsh create /data/noted.xml'
	for ((i = 0; i < 30; i++)); do
		dom0 'xvsh desc noted --title first'
		! written 'type title, uri <null>' || break
	done
	dom0 'xvsh "desc noted --title second; desc noted some words;
	    metadata noted urn:x --key x --set \"<a/>\";
	    metadata noted urn:x --remove;
	    define /data/noted.xml; desc noted --config of the file"'
	patiently 20 written 'type element, uri urn:x'
	patiently 20 eval '[ "$(grep -c description "$notes")" = 2 ]'
	# One change is one event, and a look at it is none.
	titles=$(grep -c 'type title' "$notes")
	dom0 'xvsh "desc noted; metadata noted urn:x" || true'
	lab_xvsh desc noted --title 'from outside'
	patiently 20 eval '[ "$(grep -c "type title" "$notes")" = $((titles + 1)) ]'
	[ "$(grep -c 'type element' "$notes")" = 2 ]
	[ "$(grep -c . "$notes")" = $((titles + 1 + 2 + 2)) ]
	dom0 'xvsh undefine noted; rm /data/noted.xml'
	kill $other
	# What was told is not kept for long.
	dom0 'touch -d "2 minutes ago" /run/xvm/events/*; xvsh desc noted x'
	[ "$(dom0 'ls /run/xvm/events | wc -l')" = 1 ]
}
