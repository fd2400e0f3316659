#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The embedded ssh (+libssh2) to a real sshd: keys, hosts, ways, refusals.
# `setsid` takes the terminal away, so that a question must be a refusal.

load ../helpers/common
load ../helpers/sshd

setup_file() {
	load ../helpers/common
	load ../helpers/sshd
	export SSHD_DIR=$BATS_FILE_TMPDIR/sshd
	# A sanitized program finds its modules by LD_LIBRARY_PATH alone.
	sshd_start "$SSHD_DIR" "SetEnv PATH=$BUILD:/usr/bin:/bin${LD_LIBRARY_PATH:+ LD_LIBRARY_PATH=$LD_LIBRARY_PATH}" \
	    "TrustedUserCAKeys $SSHD_DIR/ca.pub"
	ssh-keygen -q -t ed25519 -N '' -f "$SSHD_DIR/ca"
	export SSHD_PORT
	# One more that has an RSA key alone.
	export RSA_DIR=$BATS_FILE_TMPDIR/rsa
	sshd_start_rsa "$RSA_DIR"
	export RSA_PORT
}

teardown_file() {
	load ../helpers/sshd
	sshd_stop "$SSHD_DIR"
	sshd_stop "$RSA_DIR"
}

setup() {
	unset SSH_AUTH_SOCK
	# What the URI's ?command= names reads the configuration.
	ssh2="test+libssh2://target/default?command=$SSHD_DIR/ssh"
	# No configuration at all: an address, a port, files by parameter.
	sshd_wrapper "$SSHD_DIR/plain-ssh" /dev/null
	plain="test+libssh2://$(id -un)@127.0.0.1:$SSHD_PORT/default?command=$SSHD_DIR/plain-ssh"
	key="keyfile=$SSHD_DIR/id_ed25519"
	hosts="known_hosts=$SSHD_DIR/known_hosts"
}

# over URI COMMANDS...: without a terminal.
over() {
	local uri=$1
	shift
	run timeout 20 setsid -w "$XVSH" -c "$uri" "$@" </dev/null
}

refused() {
	[ $status -eq 1 ]
	has "$1"
}

@test "list, domuuid and suspend by the user's configuration" {
	over "$ssh2" 'list; domuuid test'
	[ $status -eq 0 ]
	same "$(xvsh 'list; domuuid test')"
	over "$ssh2" 'suspend test; domstate test --reason'
	[ $status -eq 0 ]
	has "paused (user)"
}

@test "much data both ways, and events" {
	over "$ssh2" "$(for i in $(seq 300); do printf 'dumpxml test; '; done) list"
	[ $status -eq 0 ]
	[ "$(printf '%s\n' "$output" | grep -c '<uuid>')" = 300 ]
	over "$ssh2" 'event --loop --timeout 1 --event lifecycle'
	has "event loop timed out"
}

@test "files by parameter, without a configuration" {
	over "$plain&$key&$hosts" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
}

@test "an unknown host is refused without a terminal, and nothing is written" {
	over "$plain&$key&known_hosts=$BATS_TEST_TMPDIR/none" list
	refused "host '[127.0.0.1]:$SSHD_PORT' is not in $BATS_TEST_TMPDIR/none"
	has "$(ssh-keygen -lf "$SSHD_DIR/host_ed25519.pub" | cut -d' ' -f2)"
	[ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "known_hosts_verify: auto writes it down, ignore does not look" {
	new=$BATS_TEST_TMPDIR/dir/new
	over "$plain&$key&known_hosts=$new&known_hosts_verify=auto" list
	[ $status -eq 0 ]
	ssh-keygen -f "$new" -F "[127.0.0.1]:$SSHD_PORT" | grep ed25519
	over "$plain&$key&known_hosts=$new" list
	[ $status -eq 0 ]
	[ "$(wc -l <"$new")" = 1 ]
	over "$plain&$key&known_hosts=/dev/null&known_hosts_verify=ignore" list
	[ $status -eq 0 ]
	over "$plain&$key&known_hosts_verify=never" list
	refused "known_hosts_verify 'never' is none of normal, auto, ignore"
}

@test "a changed key is refused, with the file and the line" {
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_TEST_TMPDIR/other"
	old=$BATS_TEST_TMPDIR/old
	printf '# first\n[127.0.0.1]:%s %s\n' "$SSHD_PORT" \
	    "$(cut -d' ' -f1,2 "$BATS_TEST_TMPDIR/other.pub")" >"$old"
	for how in normal auto; do
		over "$plain&$key&known_hosts=$old&known_hosts_verify=$how" list
		refused "THE KEY OF HOST '[127.0.0.1]:$SSHD_PORT' HAS CHANGED: $old:2"
	done
	[ "$(wc -l <"$old")" = 2 ]
}

@test "a revoked key is refused" {
	sed 's/^/@revoked /' "$SSHD_DIR/known_hosts" >"$BATS_TEST_TMPDIR/revoked"
	cat "$SSHD_DIR/known_hosts" >>"$BATS_TEST_TMPDIR/revoked"
	over "$plain&$key&known_hosts=$BATS_TEST_TMPDIR/revoked" list
	refused "IS REVOKED by $BATS_TEST_TMPDIR/revoked:1"
}

@test "hashed names, patterns, and what excludes" {
	known=$BATS_TEST_TMPDIR/known
	cp "$SSHD_DIR/known_hosts" "$known"
	ssh-keygen -q -H -f "$known" 2>&1
	! grep -q 127 "$known"
	over "$plain&$key&known_hosts=$known" list
	[ $status -eq 0 ]
	type_key=$(cut -d' ' -f1,2 "$SSHD_DIR/host_ed25519.pub")
	echo "[127.0.0.*]:$SSHD_PORT,other $type_key" >"$known"
	over "$plain&$key&known_hosts=$known" list
	[ $status -eq 0 ]
	# The address alone stands for any port, as with OpenSSH.
	echo "127.0.0.1 $type_key" >"$known"
	over "$plain&$key&known_hosts=$known" list
	[ $status -eq 0 ]
	echo "[*]:$SSHD_PORT,![127.0.0.1]:$SSHD_PORT $type_key" >"$known"
	over "$plain&$key&known_hosts=$known" list
	refused "is not in $known"
}

@test "the key that is known is the one that is asked for" {
	known=$BATS_TEST_TMPDIR/known
	echo "[127.0.0.1]:$SSHD_PORT $(cut -d' ' -f1,2 "$SSHD_DIR/host_ecdsa.pub")" >"$known"
	over "$plain&$key&known_hosts=$known" list
	[ $status -eq 0 ]
}

@test "the agent's key" {
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q "$SSHD_DIR/id_ed25519"
	over "$plain&$hosts&sshauth=agent" list
	kill "$SSH_AGENT_PID"
	echo "$output"
	[ $status -eq 0 ]
	same "$(xvsh list)"
	over "$plain&$hosts&sshauth=agent" list
	refused "agent: no connection to"
}

@test "each refused way is named" {
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_TEST_TMPDIR/bad"
	over "$plain&$hosts&keyfile=$BATS_TEST_TMPDIR/bad" list
	refused "authentication failed"
	has "agent: there is none (SSH_AUTH_SOCK is not set)"
	has "$BATS_TEST_TMPDIR/bad: refused by the host"
	over "$plain&$hosts&keyfile=$BATS_TEST_TMPDIR/nope" list
	refused "$BATS_TEST_TMPDIR/nope: No such file or directory"
	over "$plain&$hosts&keyfile=/etc/passwd" list
	refused "'/etc/passwd' is no private key"
	over "$plain&$hosts&sshauth=password" list
	refused "password: not accepted by the host"
	over "$plain&$hosts&sshauth=magic" list
	refused "sshauth 'magic' is none of"
}

@test "a passphrase without a terminal, and an RSA key: it says so" {
	ssh-keygen -q -t ed25519 -N secret -f "$BATS_TEST_TMPDIR/locked"
	over "$plain&$hosts&keyfile=$BATS_TEST_TMPDIR/locked" list
	refused "$BATS_TEST_TMPDIR/locked: it has a passphrase, and there is no terminal"
	ssh-keygen -q -t rsa -b 2048 -N '' -f "$BATS_TEST_TMPDIR/rsa"
	over "$plain&$hosts&keyfile=$BATS_TEST_TMPDIR/rsa" list
	[ $status -eq 1 ]
	has "$BATS_TEST_TMPDIR/rsa: "
	rsa_is_new || has "cannot use RSA keys (1.11 can), use test+ssh://"
}

# Since libssh2 1.11 it can.
rsa_is_new() {
	pkg-config --atleast-version=1.11 libssh2
}

# signed TYPE [PASSPHRASE]: $sign is a key that only its certificate lets in.
signed() {
	sign=$BATS_TEST_TMPDIR/$1
	ssh-keygen -q -t "$1" -N "${2:-}" -f "$sign"
	ssh-keygen -q -s "$SSHD_DIR/ca" -I test -n "$(id -un)" "$sign.pub"
}

@test "a certificate beside the key file, and one in the agent" {
	signed ecdsa
	over "$plain&$hosts&keyfile=$sign" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q "$sign"
	over "$plain&$hosts&sshauth=agent" list
	kill "$SSH_AGENT_PID"
	[ $status -eq 0 ]
	same "$(xvsh list)"
}

# certified FILES...: a configuration with the key and those certificates.
certified() {
	local file
	{
		cat "$SSHD_DIR/ssh_config"
		printf 'Host *\n\tIdentityFile %s\n' "$sign"
		printf '\tCertificateFile %s\n' "$@"
	} | sed "/IdentityFile.*id_ed25519/d" >"$BATS_TEST_TMPDIR/config"
	sshd_wrapper "$BATS_TEST_TMPDIR/ssh" "$BATS_TEST_TMPDIR/config"
	named="test+libssh2://target/default?command=$BATS_TEST_TMPDIR/ssh"
}

@test "a certificate that the configuration names" {
	cd "$BATS_TEST_TMPDIR"
	for type in ecdsa 'ecdsa secret'; do
		signed $type
		mv "$sign-cert.pub" elsewhere.pub
		# Another key's does not help, and is no certificate for this one.
		[ -f other ] || ssh-keygen -q -t ecdsa -N '' -f other
		ssh-keygen -q -s "$SSHD_DIR/ca" -I test -n "$(id -un)" other.pub
		certified "$PWD/other-cert.pub"
		over "$named" list
		refused "authentication failed"
		certified "$PWD/other-cert.pub" "$PWD/elsewhere.pub"
		if [ "$type" = ecdsa ]; then
			over "$named" list
		else
			run timeout 60 python3 "$TOP/tests/helpers/answer.py" \
			    "$XVSH" -c "$named" list -- "Passphrase" secret
			output=${output##*$': \r\n'}
			output=${output//$'\r'/}
		fi
		[ $status -eq 0 ]
		has running
		# It is known by the key itself where no other half lies beside.
		rm "$sign.pub"
		[ "$type" != ecdsa ] || over "$named" list
		[ $status -eq 0 ]
		rm -f "$sign"
	done
}

@test "one that is left out is told with -d 0, though the host let us in" {
	cp "$SSHD_DIR"/id_ed25519 "$SSHD_DIR"/id_ed25519.pub "$BATS_TEST_TMPDIR"
	sign=$BATS_TEST_TMPDIR/id_ed25519
	ssh-keygen -q -s "$SSHD_DIR/ca" -I test -n "$(id -un)" "$sign.pub"
	over "$plain&$hosts&keyfile=$sign" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
	run timeout 20 setsid -w "$XVSH" -d 0 -c "$plain&$hosts&keyfile=$sign" list
	[ $status -eq 0 ]
	has running
	rsa_is_new ||
	    has "$sign-cert.pub: libssh2 $(pkg-config --modversion libssh2) cannot use certificates of type ssh-ed25519-cert-v01@openssh.com"
}

@test "a certificate that libssh2 cannot use: it says so" {
	signed ed25519
	over "$plain&$hosts&keyfile=$sign" list
	if rsa_is_new; then
		[ $status -eq 0 ]
	else
		refused "$sign-cert.pub: libssh2 $(pkg-config --modversion libssh2) cannot use certificates of type ssh-ed25519-cert-v01@openssh.com, use test+ssh://"
		has "$sign: refused by the host"
		eval "$(ssh-agent -s)" >/dev/null
		ssh-add -q "$sign"
		over "$plain&$hosts&sshauth=agent" list
		kill "$SSH_AGENT_PID"
		refused "cannot use certificates of type ssh-ed25519-cert-v01@openssh.com"
	fi
}

@test "a host with an RSA key alone: the error names +ssh" {
	rsa="test+libssh2://$(id -un)@127.0.0.1:$RSA_PORT/default?command=$SSHD_DIR/plain-ssh"
	over "$rsa&$key&known_hosts=$RSA_DIR/known_hosts" list
	if rsa_is_new; then
		[ $status -eq 0 ]
	else
		refused "has RSA keys alone (rsa-sha2-512,rsa-sha2-256)"
		has "use test+ssh://"
	fi
}

@test "ProxyJump through the same sshd" {
	over "test+libssh2://jumped/default?command=$SSHD_DIR/ssh" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
	over "test+libssh2://jumped-badly/default?command=$SSHD_DIR/ssh" list
	refused "no ssh connection to '127.0.0.1'"
	# How ssh words that depends on who of the two is first.
	[[ $output == *"Connection closed"* || $output == *"Broken pipe"* ]]
}

@test "ProxyCommand, with its tokens" {
	over "test+libssh2://commanded/default?command=$SSHD_DIR/ssh" list
	[ $status -eq 0 ]
	same "$(xvsh list)"
	[ "$(cat "$SSHD_DIR/tokens")" = "127.0.0.1 $SSHD_PORT $(id -un) commanded %" ]
	over "test+libssh2://command-dies/default?command=$SSHD_DIR/ssh" list
	refused "no way to there"
}

@test "a user, a port and a key of the URI stand above the configuration" {
	over "test+libssh2://nobody-here@target/default?command=$SSHD_DIR/ssh" list
	refused "nobody-here@127.0.0.1 port $SSHD_PORT"
	over "test+libssh2://target:1/default?command=$SSHD_DIR/ssh" list
	refused "unable to connect to server at '127.0.0.1:1': Connection refused"
}

@test "a configuration that cannot be read is named" {
	sshd_wrapper "$BATS_TEST_TMPDIR/ssh" "$BATS_TEST_TMPDIR/config"
	echo "NoSuchThing yes" >"$BATS_TEST_TMPDIR/config"
	over "test+libssh2://target/default?command=$BATS_TEST_TMPDIR/ssh" list
	refused "cannot read the ssh configuration"
	has "terminating, 1 bad configuration options"
}

@test "a host that says nothing does not hang the caller" {
	python3 -c '
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1)
open(sys.argv[1], "w").write(str(s.getsockname()[1]))
time.sleep(40)' "$BATS_TEST_TMPDIR/port" 3>&- &
	pid=$!
	wait_for 20 test -s "$BATS_TEST_TMPDIR/port"
	silent="test+libssh2://127.0.0.1:$(cat "$BATS_TEST_TMPDIR/port")/default?command=$SSHD_DIR/plain-ssh"
	start=$SECONDS
	run timeout 20 setsid -w "$XVSH" --timeout 1 -c "$silent" list </dev/null
	kill $pid
	refused "no answer within 1 seconds: waited for the ssh handshake"
	[ $((SECONDS - start)) -lt 10 ]
}

@test "what the target says last is in the error" {
	over "$ssh2&proxy=netcat&netcat=no-such-netcat" list
	refused "no helper on the target, tried: no-such-netcat"
}

@test "questions on a terminal: the host, a passphrase, and their end" {
	ssh-keygen -q -t ed25519 -N secret -f "$BATS_TEST_TMPDIR/locked"
	cat "$BATS_TEST_TMPDIR/locked.pub" >>"$SSHD_DIR/authorized_keys"
	run timeout 60 python3 "$TOP/tests/helpers/ask.py" "$XVSH" \
	    "$plain&keyfile=$BATS_TEST_TMPDIR/locked&known_hosts=$BATS_TEST_TMPDIR/asked"
	echo "$output"
	[ $status -eq 0 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/asked")" = 1 ]
}
