#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Looking without being root: the recipes of virtd(1), with real accounts.

load ../../helpers/common
load ../../helpers/sshd
load ../../helpers/account

setup_file() {
	load ../../helpers/common
	load ../../helpers/sshd
	load ../../helpers/account
	account_sweep
	export PLAIN SUDOER SSHD_PORT
	account_place
	sshd_start "$WORK/sshd" "AuthorizedKeysFile $WORK/%u/.ssh/authorized_keys"
	chmod 755 "$WORK/sshd"
	PLAIN=$(account_name plain) SUDOER=$(account_name sudo)
	account_add "$PLAIN" "$WORK"
	account_add "$SUDOER" "$WORK"
	groupadd "$SUDOER-watch"
	usermod -aG "$SUDOER-watch" "$SUDOER"
	printf 'restrict,command="%s --stdio --readonly test:///default" %s\n' \
	    "$WORK/lib/virtd" "$(cat "$WORK/$PLAIN.key.pub")" \
	    >"$WORK/$PLAIN/.ssh/authorized_keys"
	printf 'restrict,command="sudo -n %s --stdio --readonly test:///default" %s\n' \
	    "$WORK/lib/virtd" "$(cat "$WORK/$SUDOER.key.pub")" \
	    >"$WORK/$SUDOER/.ssh/authorized_keys"
	printf '%%%s ALL=(root) NOPASSWD: %s --stdio --readonly test\\:///default\n' \
	    "$SUDOER-watch" "$WORK/lib/virtd" >"$WORK/sudoers"
	visudo -qcf "$WORK/sudoers"
	install -m 440 "$WORK/sudoers" "/etc/sudoers.d/$SUDOER"
}

teardown_file() {
	load ../../helpers/sshd
	load ../../helpers/account
	sshd_stop "$WORK/sshd"
	rm -f "/etc/sudoers.d/$SUDOER"
	account_remove "$PLAIN"
	account_remove "$SUDOER"
	groupdel "$SUDOER-watch"
	rm -rf "$WORK"
}

# uri ACCOUNT [PATH]
uri() {
	echo "test+ssh://$1@target${2:-/default}?command=$WORK/sshd/ssh&keyfile=$WORK/$1.key"
}

# as ACCOUNT WORDS...: ssh to it.
as() {
	local who=$1
	shift
	timeout 20 "$WORK/sshd/ssh" -i "$WORK/$who.key" -l "$who" "$@"
}

@test "list works, as the account itself and as root through sudo" {
	for who in "$PLAIN" "$SUDOER"; do
		run timeout 20 "$XVSH" -r -c "$(uri "$who")" list --all
		[ $status -eq 0 ]
		same "$(xvsh list --all)"
		run timeout 20 virsh -r -c "$(uri "$who")" list --all
		[ $status -eq 0 ]
		same "$(xvsh list --all)"
	done
}

@test "who it is that serves: the account, and root behind sudo" {
	for who in "$PLAIN" "$SUDOER"; do
		timeout 20 "$XVSH" -c "$(uri "$who")" \
		    'event --loop --timeout 10 --event lifecycle' 3>&- &
		shell=$!
		[ "$who" = "$PLAIN" ] && runs_as=$who || runs_as=root
		wait_for 10 pgrep -u "$runs_as" -f \
		    "^$WORK/lib/virtd --stdio --readonly"
		kill $shell
		wait $shell || true
		wait_for 10 eval "! pgrep -f '^$WORK/lib/virtd --stdio'"
	done
}

@test "a write is refused in libvirt's words, with and without -r" {
	for who in "$PLAIN" "$SUDOER"; do
		for ro in '' -r; do
			run timeout 20 "$XVSH" $ro -c "$(uri "$who")" destroy test
			[ $status -eq 1 ]
			has "error: Failed to destroy domain 'test'"
			has "error: operation forbidden: read only access prevents virDomainDestroy"
			run timeout 20 virsh $ro -c "$(uri "$who")" destroy test
			[ $status -eq 1 ]
			has "error: operation forbidden: read only access prevents virDomainDestroy"
		done
		run timeout 20 "$XVSH" -c "$(uri "$who")" dumpxml test --security-info
		[ $status -eq 1 ]
		has "operation forbidden"
	done
}

@test "the hypervisor is the recipe's, whatever the client asks for" {
	for who in "$PLAIN" "$SUDOER"; do
		run timeout 20 "$XVSH" -c "$(uri "$who" /etc/shadow)" list
		[ $status -eq 0 ]
		same "$(xvsh list)"
	done
}

@test "the accounts run no other command, have no terminal and forward nothing" {
	for who in "$PLAIN" "$SUDOER"; do
		run as "$who" target 'id; echo was-here' </dev/null
		[[ $output != *uid=* && $output != *was-here* ]]
		run as "$who" -tt target </dev/null
		has "PTY allocation request failed"
		run as "$who" -W "127.0.0.1:$SSHD_PORT" target </dev/null
		[ $status -ne 0 ]
		has "administratively prohibited"
		run as "$who" -s target sftp </dev/null
		[[ $output != *sftp* ]]
	done
}

@test "sudo gives that command to the group, and no other" {
	may="sudo -n $WORK/lib/virtd --stdio --readonly test:///default"
	run runuser -u "$SUDOER" -- $may </dev/null
	[ $status -eq 0 ]
	for not in "sudo -n id" "sudo -n $WORK/lib/virtd" \
	    "sudo -n $WORK/lib/virtd --stdio test:///default" \
	    "sudo -n $WORK/lib/virtd --stdio --readonly test:///etc/shadow" \
	    "$may extra"; do
		run runuser -u "$SUDOER" -- $not </dev/null
		[ $status -eq 1 ]
		has "a password is required"
	done
	run runuser -u "$PLAIN" -- $may </dev/null
	[ $status -eq 1 ]
}
