#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# ssh(1) below transport ssh: its questions come to the user's terminal.

load ../helpers/common
load ../helpers/sshd

setup_file() {
	load ../helpers/common
	load ../helpers/sshd
	export SSHD_DIR=$BATS_FILE_TMPDIR/sshd SSHD_PORT
	sshd_start "$SSHD_DIR" "SetEnv PATH=$BUILD:/usr/bin:/bin"
}

teardown_file() {
	load ../helpers/sshd
	sshd_stop "$SSHD_DIR"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	# One that knows no host yet, and asks.
	sed -e "s,UserKnownHostsFile.*,UserKnownHostsFile $PWD/hosts," \
	    -e 's/StrictHostKeyChecking yes/StrictHostKeyChecking ask/' \
	    "$SSHD_DIR/ssh_config" >config
	sshd_wrapper "$PWD/ssh" "$PWD/config"
	uri="test+ssh://target/default?command=$PWD/ssh"
}

# answers WORDS... -- TEXT ANSWER...
answers() {
	run timeout 60 python3 "$TOP/tests/helpers/answer.py" "$XVSH" "$@"
	echo "$output"
}

@test "an unknown host key: asked for, kept, refused" {
	answers -c "$uri" list -- "continue connecting" no
	[ $status -eq 1 ]
	has "Host key verification failed"
	[ ! -s hosts ]
	answers -c "$uri" list -- "continue connecting" yes
	[ $status -eq 0 ]
	has running
	[ -s hosts ]
	run timeout 20 "$XVSH" -c "$uri" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
}

@test "without a terminal, or with no_tty: refused, and no_verify: taken" {
	run timeout 20 setsid -w "$XVSH" -c "$uri" list
	[ $status -eq 1 ]
	has "Host key verification failed"
	answers -c "$uri&no_tty=1" list --
	[ $status -eq 1 ]
	has "Host key verification failed"
	answers -c "$uri&no_verify=1" list --
	[ $status -eq 0 ]
	has running
}

@test "a key's passphrase is asked for by ssh" {
	ssh-keygen -q -t ed25519 -N secret -f key
	cat key.pub >>"$SSHD_DIR/authorized_keys"
	sed -i "s,IdentityFile.*,IdentityFile $PWD/key," config
	answers -c "$uri&no_verify=1" list -- "passphrase for key" secret
	[ $status -eq 0 ]
	has running
}
