#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fully virtual and PVH guests, in what guests.bats tries on paravirtual ones:
# paused, put to sleep, saved, reset, ended, their memory.

load ../helpers/common
load lab

setup() {
	lab_clean
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	dom0 'xvsh "undefine --managed-save web" >/dev/null 2>&1
	rm -f /data/kind.*'
	lab_clean
}

# guest KIND [SED-EXPRESSION]: "web" of that kind, /data/kind.xml on the host.
guest() {
	sed "s,<name>.*</name>,<name>web</name>,;${2-}" \
	    "$TOP/tests/lab/guests/$1.xml" >kind.xml
	timeout $((60 * slow)) "$LAB" ssh "$LAB_NAME" \
	    'cat >/data/kind.xml' <kind.xml 3>&-
}

# ok COMMANDS: our shell's, on the host, within ten minutes.
ok() {
	run timeout $((600 * slow)) "$LAB" ssh "$LAB_NAME" "xvsh '$1' 2>&1" \
	    </dev/null 3>&-
	echo "$output"
	[ $status -eq 0 ]
}

# refused COMMANDS TEXT
refused() {
	run dom0 "xvsh '$1' 2>&1"
	echo "$output"
	[ $status -eq 1 ]
	has "$2"
}

# No more is used than there may be.
memory_fits() {
	local max used

	ok 'dominfo web; domstats web --balloon'
	max=$(sed -n 's/^Max memory: *\([0-9]*\) KiB/\1/p' <<<"$output")
	used=$(sed -n 's/^Used memory: *\([0-9]*\) KiB/\1/p' <<<"$output")
	[ "$used" -le "$max" ]
	has "balloon.current=$used"
	has "balloon.maximum=$max"
}

# its_state STATE REASON
its_state() {
	ok 'domstate web --reason'
	has "$1 ($2)"
}

no_marks() {
	[ -z "$(dom0 'xenstore-ls /xvm' 2>/dev/null)" ]
}

# One without a disk, which stays in its BIOS.
bare() {
	guest hvm '/<disk/,/<.disk>/d;s,>192<,>32<,;/<on_reboot/d'
}

# bats test_tags=long
@test "a fully virtual one without a system: every way but its own" {
	bare
	ok 'define /data/kind.xml; start web'
	memory_fits
	ok 'suspend web'
	its_state paused user
	refused 'dompmsuspend web mem' 'has to be running'
	refused 'save web /data/kind.save' 'has to be running'
	ok 'resume web; send-key web KEY_ENTER KEY_A'
	refused 'send-key web 999' 'invalid'
	ok 'dompmsuspend web mem'
	ok 'dompmwakeup web'
	its_state running unknown
	refused 'dompmwakeup web' 'Domain is not suspended'
	# It has no drivers that could be asked.
	refused 'shutdown web --mode paravirt' 'Failed to shutdown domain'
	refused 'reboot web' 'Failed to reboot domain'
	ok 'destroy web; undefine web'
	no_marks
}

# A dump of it asks Xen for every page below 4 GiB: too long without KVM.
# bats test_tags=long
@test "a fully virtual one without a system: saved, restored" {
	bare
	ok 'define /data/kind.xml; start web'
	ok 'save web /data/kind.save; domstate web'
	has 'shut off'
	ok 'restore /data/kind.save; domstate web'
	has running
	ok 'managedsave web; domstate web; start web'
	has 'shut off'
	ok 'domstate web'
	has running
	ok 'destroy web; undefine web'
	no_marks
}

# bats test_tags=long
@test "no more memory is used than there may be, with a screen too" {
	guest hvm '/<disk/,/<.disk>/d;s,>192<,>32<,;s,<video>,<graphics type="vnc"/>&,;s,"none",vga,;s,'"'none'"'/,"vga" vram="16384"/,'
	ok 'create /data/kind.xml'
	memory_fits
}

@test "no more memory is used than there may be, by a PVH one" {
	guest pvh '/<disk/,/<.disk>/d;/<interface/,/<.interface>/d'
	ok 'create /data/kind.xml --paused'
	memory_fits
}

# up_times N: its system began that often.
up_times() {
	[ "$(dom0 'grep -ac "GUEST READY" \
	    /var/log/xen/console/guest-web.log')" -eq "$1" ]
}

# types TEXT: into its shell.
types() {
	dom0 "echo '$1' >\$(xenstore-read \
	    /local/domain/\$(xl domid web)/console/tty)"
}

shut_off() {
	[ "$(dom0 'xvsh domstate web')" = 'shut off' ]
}

# reborn COMMAND N: by it another domain of that name is, and is up.
reborn() {
	local first

	first=$(dom0 'xl domid web')
	ok "$1 web"
	patiently 600 up_times "$2"
	[ "$(dom0 'xl domid web')" -gt "$first" ]
}

# bats test_tags=long
@test "a PVH Linux goes on from its managed save" {
	guest pvh
	ok 'define /data/kind.xml; start web'
	patiently 150 up_times 1
	types 'kept=7'
	ok 'managedsave web; list --all --managed-save; dominfo web'
	[[ "$output" =~ -\ +web\ +saved ]]
	has 'Managed save:   yes'
	ok 'start web; dominfo web'
	has 'Managed save:   no'
	# It was booted once, and still knows.
	types 'echo "it was ${kept}00"'
	patiently 60 said web 'it was 700'
	ok 'shutdown web --mode paravirt'
	patiently 120 shut_off
	up_times 1
	no_marks
}

# bats test_tags=long
@test "a fully virtual Linux: rebooted, reset, ended by its power button" {
	guest hvm
	ok 'define /data/kind.xml; start web'
	patiently 600 up_times 1
	reborn reboot 2
	reborn reset 3
	ok 'shutdown web --mode acpi'
	patiently 120 shut_off
	said web 'GUEST BUTTON'
	no_marks
}
