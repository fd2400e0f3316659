#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The shell from outside: where commands come from, what bad input gets.

load helpers/common

@test "several commands in one argument, quoted, commented" {
	run xvsh 'echo "a b"; echo c # no; echo d'
	[ $status -eq 0 ]
	[ "${lines[0]}" = "a b" ]
	[ "${lines[1]}" = c ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "a script on stdin, status 0 at its end" {
	run bash -c 'printf "list\nfoo\necho end" | timeout 20 "$0" -q -c test:///default' "$XVSH"
	[ $status -eq 0 ]
	has " 1   test   running"
	has "error: unknown command: 'foo'"
	has end
}

@test "the default connection: variables in their order, then the file" {
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/cfg
	mkdir -p "$XDG_CONFIG_HOME/xvsh"
	echo 'uri_default = "test:///file-says"' >"$XDG_CONFIG_HOME/xvsh/xvsh.conf"
	run timeout 20 "$XVSH" list
	has file-says
	LIBVIRT_DEFAULT_URI=test:///third run timeout 20 "$XVSH" list
	has third
	VIRSH_DEFAULT_CONNECT_URI=test:///second LIBVIRT_DEFAULT_URI=test:///third \
	    run timeout 20 "$XVSH" list
	has second
	XVSH_DEFAULT_URI=test:///first VIRSH_DEFAULT_CONNECT_URI=test:///second \
	    run timeout 20 "$XVSH" list
	has first
	run timeout 20 "$XVSH" -c test:///default list
	[ $status -eq 0 ]
}

@test "nothing said: the test hypervisor" {
	run timeout 20 "$XVSH" uri
	[ $status -eq 0 ]
	[ "${lines[0]}" = test:///default ]
}

@test "a closed stdout is an error, not a signal" {
	run bash -c '{ timeout 20 "$0" -c test:///default help; echo "status $?" >&2; } | true' "$XVSH"
	has "status"
	run bash -c 'timeout 20 "$0" -c test:///default list >&-' "$XVSH"
	[ $status -eq 1 ]
	run bash -c 'timeout 20 "$0" -c test:///default list >/dev/full' "$XVSH"
	[ $status -eq 1 ]
	has "cannot write output"
}

@test "documents that are none: empty, binary, deep, large" {
	cd "$BATS_TEST_TMPDIR"
	: >empty.xml
	head -c 4096 /dev/urandom >binary.xml
	python3 -c 'print("<a>" * 100000)' >deep.xml
	python3 -c 'print("<domain>" + "x" * 100000000)' >large.xml
	printf '<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]><domain>&x;</domain>' >entity.xml
	for f in empty binary deep large entity; do
		run xvsh define $f.xml
		[ $status -eq 1 ] || { echo "$f: $output"; return 1; }
		has error:
		[[ $output != *root:* ]]
	done
	run xvsh define missing.xml
	[ $status -eq 1 ]
	has missing.xml
}

@test "a full disk leaves no half file" {
	[ "$(id -u)" -eq 0 ]
	mkdir "$BATS_TEST_TMPDIR/full"
	mount -t tmpfs -o size=4k none "$BATS_TEST_TMPDIR/full"
	head -c 4096 /dev/zero >"$BATS_TEST_TMPDIR/full/filler" || true
	run xvsh save test "$BATS_TEST_TMPDIR/full/saved"
	left=$(ls "$BATS_TEST_TMPDIR/full")
	umount "$BATS_TEST_TMPDIR/full"
	[ $status -eq 1 ]
	[ "$left" = filler ]
}

@test "numbers that overflow are errors" {
	for words in 'setmem test 99999999999999999999' 'setmem test -1' \
	    'setvcpus test 99999999999' 'setmem test 1Z'; do
		run xvsh "$words"
		[ $status -eq 1 ]
		has error:
	done
}

@test "names in UTF-8 and double width keep the columns" {
	cat >"$BATS_TEST_TMPDIR/n.xml" <<-'X'
	<node><domain type='test'><name>中文</name><memory>1</memory><os><type>hvm</type></os></domain>
	<domain type='test'><name>é</name><memory>1</memory><os><type>hvm</type></os></domain></node>
	X
	run timeout 20 "$XVSH" -c "test://$BATS_TEST_TMPDIR/n.xml" list --all
	[ "$output" = "$(virsh -c "test://$BATS_TEST_TMPDIR/n.xml" list --all)" ]
}

@test "-t prints the time, -q no headers, -d what is done, -l a log" {
	run xvsh -t list
	has "(Time: "
	run xvsh -q list
	same " 1   test   running"
	run xvsh -d 0 dominfo test
	has "dominfo: found option <domain>: test"
	run xvsh -l "$BATS_TEST_TMPDIR/log" dominfo nobody
	grep -q "ERROR failed to get domain 'nobody'" "$BATS_TEST_TMPDIR/log"
}

@test "memory stays flat over many commands" {
	run python3 - "$XVSH" <<-'P'
	import subprocess, sys
	p = subprocess.Popen([sys.argv[1], "-q", "-c", "test:///default"],
	    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
	def rss():
	    return int(open("/proc/%d/statm" % p.pid).read().split()[1])
	def feed(n):
	    for i in range(n):
	        p.stdin.write(b"dominfo test\nlist --all\n")
	    p.stdin.write(b"echo x\n"); p.stdin.flush()
	import time
	feed(500); time.sleep(1); a = rss()
	feed(5000); time.sleep(3); b = rss()
	p.stdin.close(); p.wait()
	print(a, b)
	import os                   # a sanitizer keeps freed memory for a while
	more = 0.05 * int(os.environ.get("MEMORY_FACTOR", 1))
	sys.exit(0 if b <= a * (1 + more) + 50 else 1)
	P
	echo "$output"
	[ $status -eq 0 ]
}
