#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# A hung, stopped or dead other end; a long call; a server that is told to end.

load helpers/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	ext="test+ext:///default?command=$BATS_TEST_TMPDIR/helper"
}

# helper TEXT: what +ext runs.
helper() {
	printf '#!/bin/sh\n%s\n' "$1" >helper
	chmod +x helper
}

# interactive ARGUMENTS: a shell whose commands come through a pipe, fd 7.
interactive() {
	mkfifo words
	timeout 30 "$XVSH" "$@" <words >said 2>&1 3>&- &
	shell=$!
	exec 7>words
}

@test "a connection's deadline: said why, and nothing more is run" {
	# A second helper would work, but is not asked for.
	helper "if [ -e hung ]; then exec $VIRTD; fi; touch hung; exec sleep 60"
	start=$SECONDS
	run timeout 20 "$XVSH" --timeout 1 -c "$ext" 'list; domstate test'
	[ $((SECONDS - start)) -lt 5 ]
	[ $status -eq 1 ]
	has "no answer within 1 seconds"
	[[ $output != *running* ]]
}

@test "a helper that hangs while connecting: said why" {
	helper "exec sleep 60"
	interactive --timeout 1 -c "$ext"
	exec 7>&-
	wait $shell || true
	run cat said
	has "no answer within 1 seconds"
}

@test "a stopped helper is noticed by keepalive, and killed" {
	helper "echo \$\$ >pid; exec $VIRTD"
	interactive -k 1 -K 1 -c "$ext"
	echo 'domstate test' >&7
	wait_for 10 grep -q running said
	kill -STOP "$(cat pid)"
	old=$(cat pid)
	echo 'domstate test' >&7
	wait_for 10 grep -q 'keepalive timeout' said
	# The shell lives on, says so and connects again.
	echo 'domid test' >&7
	exec 7>&-
	wait $shell
	run cat said
	has "Disconnected from $ext due to"
	has "Reconnected to the hypervisor"
	! kill -0 "$old" 2>/dev/null
}

@test "a killed helper is noticed at once, with what it said last" {
	helper "echo \$\$ >pid; echo 'going down' >&2; exec $VIRTD"
	interactive -c "$ext"
	echo 'domstate test' >&7
	wait_for 10 grep -q running said
	kill -KILL "$(cat pid)"
	echo 'domstate test' >&7
	wait_for 5 grep -q 'going down' said
	echo 'domid test' >&7
	exec 7>&-
	wait $shell
	run cat said
	has "Reconnected to the hypervisor"
}

@test "much on stderr does not stop it, and is made visible" {
	helper 'yes noise | head -n 100000 >&2; printf "last \033[31m\302\233word\n" >&2; exit 3'
	run timeout 20 "$XVSH" -c "$ext" list
	[ $status -eq 1 ]
	has 'last \x1b[31m\xc2\x9bword'
}

@test "a long call does not hold up keepalive" {
	mkfifo slow
	timeout 20 "$XVSH" -k 1 -K 1 -c "test+ext:///default?command=$VIRTD" \
	    "save test $PWD/slow" >saved 2>&1 3>&- &
	saver=$!
	# More than interval and count: it must still wait for its answer.
	sleep 3.5
	kill -0 $saver
	timeout 10 cat slow >/dev/null
	wait $saver
	run cat saved
	has "Domain 'test' saved to"
}

@test "a call that waits for a file holds up no other of its client" {
	run timeout 40 python3 "$TOP/tests/interop/slow_call.py" "$VIRTD"
	same ""
	[ $status -eq 0 ]
}

@test "a long save holds up no other client of the daemon" {
	dir=$BATS_TEST_TMPDIR/run
	mkfifo slow
	"$VIRTD" --listen --socket "$dir/sock" 3>&- &
	pid=$!
	wait_for 10 test -S "$dir/sock"
	uri="test+unix:///default?socket=$dir/sock"
	timeout 20 "$XVSH" -c "$uri" "save test $PWD/slow" >saved 2>&1 3>&- &
	saver=$!
	sleep 0.5
	run timeout 5 "$XVSH" -c "$uri" 'list; dominfo test'
	[ $status -eq 0 ]
	has running
	kill -0 $saver
	timeout 10 cat slow >/dev/null
	wait $saver
	grep -q "Domain 'test' saved" saved
	kill $pid
	wait $pid
}

@test "a client with many slow calls holds up no other, nor its own probes" {
	run timeout 60 python3 "$TOP/tests/interop/fair_share.py" "$VIRTD"
	same ""
	[ $status -eq 0 ]
}

@test "virtd probes clients that can answer, and drops those that do not" {
	run timeout 40 python3 "$TOP/tests/interop/probes.py" "$VIRTD"
	same "virtd: client dropped: it no longer answers"
	[ $status -eq 0 ]
	run timeout 20 "$VIRTD" -K -1
	[ $status -eq 2 ]
	has "virtd: -K wants a number from 0, not '-1'"
}

@test "an idle prompt answers a libvirtd's probes, at no cost" {
	run timeout 60 python3 "$TOP/tests/interop/idle_prompt.py" "$XVSH"
	same ""
	[ $status -eq 0 ]
}

@test "an editor that is open for long: the connection is kept" {
	printf '#!/bin/sh\nsleep 3; echo >>"$1"\n' >editor
	chmod +x editor
	helper "exec $VIRTD -k 1 -K 1"
	VISUAL=$PWD/editor run timeout 30 "$XVSH" -c "$ext" \
	    'edit test; domstate test'
	[ $status -eq 0 ]
	has running
	[[ $output != *onnected* ]]
}

@test "output that nobody reads for long: the connection is kept" {
	helper "exec $VIRTD -k 1 -K 1"
	many=$(printf 'dumpxml test; capabilities; %.0s' $(seq 60))
	timeout 60 "$XVSH" -c "$ext" "suspend test; $many domstate test" 2>&1 |
	    { sleep 5; cat; } >said
	run tail -n 2 said
	has paused
	[ "$(grep -c '^<domain' said)" -eq 60 ]
	! grep -q onnected said
}

@test "--timeout covers a socket that takes no clients" {
	run timeout 30 python3 - "$XVSH" <<-'END'
	import socket, subprocess, sys, time
	s = socket.socket(socket.AF_UNIX)
	s.bind("full")
	s.listen(0)
	others = []
	while True:
	    c = socket.socket(socket.AF_UNIX)
	    c.setblocking(False)
	    try:
	        c.connect("full")
	    except BlockingIOError:
	        break
	    others.append(c)
	start = time.monotonic()
	p = subprocess.run([sys.argv[1], "--timeout", "1", "-c",
	                    "test+unix:///default?socket=full", "list"],
	                   stderr=subprocess.PIPE, text=True)
	assert p.returncode == 1 and time.monotonic() - start < 8
	assert "no answer within 1 seconds" in p.stderr, p.stderr
	END
	same ""
	[ $status -eq 0 ]
}

@test "--timeout covers the data of a stream and its end" {
	for silent in data end; do
		helper "exec python3 $TOP/tests/interop/silent_stream.py $silent"
		start=$SECONDS
		run timeout 20 "$XVSH" --timeout 1 -c "$ext" \
		    screenshot test shot
		[ $status -eq 1 ]
		[ $((SECONDS - start)) -lt 8 ]
		has "no answer within 1 seconds"
	done
}

@test "SIGTERM at any moment ends a daemon, its last answers sent" {
	dir=$BATS_TEST_TMPDIR/run
	for i in $(seq 20); do
		"$VIRTD" --listen --socket "$dir/sock" 3>&- &
		pid=$!
		wait_for 10 test -S "$dir/sock"
		kill $pid
		timeout 5 tail --pid=$pid -f /dev/null
		wait $pid
	done
	python3 - "$VIRTD" <<-'END'
	import random, signal, struct, subprocess, sys, time
	random.seed(4)
	for _ in range(30):
	    p = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE,
	                         stdout=subprocess.PIPE)
	    call = struct.pack(">7I", 28, 0x20008086, 1, 66, 0, 1, 0)
	    p.stdin.write(call)
	    p.stdin.flush()
	    assert p.stdout.read(4)
	    time.sleep(random.random() / 200)
	    p.send_signal(signal.SIGTERM)
	    p.wait(5)
	    assert p.returncode == 0, p.returncode
	END
}

@test "a second SIGTERM gives up slow calls and ends a daemon at once" {
	dir=$BATS_TEST_TMPDIR/run
	mkfifo slow
	"$VIRTD" --listen --socket "$dir/sock" 2>log 3>&- &
	pid=$!
	wait_for 10 test -S "$dir/sock"
	timeout 30 "$XVSH" -c "test+unix:///default?socket=$dir/sock" \
	    "save test $PWD/slow" >saved 2>&1 3>&- &
	saver=$!
	wait_for 10 eval '[ "$(ls /proc/$pid/task | wc -l)" -gt 1 ]'
	kill $pid
	sleep 0.5
	kill -0 $pid		# the call is waited for
	kill $pid
	timeout 5 tail --pid=$pid -f /dev/null
	status=0
	wait $pid || status=$?
	[ $status -eq 1 ]
	grep -q "told twice to end: 1 calls given up" log
	[ ! -e "$dir/sock" ]
	! wait $saver
	grep -q "Failed to save domain 'test'" saved
}

@test "a client that takes no answers: the others are served, all is bounded" {
	python3 - "$VIRTD" <<-'END'
	import resource, struct, subprocess, sys, threading
	p = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE,
	                     stdout=subprocess.PIPE)
	def call(number, serial, body=b""):
	    return struct.pack(">7I", 28 + len(body), 0x20008086, 1, number, 0,
	                       serial, 0) + body
	name = b"test:///default"
	opening = struct.pack(">I", 1) + struct.pack(">I", len(name)) + name + \
	    b"\0" * (-len(name) % 4) + struct.pack(">I", 0)
	n = 20000
	def write():
	    p.stdin.write(call(1, 0, opening))
	    for i in range(1, n):
	        p.stdin.write(call(7, i))      # CONNECT_GET_CAPABILITIES
	    p.stdin.close()
	threading.Thread(target=write).start()
	import time
	time.sleep(1)
	with open("/proc/%d/status" % p.pid) as f:
	    peak = [l for l in f if l.startswith("VmHWM")][0].split()[1]
	got = 0
	while True:
	    head = p.stdout.read(28)
	    if not head:
	        break
	    size, _, _, _, kind, serial, status = struct.unpack(">7I", head)
	    p.stdout.read(size - 28)
	    assert (kind, serial, status) == (1, got, 0), (kind, serial, status)
	    got += 1
	p.wait(5)
	assert got == n, got
	import os                   # a sanitizer takes more
	assert int(peak) < 32768 * int(os.environ.get("MEMORY_FACTOR", 1)), peak
	END
}
