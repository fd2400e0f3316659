#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Calls through a helper: +ext, +unix, +ssh to a real sshd; stock clients.

load helpers/common
load helpers/sshd

setup_file() {
	load helpers/common
	load helpers/sshd
	export SSHD_DIR=$BATS_FILE_TMPDIR/sshd
	# The target finds our helper on its PATH.
	sshd_start "$SSHD_DIR" "SetEnv PATH=$BUILD:/usr/bin:/bin"
	export SSHD_PORT
}

teardown_file() {
	load helpers/sshd
	sshd_stop "$SSHD_DIR"
}

ext="test+ext:///default?command=$VIRTD"

ssh_uri() {
	echo "test+ssh://target/default?command=$SSHD_DIR/ssh$1"
}

@test "list through +ext is list" {
	run timeout 20 "$XVSH" -c "$ext" list --all
	[ $status -eq 0 ]
	same "$(xvsh list --all)"
}

@test "list and dominfo through a real sshd" {
	run timeout 20 "$XVSH" -c "$(ssh_uri)" 'list; domuuid test'
	[ $status -eq 0 ]
	same "$(xvsh 'list; domuuid test')"
}

@test "stock virsh drives our helper" {
	run timeout 20 virsh -c "$ext" 'list; dominfo test; suspend test; domstate test --reason'
	[ $status -eq 0 ]
	has "paused (user)"
}

@test "a write and a read in one batch keep their order" {
	run timeout 20 "$XVSH" -c "$ext" 'suspend test; domstate test; resume test; domstate test'
	[ $status -eq 0 ]
	has paused
	has running
}

@test "a missing helper, a dead one, a bad URI: each says why" {
	run timeout 20 "$XVSH" -c "test+ext:///default?command=/nope" list
	[ $status -eq 1 ]
	has "cannot run '/nope': No such file or directory"
	run timeout 20 "$XVSH" -c "test+ext:///default?command=/bin/false" list
	[ $status -eq 1 ]
	has "failed to connect to the hypervisor"
	run timeout 20 "$XVSH" -c "test+ext:///nope?command=$VIRTD" list
	[ $status -eq 1 ]
	has "failed to connect to the hypervisor"
	has /nope
}

@test "uri and domdisplay name the host, as virsh's do" {
	cat >"$BATS_TEST_TMPDIR/node.xml" <<-END
	<node><domain type='test'><name>seen</name><memory>8192</memory>
	<os><type>hvm</type></os><devices>
	<graphics type='vnc' port='5901' listen='0.0.0.0'/>
	</devices></domain></node>
	END
	ln -s "$VIRTD" "$BATS_TEST_TMPDIR/virt-ssh-helper"
	sshd_start "$BATS_TEST_TMPDIR/sshd" "SetEnv PATH=$BATS_TEST_TMPDIR:/usr/bin:/bin"
	uri="test+ssh://target$BATS_TEST_TMPDIR/node.xml?command=$BATS_TEST_TMPDIR/sshd/ssh&proxy=native"
	run timeout 20 virsh -c "$uri" 'uri; domdisplay seen'
	[ $status -eq 0 ]
	has vnc://target:1
	wanted=$output
	run timeout 20 "$XVSH" -c "$uri" 'uri; domdisplay seen'
	sshd_stop "$BATS_TEST_TMPDIR/sshd"
	[ $status -eq 0 ]
	same "$wanted"
}

@test "ssh's own reason is in the error" {
	run timeout 20 "$XVSH" -c "test+ssh://nobody-here@target/default?command=$SSHD_DIR/ssh&no_tty=1" list
	[ $status -eq 1 ]
	has "Permission denied"
}

@test "nothing that fits on the target: says what was tried, what to install" {
	local dir=$BATS_TEST_TMPDIR
	mkdir "$dir/bin"
	ln -s "$(command -v sh)" "$dir/bin/sh"
	sshd_start "$dir/sshd" "SetEnv PATH=$dir/bin"
	while read -r which tried; do
		# Where it is installed it is found, whatever the PATH is.
		case $tried in
		virtd*) ! ls /usr/lib/virtd /usr/local/lib/virtd || continue ;;
		esac
		run timeout 20 "$XVSH" \
		    -c "test+ssh://target/default?command=$dir/sshd/ssh$which" list
		echo "$output"
		[ $status -eq 1 ]
		has "no helper on the target, tried: $tried:"
	done <<-END
	&proxy=auto virtd (install xvsh), virt-ssh-helper (install libvirt), nc (install netcat)
	&proxy=virtd virtd (install xvsh)
	&proxy=native virt-ssh-helper (install libvirt)
	&proxy=netcat nc (install netcat)
	&netcat=/opt/nc /opt/nc (install netcat)
	END
	sshd_stop "$dir/sshd"
}

@test "tcp and tls are refused, with the reason" {
	for t in test+tcp://h/default test+tls://h/default test://h/default; do
		run timeout 20 "$XVSH" -c "$t" list
		[ $status -eq 1 ]
		has "ssh is the only remote access"
	done
}

@test "options and shell words in a URI are refused before anything runs" {
	local n=0 place word
	cd "$BATS_TEST_TMPDIR"
	printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >spy
	chmod +x spy
	spy=command=$PWD/spy
	while read -r place; do
		for word in -oProxyCommand=x '%2doProxyCommand=x' '$(touch%20x)' \
		    '`touch%20x`' 'a;b' 'a%3Bb' 'a|b' 'a%7Cb' 'a%26b' 'a%0ab' \
		    'a%0db' "a'b" 'a%22b' 'a%5Cb' 'a%3Eb'; do
			# These end a host or separate parameters.
			case $place$word in
			*param*'a;b') continue ;;
			esac
			run timeout 20 "$XVSH" -c "${place/WORD/$word}" list
			echo "${place/WORD/$word}: $output"
			[ $status -eq 1 ]
			has "URI "
			n=$((n + 1))
		done
	done <<-END
	test+ssh://WORD@host/default?$spy
	test+ssh://WORD/default?$spy
	test+ssh://host:WORD/default?$spy
	test+ssh://host?$spy&socket=WORD&param
	test+ssh://host/?$spy&netcat=WORD&param
	test+ssh://host/default?keyfile=WORD&$spy&param
	test+ssh://host/default?command=WORD&param
	test+ext:///default?command=WORD&param
	test+libssh2://WORD@127.0.0.1/default?$spy
	test+libssh2://WORD/default?$spy
	test+libssh2://127.0.0.1/default?known_hosts=WORD&$spy&param
	END
	[ $n -eq 159 ]
	for u in 'test+ssh://host/-o%0a/' 'test+ssh://host/$(touch%20x)?'"$spy" \
	    'test+ssh://host/a%3Bb?'"$spy" 'test+ssh://host:99999/default?'"$spy"; do
		run timeout 20 "$XVSH" -c "$u" list
		[ $status -eq 1 ]
		has "URI "
	done
	[ ! -e x ] && [ ! -e ran ]
}

@test "a read-only client changes nothing" {
	run timeout 20 "$XVSH" -r -c "$ext" 'suspend test'
	[ $status -eq 1 ]
	has "operation forbidden: read only access prevents virDomainSuspend"
	printf '#!/bin/sh\nexec %s --readonly\n' "$VIRTD" >"$BATS_TEST_TMPDIR/readonly"
	chmod +x "$BATS_TEST_TMPDIR/readonly"
	run timeout 20 virsh -c "test+ext:///default?command=$BATS_TEST_TMPDIR/readonly" 'destroy test'
	[ $status -eq 1 ]
	has "read only access prevents virDomainDestroy"
}

@test "a read-only helper opens no file of the client's choice" {
	echo 'secret-words' >"$BATS_TEST_TMPDIR/shadow"
	printf '#!/bin/sh\nexec %s --readonly\n' "$VIRTD" >"$BATS_TEST_TMPDIR/readonly"
	chmod +x "$BATS_TEST_TMPDIR/readonly"
	for c in "$XVSH" virsh; do
		run timeout 20 "$c" -c "test+ext://$BATS_TEST_TMPDIR/shadow?command=$BATS_TEST_TMPDIR/readonly" list
		[ $status -eq 1 ]
		has "read only access prevents opening the file"
		[[ $output != *secret-words* ]]
	done
}

@test "the daemon: 0700 directory, two clients, ends on SIGTERM" {
	dir=$BATS_TEST_TMPDIR/run
	"$VIRTD" --listen --socket "$dir/sock" 3>&- &
	pid=$!
	wait_for 10 test -S "$dir/sock"
	[ "$(stat -c %a "$dir")" = 700 ]
	run timeout 20 "$XVSH" -c "test+unix:///default?socket=$dir/sock" list
	[ $status -eq 0 ]
	run timeout 20 virsh -c "test+unix:///default?socket=$dir/sock" list
	[ $status -eq 0 ]
	# Another one does not take its place.
	run timeout 20 "$VIRTD" --listen --socket "$dir/sock"
	[ $status -eq 1 ]
	has "another virtd serves"
	kill $pid
	wait $pid
	[ ! -e "$dir/sock" ]
}

@test "calls with descriptors are refused, and the client goes on" {
	dir=$BATS_TEST_TMPDIR/run
	"$VIRTD" --listen --socket "$dir/sock" 3>&- &
	pid=$!
	wait_for 10 test -S "$dir/sock"
	run timeout 20 virsh -c "test+unix:///default?socket=$dir/sock" \
	    'destroy test; start test --pass-fds 0,1,2; dom-fd-associate test x 0;
	    list --all' </dev/null
	kill $pid
	wait $pid
	[ $status -eq 0 ]
	has "not supported by the connection driver: virDomainCreateWithFiles"
	has "not supported by the connection driver: virDomainFDAssociate"
	has "shut off"
	[[ $output != *isconnected* ]]
}

@test "a stale socket is replaced" {
	dir=$BATS_TEST_TMPDIR/run
	mkdir -m 700 "$dir"
	python3 -c "import socket; s = socket.socket(socket.AF_UNIX); s.bind('$dir/sock')"
	"$VIRTD" --listen --socket "$dir/sock" 3>&- &
	pid=$!
	wait_for 10 timeout 5 "$XVSH" -c "test+unix:///default?socket=$dir/sock" list >/dev/null
	kill $pid
	wait $pid
}

@test "events come through the tunnel" {
	timeout 20 "$XVSH" -c "$ext" 'event --loop --timeout 2 --event lifecycle' >"$BATS_TEST_TMPDIR/out" 2>&1 || true
	grep -q "event loop timed out" "$BATS_TEST_TMPDIR/out"
}

@test "a relative file is one in this directory, wherever the helper runs" {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work"
	printf '#!/bin/sh\ncd / && exec %s\n' "$VIRTD" >"$BATS_TEST_TMPDIR/away"
	chmod +x "$BATS_TEST_TMPDIR/away"
	away="test+ext:///default?command=$BATS_TEST_TMPDIR/away"
	run timeout 20 "$XVSH" -c "$away" 'dump test core; save test state; restore state; save-image-dumpxml state'
	[ $status -eq 0 ]
	has "<name>test</name>"
	[ -s core ]
	[ -s state ]
	run timeout 20 "$XVSH" -c "$away" save-image-dumpxml none
	has "'$PWD/none'"
}
