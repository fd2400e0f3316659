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

@test "python3-libvirt: the same over a daemon's socket, its own and others' acts" {
	"$VIRTD" --listen --socket "$PWD/run/sock" 3>&- &
	daemon=$!
	wait_for 10 test -S run/sock
	uri="test+unix:///default?socket=$PWD/run/sock"
	run timeout 30 /usr/bin/python3 "$TOP/tests/interop/events.py" "$uri"
	echo "$output"
	[ $status -eq 0 ]
	same "test running
lifecycle test 3 0
lifecycle test 4 0"
	run timeout 30 /usr/bin/python3 "$TOP/tests/interop/events.py" "$uri" \
	    "$XVSH" -c "$uri" 'suspend test; resume test'
	kill $daemon
	wait $daemon
	echo "$output"
	[ $status -eq 0 ]
	same "test running
lifecycle test 3 0
lifecycle test 4 0"
}

@test "python3-libvirt: a stream to its end, and one that is given up" {
	for uri in "test+ext:///default?command=$VIRTD" test:///default; do
		run timeout 30 /usr/bin/python3 "$TOP/tests/interop/stream.py" "$uri"
		echo "$output"
		[ $status -eq 0 ]
		has "a picture, whole"
		has "given up, and the connection lives"
	done
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

# libvirtd_sshd: one behind which a libvirtd has its socket where $name says;
# in namespaces of its own, so that the host's is not touched. Arguments are more
# lines of its sshd_config.
libvirtd_sshd() {
	local dir=$BATS_TEST_TMPDIR root=-r
	[ "$(id -u)" != 0 ] || root=
	cat >"$dir/room" <<-END
	#!/bin/sh
	export WANTED="\$PATH" PATH=/usr/bin:/bin
	exec unshare $root -m sh -c 'mount -t tmpfs none /run && mkdir /run/libvirt &&
	    ln -s $dir/libvirt-sock "/run/libvirt/\$(cat $dir/name)" &&
	    PATH=\$WANTED exec sh -c "\$SSH_ORIGINAL_COMMAND"'
	END
	chmod +x "$dir/room"
	sshd_start "$dir/sshd" "ForceCommand $dir/room" "$@"
	ssh="test+ssh://target/default?command=$dir/sshd/ssh"
}

@test "on a real libvirtd xvsh says what virsh says: its socket" {
	run timeout 100 python3 "$TOP/tests/interop/same_as_virsh.py" "$XVSH" \
	    "test+unix:///default?socket=$PWD/libvirt-sock"
	echo "$output"
	[ $status -eq 0 ]
	has "by 1 ways, 0 differ"
}

@test "on a real libvirtd xvsh says what virsh says: ssh, native and netcat" {
	libvirtd_sshd
	for name in libvirt-sock virttestd-sock; do
		echo $name >name
		# virt-ssh-helper of Debian knows the older one for this driver.
		ways=("$ssh&proxy=netcat")
		[ $name != libvirt-sock ] || ways+=("$ssh&proxy=native"
		    "$ssh" "$ssh&socket=$PWD/libvirt-sock")
		run timeout 280 python3 "$TOP/tests/interop/same_as_virsh.py" \
		    "$XVSH" "${ways[@]}"
		echo "$output"
		[ $status -eq 0 ] || break
	done
	sshd_stop "$BATS_TEST_TMPDIR/sshd"
	[ $status -eq 0 ]
	has "by 1 ways, 0 differ"
}

# with_libvirtd COMMAND...: run it beside a libvirtd, whose socket is
# ./libvirt-sock.
with_libvirtd() {
	run timeout 60 python3 - "$TOP" "$@" <<-'END'
	import os, subprocess, sys
	sys.path.insert(0, sys.argv[1] + "/tests/wire")
	import libvirtd
	with libvirtd.Libvirtd() as server:
	    os.symlink(server.socket, "libvirt-sock")
	    status = subprocess.run(sys.argv[2:]).returncode
	    os.unlink("libvirt-sock")
	sys.exit(status)
	END
	echo "$output"
}

@test "as virt-ssh-helper another hypervisor's URI is handed on" {
	local dir=$BATS_TEST_TMPDIR ro
	echo libvirt-sock >name
	mkdir bin
	ln -s "$VIRTD" bin/virt-ssh-helper
	ln -s "$(command -v sh)" bin/sh
	for path in "$dir/bin:/usr/bin:/bin" "$dir/bin"; do
		# First to libvirt's own helper, then to the socket by ourselves.
		libvirtd_sshd "SetEnv PATH=$path"
		uri="qemu+ssh://target/system?command=$dir/sshd/ssh&proxy=native"
		for ro in '' -r; do
			echo "libvirt-sock${ro:+-ro}" >name
			with_libvirtd "$XVSH" $ro -c "$uri" list
			# A libvirtd that is not root's says that by itself.
			[ $status -eq 1 ]
			has "unexpected qemu URI path '/system', try qemu:///session"
		done
		run timeout 20 "$XVSH" -c "$uri" list
		sshd_stop "$dir/sshd"
		rm -r sshd
		[ $status -eq 1 ]
		[ "$path" != "$dir/bin" ] ||
		    has "qemu:///system: neither another virt-ssh-helper nor a libvirt socket is here"
	done
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
