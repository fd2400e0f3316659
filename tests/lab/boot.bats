#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The lab itself: Xen runs, its own tools make every kind of guest, our
# programs run there.

load ../helpers/common
load lab

teardown() {
	lab_clean
}

@test "the control domain runs on Xen" {
	run dom0 xl list
	[ $status -eq 0 ]
	has Domain-0
	run dom0 'xl info xen_version; cat /proc/xen/capabilities; uname -n'
	[ "${lines[0]}" = 4.17.7 ] || [[ "${lines[0]}" == 4.17.* ]]
	has control_d
	has "$LAB_NAME"
}

@test "our programs run there" {
	run dom0 'xvsh -v; virtd --version; readlink -f $(command -v virt-ssh-helper)'
	[ $status -eq 0 ]
	has "virtd "
	has /usr/local/lib/virtd
}

@test "our shell reaches our helper there" {
	run timeout 60 "$XVSH" -c "$(lab_uri test /default)" 'list; hostname'
	[ $status -eq 0 ]
	has " 1    test   running"
	has "$LAB_NAME"
}

@test "stock virsh reaches our helper there" {
	run timeout 60 virsh -c "$(lab_uri test /default)" list
	[ $status -eq 0 ]
	has " 1    test   running"
}

@test "idle guests are made and listed" {
	run dom0 'for i in 1 2 3; do
		xl create -q /guests/idle.cfg "name=\"idle$i\"" || exit
	done; xl list'
	[ $status -eq 0 ]
	has idle1
	has idle3
}

# linux KIND: boots, has a disk and a network, answers reboot and shutdown.
linux() {
	dom0 "xl create -q /guests/$1.cfg"
	patiently 240 said "$1" 'GUEST READY'
	said "$1" 'xvda eth0'
	dom0 "ip link show master xenbr0 | grep -q 'vif.*state UP'"
	dom0 "rm /var/log/xen/console/guest-$1.log; xl shutdown -w $1"
	patiently 60 gone "$1"
}

@test "a paravirtual Linux boots and answers" {
	linux pv
}

@test "a PVH Linux boots and answers" {
	linux pvh
}

# Its device model and its BIOS are slow without KVM.
# bats test_tags=long
@test "a fully virtual Linux boots and answers" {
	linux hvm
}
