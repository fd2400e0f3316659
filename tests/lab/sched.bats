#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Weight and cap with each of Xen's two schedulers: credit2, which is the
# default, and credit in a CPU pool of its own.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'xl create -q /guests/idle.cfg "name=\"pooled\"" &&
	    xl cpupool-cpu-remove Pool-0 1 &&
	    xl cpupool-create "name=\"slow\"" "sched=\"credit\"" "cpus=[1]"'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'xl cpupool-destroy slow; xl cpupool-cpu-add Pool-0 1'
}

# shown SCHEDULER WEIGHT CAP
shown() {
	run dom0 'xvsh schedinfo pooled'
	echo "$output"
	[ $status -eq 0 ]
	has "Scheduler      : $1"
	has "weight         : $2"
	has "cap            : $3"
}

# set_so WEIGHT CAP XL-COMMAND: also one of the two alone; xl sees it.
set_so() {
	dom0 "xvsh 'schedinfo pooled --set weight=$1 cap=$2'"
	run dom0 "xl $3 -d pooled"
	echo "$output"
	[[ "$output" =~ pooled\ +[0-9]+\ +$1\ +$2 ]]
	dom0 "xvsh 'schedinfo pooled --weight 77 --live'"
	run dom0 "xl $3 -d pooled"
	[[ "$output" =~ pooled\ +[0-9]+\ +77\ +$2 ]]
}

# refused SET TEXT: and nothing is changed.
refused() {
	run dom0 "xvsh 'schedinfo pooled --set $1' 2>&1"
	echo "$output"
	[ $status -eq 1 ]
	has "$2"
}

bad_values() {
	refused weight=0 'weight 0 is not within 1 to 65535'
	refused weight=65536 'weight 65536 is not within 1 to 65535'
	refused cap=101 "cap 101 is over 100, all of the domain's vcpus"
	refused cap=65535 "cap 65535 is over 100, all of the domain's vcpus"
	refused "weight=5 cap=-1" 'cap 4294967295 is over 100'
	refused weight=x x
	refused nothing=1 'invalid scheduler option: nothing'
	run dom0 "xvsh 'schedinfo pooled --config --set weight=5' 2>&1"
	[ $status -eq 1 ]
	has 'unsupported flags (0x2)'
}

@test "credit2: shown, set live, bad values refused" {
	shown credit2 256 0
	set_so 300 40 sched-credit2
	bad_values
	shown credit2 77 40
	dom0 'xvsh "schedinfo pooled --cap 0"'
	shown credit2 77 0
}

@test "credit, of a CPU pool: shown, set live, bad values refused" {
	dom0 'xl cpupool-migrate pooled slow'
	shown credit 256 0
	set_so 500 60 sched-credit
	bad_values
	shown credit 77 60
	dom0 'xvsh "schedinfo pooled --cap 0"'
	shown credit 77 0
	# The control domain's is still the other.
	run dom0 'xvsh schedinfo Domain-0'
	has "Scheduler      : credit2"
}
