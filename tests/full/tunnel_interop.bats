#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Clients of libvirt, as Debian ships them, with our helper; and xvsh with a
# real libvirtd.

load ../helpers/common
load ../helpers/sshd

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "python3-libvirt: lists, and gets events by its own loop" {
	run timeout 30 /usr/bin/python3 "$TOP/tests/interop/events.py" \
	    "test+ext:///default?command=$VIRTD"
	echo "$output"
	[ $status -eq 0 ]
	same "test running
lifecycle test 3 0
lifecycle test 4 0"
}

@test "Sys::Virt: lists and asks for information" {
	run timeout 30 perl -MSys::Virt -e '
		my $c = Sys::Virt->new(uri => $ARGV[0]);
		for my $d ($c->list_all_domains()) {
			my $i = $d->get_info();
			print $d->get_name(), " ", $i->{state}, " ",
			    $i->{nrVirtCpu}, " ", $i->{maxMem}, "\n";
		}' "test+ext:///default?command=$VIRTD"
	echo "$output"
	[ $status -eq 0 ]
	same "test 1 2 8388608"
}

@test "stock virsh over ssh finds us under the name virt-ssh-helper" {
	dir=$BATS_TEST_TMPDIR
	sshd_start "$dir/sshd" "SetEnv PATH=$dir:/usr/bin:/bin"
	ln -s "$VIRTD" "$dir/virt-ssh-helper"
	run timeout 60 virsh \
	    -c "test+ssh://target/default?command=$dir/sshd/ssh&proxy=native" \
	    'suspend test; domstate test --reason'
	sshd_stop "$dir/sshd"
	[ $status -eq 0 ]
	has "paused (user)"
}

@test "xvsh drives a real libvirtd: list, suspend, define" {
	run timeout 60 python3 "$TOP/tests/interop/with_libvirtd.py" "$XVSH" \
	    'list --all; suspend test; domstate test; define new.xml; domuuid new'
	echo "$output"
	[ $status -eq 0 ]
	has running
	has "Domain 'test' suspended"
	has paused
	has "Domain 'new' defined from new.xml"
	has 5eb9ff1a-6a44-4f3a-b6ad-2f9b9a6f5f0c
}

@test "one batch of 2,000 calls to a real libvirtd loses no answer" {
	run timeout 60 python3 "$TOP/tests/interop/batch.py" "$BUILD/libxvm.so"
	echo "$output"
	[ $status -eq 0 ]
	same "2000 calls, 2000 answers"
}

@test "wireshark's dissector reads every call and event to its last byte" {
	run timeout 100 python3 "$TOP/tests/interop/dissect.py"
	echo "$output"
	[ $status -eq 0 ]
	has " calls and events, "
	has " 0 wrong"
}
