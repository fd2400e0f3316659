# SPDX-License-Identifier: LGPL-2.1-or-later
# A real sshd on loopback, for the user who runs the tests, with its own keys;
# `ssh_config` is what a client needs to reach it as host "target".

# sshd_start DIR [LINES...]: LINES are added to sshd_config.
sshd_start() {
	local dir=$1 line
	shift
	mkdir -p "$dir"
	chmod 700 "$dir"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host_ed25519"
	[ -f "$dir/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/id_ed25519"
	cp "$dir/id_ed25519.pub" "$dir/authorized_keys"
	SSHD_PORT=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	cat >"$dir/sshd_config" <<-EOF
	Port $SSHD_PORT
	ListenAddress 127.0.0.1
	HostKey $dir/host_ed25519
	PidFile $dir/sshd.pid
	AuthorizedKeysFile $dir/authorized_keys
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	PermitRootLogin yes
	MaxStartups 100
	Subsystem sftp internal-sftp
	EOF
	for line in "$@"; do
		printf '%s\n' "$line" >>"$dir/sshd_config"
	done
	mkdir -p /run/sshd
	/usr/sbin/sshd -f "$dir/sshd_config" -E "$dir/sshd.log"
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
	EOF
	# A program that stands for ssh with this configuration.
	printf '#!/bin/sh\nexec ssh -F %s "$@"\n' "$dir/ssh_config" >"$dir/ssh"
	chmod +x "$dir/ssh"
	wait_for 10 test -s "$dir/sshd.pid"
}

sshd_stop() {
	[ -s "$1/sshd.pid" ] && kill "$(cat "$1/sshd.pid")" 2>/dev/null
	return 0
}
