#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The daemon's ways to be started, its limits and its log.

load helpers/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	sock=$BATS_TEST_TMPDIR/run/sock
	uri="test+unix:///default?socket=$sock"
}

@test "--clients: one more has to wait until one has left" {
	"$VIRTD" --listen --clients 2 --socket "$sock" 3>&- &
	pid=$!
	wait_for 10 test -S "$sock"
	python3 - "$TOP" "$sock" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1] + "/tests/helpers")
	import peer
	first, second = (peer.Peer(path=sys.argv[2]) for _ in range(2))
	third = peer.Peer(path=sys.argv[2], uri=None)
	third.send(66)
	assert third.is_quiet(0.5)
	second.domain()
	first.close()
	assert third.receive().status == 0
	END
	kill $pid
	wait $pid
	run "$VIRTD" --listen --clients 0
	[ $status -eq 2 ]
	has "virtd: --clients wants a number from 1, not '0'"
}

@test "a socket that the service manager passes is used, and left" {
	mkdir -m 700 run
	cat >manager <<-'END'
	import os, socket, sys
	s = socket.socket(socket.AF_UNIX)
	s.bind(sys.argv[1])
	s.listen(5)
	os.dup2(s.fileno(), 3)
	os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
	os.execv(sys.argv[2], [sys.argv[2], "--listen"])
	END
	python3 manager "$sock" "$VIRTD" &
	pid=$!
	wait_for 10 test -S "$sock"
	run timeout 20 "$XVSH" -c "$uri" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
	kill $pid
	wait $pid
	[ -S "$sock" ]
}

@test "the log: by -v on stderr, or in syslog, never on stdout" {
	"$VIRTD" --listen -vv --socket "$sock" >out 2>err 3>&- &
	pid=$!
	wait_for 10 test -S "$sock"
	printf '\0\0\0\1' | timeout 10 nc -N -U "$sock"
	kill $pid
	wait $pid
	grep -q "listening on $sock" err
	grep -q "client dropped: packet 1 bytes" err
	[ ! -s out ]
	# A /dev of its own, with a syslog that writes down what comes.
	cat >room <<-'END'
	set -e
	mkdir dev
	touch dev/null
	mount --bind /dev/null dev/null
	ln -s "$PWD/log" dev/log
	mount --rbind dev /dev
	printf '\0\0\0\1' | "$VIRTD" --syslog >out 2>err
	END
	VIRTD=$VIRTD python3 - <<-'END'
	import os, socket, subprocess
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind("log")
	s.settimeout(10)
	root = [] if os.geteuid() == 0 else ["-r"]
	subprocess.run(["unshare", *root, "-m", "sh", "room"], check=True)
	text = s.recv(1000).decode()
	assert "virtd" in text and text.rstrip("\n").endswith(
	    "client dropped: packet 1 bytes received from peer too small, "
	    "want 28"), text
	END
	[ ! -s out ]
	[ ! -s err ]
}

@test "keepalive by parameters of the URI" {
	printf '#!/bin/sh\necho $$ >pid\nexec %s\n' "$VIRTD" >helper
	chmod +x helper
	mkfifo words
	timeout 30 "$XVSH" -c "test+ext:///default?command=$PWD/helper&keepalive_interval=1&keepalive_count=1" \
	    <words >said 2>&1 3>&- &
	shell=$!
	exec 7>words
	echo 'domstate test' >&7
	wait_for 10 grep -q running said
	kill -STOP "$(cat pid)"
	echo 'domstate test' >&7
	start=$SECONDS
	wait_for 10 grep -q 'keepalive timeout' said
	[ $((SECONDS - start)) -lt 8 ]
	exec 7>&-
	wait $shell || true
}
