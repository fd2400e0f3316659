#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs of others, as Debian ships them, with our helper: each does there
# what it does with a real libvirtd.

load ../helpers/common
load ../helpers/sshd

# Debian's own python has Debian's libvirt; another may come first on the PATH.
python=/usr/bin/python3

setup() {
	cd "$BATS_TEST_TMPDIR"
	uri="test+unix:///default?socket=$BATS_TEST_TMPDIR/run/sock"
	"$VIRTD" --listen --socket "$BATS_TEST_TMPDIR/run/sock" 3>&- &
	daemon=$!
	wait_for 10 test -S run/sock
}

teardown() {
	kill "$daemon"
	wait "$daemon"
}

# beside PROGRAM ARGUMENTS: it prints the same with libvirtd and with us.
beside() {
	run timeout 120 $python "$TOP/tests/interop/beside.py" "$uri" "$@"
	echo "$output"
	[ $status -eq 0 ]
}

@test "a graphical manager's session, call by call" {
	beside $python "$TOP/tests/interop/manager.py" URI
	has "status 0"
}

@test "Ansible's and Terraform's calls to a guest" {
	beside $python "$TOP/tests/interop/automation.py" URI
	same "43 lines, 0 of them not supported, status 0"
}

@test "Ruby's libvirt: define, lifecycle, events, streams, errors" {
	beside ruby "$TOP/tests/interop/client.rb" URI
	same "18 lines, 0 of them not supported, status 0"
}

@test "virt-install and virt-xml print a guest's XML" {
	beside virt-install --connect URI --import --name new --memory 64 --vcpus 2 \
	    --uuid 0ec22955-9e15-495e-88f9-8ab941924a9e --disk none \
	    --network user,mac=52:54:00:00:00:01 --osinfo generic --print-xml
	has ", 0 of them not supported, status 0"
	beside virt-xml --connect URI test --edit --memory 64 --print-xml
	has ", 0 of them not supported, status 0"
	beside virt-xml --connect URI test --add-device --print-diff \
	    --network user,mac=52:54:00:00:00:01,model=e1000
	has ", 0 of them not supported, status 0"
	beside virt-xml --connect URI test --remove-device --graphics all
	has ", 0 of them not supported, status 0"
}

@test "virt-install installs, virt-xml edits what is defined" {
	# The hypervisor lives as long as somebody is connected.
	mkfifo hold
	timeout 60 virsh -c "$uri" <hold >/dev/null 3>&- &
	exec 9>hold
	echo list >&9
	run timeout 60 virt-install --connect "$uri" --import --name new --memory 64 \
	    --disk none --network none --osinfo generic --noautoconsole
	echo "$output"
	[ $status -eq 0 ]
	has "Domain creation completed."
	for change in '--metadata title=edited' '--memory 32'; do
		run timeout 60 virt-xml --connect "$uri" new --edit --define $change
		[ $status -eq 0 ]
		has "Domain 'new' defined successfully."
	done
	run timeout 60 virt-xml --connect "$uri" new --add-device --update \
	    --network user
	[ $status -eq 1 ]
	has "not supported by the connection driver: virDomainAttachDevice"
	run timeout 60 virsh -c "$uri" 'desc new --title --config; destroy new;
	    dominfo new'
	echo "$output"
	has edited
	has "Used memory:    32768 KiB"
	exec 9>&-
}

@test "the manager's session through a real sshd" {
	sshd_start "$BATS_TEST_TMPDIR/sshd" \
	    "SetEnv PATH=$BATS_TEST_TMPDIR:/usr/bin:/bin"
	ln -s "$VIRTD" virt-ssh-helper
	uri="test+ssh://target/default?command=$BATS_TEST_TMPDIR/sshd/ssh"
	beside $python "$TOP/tests/interop/manager.py" URI
	sshd_stop "$BATS_TEST_TMPDIR/sshd"
	has "status 0"
}
