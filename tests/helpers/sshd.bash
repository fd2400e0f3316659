# SPDX-License-Identifier: LGPL-2.1-or-later
# A real sshd on loopback, for the user who runs the tests, with its own keys;
# `ssh_config` is what a client needs to reach it as host "target".

# sshd_start DIR [LINES...]: LINES begin its sshd_config; what comes first is
# what holds. With a SetEnv what is run there has DIR for a home, so that no file
# of the user's is read by its shell. SSHD_END is what ends the file (Match),
# SSHD_PROGRAM another name of the program, which is that of its PAM service.
sshd_start() {
	local dir=$1 line
	shift
	mkdir -p "$dir"
	chmod 700 "$dir"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host_ed25519"
	ssh-keygen -q -t ecdsa -N '' -f "$dir/host_ecdsa"
	[ -f "$dir/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/id_ed25519"
	cp "$dir/id_ed25519.pub" "$dir/authorized_keys"
	SSHD_PORT=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	for line in "$@"; do
		case $line in
		SetEnv*) line+=" HOME=$dir" ;;
		esac
		printf '%s\n' "$line"
	done >"$dir/sshd_config"
	cat >>"$dir/sshd_config" <<-EOF
	Port $SSHD_PORT
	ListenAddress 127.0.0.1
	HostKey $dir/host_ed25519
	HostKey $dir/host_ecdsa
	PidFile $dir/sshd.pid
	AuthorizedKeysFile $dir/authorized_keys
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	PermitRootLogin yes
	MaxStartups 100
	Subsystem sftp internal-sftp
	EOF
	printf '%s\n' "${SSHD_END:-}" >>"$dir/sshd_config"
	mkdir -p /run/sshd
	"${SSHD_PROGRAM:-/usr/sbin/sshd}" -f "$dir/sshd_config" -E "$dir/sshd.log"
	printf '[127.0.0.1]:%s %s\n' "$SSHD_PORT" \
	    "$(cut -d' ' -f1,2 "$dir/host_ed25519.pub")" >"$dir/known_hosts"
	cat >"$dir/ssh_config" <<-EOF
	Host target
		HostName 127.0.0.1
		Port $SSHD_PORT
		User $(id -un)
		IdentityFile $dir/id_ed25519
		IdentitiesOnly yes
		UserKnownHostsFile $dir/known_hosts
		GlobalKnownHostsFile /dev/null
		StrictHostKeyChecking yes
	Host jumped
		ProxyJump target
	Host jumped-badly
		ProxyJump $(id -un)@nobody
	Host nobody
		ProxyCommand /nonexistent/way
	Host commanded
		ProxyCommand $dir/proxy %h %p %r %n %%
	Host command-dies
		ProxyCommand sh -c 'echo "no way to there" >&2; exit 1'
	Host jumped jumped-badly commanded command-dies
		HostName 127.0.0.1
		Port $SSHD_PORT
		User $(id -un)
		IdentityFile $dir/id_ed25519
		IdentitiesOnly yes
		UserKnownHostsFile $dir/known_hosts
		GlobalKnownHostsFile /dev/null
	EOF
	# A way to there that notes how it was called.
	printf '#!/bin/sh\necho "$@" >%s/tokens\nexec nc "$1" "$2"\n' "$dir" \
	    >"$dir/proxy"
	chmod +x "$dir/proxy"
	# A program that stands for ssh with this configuration.
	sshd_wrapper "$dir/ssh" "$dir/ssh_config"
	wait_for 10 test -s "$dir/sshd.pid"
}

# sshd_wrapper FILE CONFIG: make FILE an ssh that reads that configuration.
sshd_wrapper() {
	printf '#!/bin/sh\nexec ssh -F %s "$@"\n' "$2" >"$1"
	chmod +x "$1"
}

# sshd_start_rsa DIR: one whose host key is RSA alone, on RSA_PORT.
sshd_start_rsa() {
	local dir=$1
	mkdir -p "$dir"
	chmod 700 "$dir"
	ssh-keygen -q -t rsa -b 2048 -N '' -f "$dir/host_rsa"
	cp "$SSHD_DIR/authorized_keys" "$dir/authorized_keys"
	RSA_PORT=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	sed -e "s,^Port .*,Port $RSA_PORT," -e '/host_ecdsa/d' \
	    -e 's,host_ed25519,host_rsa,' -e "s,$SSHD_DIR/,$dir/,g" \
	    "$SSHD_DIR/sshd_config" >"$dir/sshd_config"
	/usr/sbin/sshd -f "$dir/sshd_config" -E "$dir/sshd.log"
	printf '[127.0.0.1]:%s %s\n' "$RSA_PORT" \
	    "$(cut -d' ' -f1,2 "$dir/host_rsa.pub")" >"$dir/known_hosts"
	wait_for 10 test -s "$dir/sshd.pid"
}

sshd_stop() {
	[ -s "$1/sshd.pid" ] && kill "$(cat "$1/sshd.pid")" 2>/dev/null
	return 0
}
