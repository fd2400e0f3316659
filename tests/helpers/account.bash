# SPDX-License-Identifier: LGPL-2.1-or-later
# Throw-away accounts for tests that root runs; sshd.bash is needed too.

# account_add NAME DIR: an account whose home is DIR/NAME, without a password
# (but not locked: sshd refuses those), and the key DIR/NAME.key to log in with.
account_add() {
	local name=$1 dir=$2
	useradd -M -d "$dir/$name" -s /bin/sh -p '*' "$name"
	mkdir -p "$dir/$name/.ssh"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/$name.key"
}

# account_place: WORK, a directory that every account can enter, with virtd in
# a place that is root's, as /usr/lib is.
account_place() {
	export WORK
	WORK=$(mktemp -d /tmp/xvshXXXXXX)
	chmod 755 "$WORK"
	mkdir "$WORK/lib"
	cp -r "$VIRTD" "$BUILD/xvm" "$WORK/lib"
}

# account_remove NAME: with whatever it still runs.
account_remove() {
	local pids
	getent passwd "$1" >/dev/null || return 0
	pids=$(ps -o pid= -u "$1") || pids=
	[ -z "$pids" ] || kill -KILL $pids 2>/dev/null || true
	userdel "$1"
}

# account_name NAME: one of this run.
account_name() {
	echo "xvsh-$$-$1"
}

# account_sweep: away with what runs left that were killed.
account_sweep() {
	local name
	for name in $(getent passwd | grep -oE '^xvsh-[0-9]+-[a-z]*'); do
		kill -0 "$(echo "$name" | cut -d- -f2)" 2>/dev/null ||
		    account_remove "$name"
	done
	for name in $(getent group | grep -oE '^xvsh-[0-9]+-[a-z-]*'); do
		kill -0 "$(echo "$name" | cut -d- -f2)" 2>/dev/null ||
		    groupdel "$name"
	done
	for name in /etc/sudoers.d/xvsh-*-* /etc/pam.d/xvsh-*-*; do
		[ -e "$name" ] || continue
		kill -0 "$(basename "$name" | cut -d- -f2)" 2>/dev/null ||
		    rm -f "$name"
	done
}
