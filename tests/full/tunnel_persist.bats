#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# XVSH_SSH_PERSIST: an ssh connection that stays, and is shared by commands.

load ../helpers/common
load ../helpers/sshd

setup_file() {
	load ../helpers/common
	load ../helpers/sshd
	# Paths of sockets are short.
	export WORK=$(mktemp -d /tmp/xvshXXXXXX)
	export SSHD_DIR=$WORK/sshd
	sshd_start "$SSHD_DIR" "SetEnv PATH=$BUILD:/usr/bin:/bin${LD_LIBRARY_PATH:+ LD_LIBRARY_PATH=$LD_LIBRARY_PATH}"
}

teardown_file() {
	load ../helpers/sshd
	sshd_stop "$SSHD_DIR"
	rm -rf "$WORK"
}

setup() {
	export XDG_RUNTIME_DIR=$WORK/$BATS_TEST_NUMBER XVSH_SSH_PERSIST=60
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	kept=$XDG_RUNTIME_DIR/xvsh
	uri="test+ssh://target/default?command=$SSHD_DIR/ssh"
	: >"$SSHD_DIR/sshd.log"
}

# End the connections that a test kept.
teardown() {
	local s
	for s in "$XDG_RUNTIME_DIR"/xvsh*/*-*; do
		[ ! -S "$s" ] || ssh -S "$s" -O exit x 2>/dev/null || true
	done
}

# shell WORDS...: one command in a process of its own.
shell() {
	timeout 20 "$XVSH" -c "$uri" "$@"
}

# logins N: so many connections were made.
logins() {
	[ "$(grep -c '^Accepted ' "$SSHD_DIR/sshd.log")" -eq "$1" ] ||
	    { cat "$SSHD_DIR/sshd.log"; return 1; }
}

# master: the process that keeps the one connection.
master() {
	ssh -S "$(echo "$kept"/*-*)" -O check x 2>&1 |
	    sed -n 's/^Master running (pid=\([0-9]*\)).*/\1/p'
}

@test "later commands share the connection of the first" {
	[ "$(shell domstate test)" = running ]
	[ "$(shell domid test)" = 1 ]
	shell list --all | grep -q running
	logins 1
	[ "$(stat -c %a "$kept")" = 700 ]
	[ "$(stat -c %a "$kept"/*-*)" = 600 ]
	kill -0 "$(master)"
}

@test "nothing is kept without it, or with 0" {
	XVSH_SSH_PERSIST=0 shell domid test
	(unset XVSH_SSH_PERSIST && shell domid test)
	logins 2
	[ ! -e "$kept" ]
}

@test "what is kept holds up nobody who waits for our output" {
	start=$SECONDS
	both=$(shell 'domid test; nonsense' 2>&1) || true
	both=$(shell 'domid test' 2>&1 | cat)
	[ $((SECONDS - start)) -lt 15 ]
	kill -0 "$(master)"
}

@test "it ends when nobody used it for so long" {
	XVSH_SSH_PERSIST=1 shell domid test
	pid=$(master)
	kill -0 "$pid"
	wait_for 10 test ! -S "$kept"/*-*
	! kill -0 "$pid" 2>/dev/null
	XVSH_SSH_PERSIST=1 shell domid test
	logins 2
}

@test "the configuration file has it too, below the environment" {
	mkdir -p "$HOME/.config/xvsh"
	echo 'ssh_persist = 60' >"$HOME/.config/xvsh/xvsh.conf"
	XVSH_SSH_PERSIST=0 shell domid test
	[ ! -e "$kept" ]
	unset XVSH_SSH_PERSIST
	shell domid test
	shell domid test
	logins 2
	echo 'ssh_persist = "an hour"' >"$HOME/.config/xvsh/xvsh.conf"
	run shell domid test
	[ $status -eq 1 ]
	has "ssh_persist is 'an hour', which is no number of seconds"
}

@test "a number that is none is refused" {
	for bad in -1 1h 12.5 99999999999 'x y'; do
		export XVSH_SSH_PERSIST=$bad
		run shell list
		[ $status -eq 1 ]
		has "XVSH_SSH_PERSIST is '$bad', which is no number of seconds"
		run timeout 20 "$XVSH" --json -c "$uri" list
		[ $status -eq 1 ]
		has "no number of seconds"
	done
	logins 0
}

@test "a master that was killed leaves a socket that is replaced" {
	shell domid test
	kill -KILL "$(master)"
	[ -S "$kept"/*-* ]
	[ "$(shell domid test)" = 1 ]
	[ "$(shell domid test)" = 1 ]
	logins 2
	kill -0 "$(master)"
}

@test "a host that went away is said, and the next command connects anew" {
	shell domid test
	# What serves the connection; its listener is untouched.
	kill $(ps -o pid= --ppid "$(cat "$SSHD_DIR/sshd.pid")")
	wait_for 10 test ! -S "$kept"/*-*
	[ "$(shell domid test)" = 1 ]
	logins 2
}

@test "many at once make one connection" {
	for i in 1 2 3 4 5 6 7 8; do
		shell domid test >"$WORK/out$i" 2>&1 3>&- &
	done
	wait
	[ "$(cat "$WORK"/out? | grep -cx 1)" = 8 ]
	logins 1
}

@test "many at once after a master was killed" {
	shell domid test
	kill -KILL "$(master)"
	for i in 1 2 3 4 5 6; do
		shell domid test >"$WORK/out$i" 2>&1 3>&- &
	done
	wait
	[ "$(cat "$WORK"/out[1-6] | grep -cx 1)" = 6 ]
	logins 2
}

@test "who fails lets the next one try" {
	uri="test+ssh://nobody-here@target/default?command=$SSHD_DIR/ssh"
	start=$SECONDS
	for i in 1 2 3; do
		shell domid test >"$WORK/out$i" 2>&1 3>&- &
	done
	wait
	[ "$(cat "$WORK"/out[123] | grep -c 'Permission denied')" = 3 ]
	[ $((SECONDS - start)) -lt 15 ]
}

@test "more commands at once than a connection may carry" {
	uri="test+ssh://target/default?command=$SSHD_DIR/ssh"
	shell domid test
	for i in 1 2 3 4 5 6 7 8 9 a b c; do
		shell 'event --loop --timeout 2 --event lifecycle' \
		    >"$WORK/out$i" 2>&1 3>&- &
	done
	wait
	[ "$(cat "$WORK"/out? | grep -c 'event loop timed out')" = 12 ]
}

@test "another key or another user is another connection" {
	cp "$SSHD_DIR/id_ed25519" "$WORK/key"
	shell domid test
	uri="$uri&keyfile=$WORK/key"
	shell domid test
	uri="$uri&no_verify=1"
	shell domid test
	logins 3
	shell domid test
	logins 3
}

@test "a configuration that changes is followed" {
	sshd_wrapper "$WORK/ssh" "$WORK/ssh_config"
	cp "$SSHD_DIR/ssh_config" "$WORK/ssh_config"
	uri="test+ssh://target/default?command=$WORK/ssh"
	shell domid test
	sed -i 's/HostName 127.0.0.1/HostName 127.0.0.9/' "$WORK/ssh_config"
	run shell domid test
	[ $status -eq 1 ]
	has "failed to connect"
}

@test "a directory that others can write or own is refused" {
	mkdir -m 755 "$kept"
	run shell list
	[ $status -eq 1 ]
	has "cannot keep connections in '$kept': it must belong to this user and have mode 0700"
	rmdir "$kept"
	mkdir -m 700 "$WORK/elsewhere"
	ln -s "$WORK/elsewhere" "$kept"
	run shell list
	[ $status -eq 1 ]
	has "cannot keep connections in '$kept'"
	[ -z "$(ls "$WORK/elsewhere")" ]
	rm "$kept"
	if [ "$(id -u)" = 0 ]; then
		mkdir -m 700 "$kept"
		chown nobody "$kept"
		run shell list
		[ $status -eq 1 ]
		has "it must belong to this user"
	fi
	logins 0
}

@test "without a run-time directory of ours, one below TMPDIR" {
	export TMPDIR=$XDG_RUNTIME_DIR
	there=$TMPDIR/xvsh-$(id -u)
	(unset XDG_RUNTIME_DIR && shell domid test)
	[ "$(stat -c %a "$there")" = 700 ]
	[ -S "$there"/*-* ]
	# One that others may write, and one with too long a name.
	mkdir -m 777 "$WORK/open"
	chmod 777 "$WORK/open"
	XDG_RUNTIME_DIR=$WORK/open shell domid test
	[ -z "$(ls "$WORK/open")" ]
	long=$WORK/$(printf 'x%.0s' {1..60})
	mkdir -m 700 "$long"
	XDG_RUNTIME_DIR=$long shell domid test
	[ -z "$(ls "$long")" ]
	logins 1
}

@test "a master that is stopped does not hang who has a deadline" {
	shell domid test
	pid=$(master)
	kill -STOP "$pid"
	run timeout 20 "$XVSH" --timeout 1 -c "$uri" domid test
	kill -CONT "$pid"
	[ $status -eq 1 ]
	has "no answer within 1 seconds"
	[ "$(shell domid test)" = 1 ]
}
