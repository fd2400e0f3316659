#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The embedded ssh (+libssh2) with passwords, questions and second factors of a
# real sshd and its PAM, answered on a terminal.

load ../../helpers/common
load ../../helpers/sshd
load ../../helpers/account

setup_file() {
	load ../../helpers/common
	load ../../helpers/sshd
	load ../../helpers/account
	account_sweep
	export SSHD_PORT ACCOUNT SSHD_END
	account_place
	ACCOUNT=$(account_name '')
	# The name of the program is that of its PAM service.
	ln -s /usr/sbin/sshd "$WORK/$ACCOUNT"
	SSHD_PROGRAM=$WORK/$ACCOUNT
	printf 'first\033[31m\033]0;x\007 done\n' >"$WORK/notice"
	cat >"/etc/pam.d/$ACCOUNT" <<-END
	auth optional pam_echo.so file=$WORK/notice
	auth required pam_unix.so nodelay
	account required pam_permit.so
	session required pam_permit.so
	END
	SSHD_END=
	while read -r name methods; do
		account_add "$ACCOUNT$name" "$WORK"
		echo "$ACCOUNT$name:secret-$name" | chpasswd
		cp "$WORK/$ACCOUNT$name.key.pub" \
		    "$WORK/$ACCOUNT$name/.ssh/authorized_keys"
		SSHD_END+="Match User $ACCOUNT$name
			AuthenticationMethods $methods
		"
	done <<-END
	pw password
	kbd keyboard-interactive
	two publickey,keyboard-interactive
	rev keyboard-interactive,publickey
	both password,keyboard-interactive
	keys publickey,publickey
	END
	ssh-keygen -q -t ed25519 -N '' -f "$WORK/second"
	cat "$WORK/second.pub" >>"$WORK/${ACCOUNT}keys/.ssh/authorized_keys"
	printf 'banner \033[32m\033]0;y\007\n' >"$WORK/banner"
	sshd_start "$WORK/sshd" "UsePAM yes" "PasswordAuthentication yes" \
	    "KbdInteractiveAuthentication yes" "Banner $WORK/banner" \
	    "AuthorizedKeysFile $WORK/%u/.ssh/authorized_keys" \
	    "SetEnv PATH=$WORK/lib:/usr/bin:/bin"
	sshd_wrapper "$WORK/plain-ssh" /dev/null
}

teardown_file() {
	load ../../helpers/sshd
	load ../../helpers/account
	local name
	sshd_stop "$WORK/sshd"
	for name in pw kbd two rev both keys; do
		account_remove "$ACCOUNT$name"
	done
	rm -f "/etc/pam.d/$ACCOUNT"
	rm -rf "$WORK"
}

setup() {
	unset SSH_AUTH_SOCK
}

# uri NAME: of an account, with its key.
uri() {
	echo "test+libssh2://$ACCOUNT$1@127.0.0.1:$SSHD_PORT/default?command=$WORK/plain-ssh&known_hosts=$WORK/sshd/known_hosts&keyfile=$WORK/$ACCOUNT$1.key"
}

# answers NAME TEXT ANSWER...: list with that account, nothing raw or secret on
# the terminal.
answers() {
	local who=$1
	shift
	run timeout 90 python3 "$TOP/tests/helpers/answer.py" "$XVSH" \
	    -c "$(uri "$who")" list -- "$@"
	echo "$output"
	[[ $output != *$'\033'* && $output != *$'\007'* ]]
	[[ $output != *secret-* ]]
}

# silent NAME: without a terminal.
silent() {
	run timeout 60 setsid -w "$XVSH" -c "$(uri "$1")" list </dev/null
	[ $status -eq 1 ]
}

@test "a password, at the first try and the second" {
	answers pw "'s password: " secret-pw
	[ $status -eq 0 ]
	has running
	answers pw "'s password: " wrong "'s password: " secret-pw
	[ $status -eq 0 ]
	has running
}

@test "three wrong passwords, none, and no terminal" {
	answers pw "'s password: " a "'s password: " b "'s password: " c
	[ $status -eq 1 ]
	has "authentication failed"
	has "password: answered; the host refused that"
	answers pw "'s password: " $'\003'
	[ $status -eq 1 ]
	has "ended at a question"
	silent pw
	has "password: there is no terminal to ask on"
}

@test "a question, and what is said before it" {
	answers kbd "Password: " secret-kbd
	[ $status -eq 0 ]
	has running
	has '\x1b[31m\x1b]0;x\x07'
}

@test "a wrong answer is asked for again" {
	answers kbd "Password: " wrong "Password: " secret-kbd
	[ $status -eq 0 ]
	has running
}

@test "a second factor behind a key" {
	answers two "Password: " secret-two
	[ $status -eq 0 ]
	has running
	silent two
	has "$WORK/${ACCOUNT}two.key: accepted, but the host wants more"
	has "keyboard-interactive: there is no terminal to ask on"
}

@test "a key behind the answers" {
	answers rev "Password: " secret-rev
	[ $status -eq 0 ]
	has running
}

@test "answers behind a password" {
	answers both "'s password: " wrong "'s password: " secret-both \
	    "Password: " secret-both
	[ $status -eq 0 ]
	has running
}

@test "a password that was accepted is not asked for again" {
	answers both "'s password: " secret-both "Password: " $'\003'
	[ $status -eq 1 ]
	has "ended at a question"
}

@test "two keys, one of the agent" {
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q "$WORK/second"
	run timeout 60 setsid -w "$XVSH" -c "$(uri keys)" list </dev/null
	kill "$SSH_AGENT_PID"
	echo "$output"
	[ $status -eq 0 ]
	same "$(xvsh list)"
	unset SSH_AUTH_SOCK
	silent keys
	has "accepted, but the host wants more"
}
