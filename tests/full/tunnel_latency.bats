#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# On a link of 100 ms: how many round trips a command takes beside ssh's own.
# They are counted on the link, since times depend on how busy a machine is.

load ../helpers/common
load ../helpers/sshd

setup_file() {
	load ../helpers/common
	load ../helpers/sshd
	local dir=$BATS_FILE_TMPDIR
	sshd_start "$dir/sshd" "SetEnv PATH=$dir:$BUILD:/usr/bin:/bin"
	# What stock virsh runs on the target.
	ln -s "$VIRTD" "$dir/virt-ssh-helper"
	printf 'Host target\n\tProxyCommand env SLOW_LINK_LOG=%s %s 50 127.0.0.1 %s\n' \
	    "$dir/log" "$TOP/tests/tools/slow-link" "$SSHD_PORT" \
	    >>"$dir/sshd/ssh_config"
	python3 - >"$dir/node.xml" <<-'END'
	print("<node>")
	for i in range(100):
	    print("<domain type='test'><name>dom%d</name><memory>8192</memory>"
	          "<os><type>hvm</type></os></domain>" % i)
	print("</node>")
	END
	export uri="test+ssh://target$dir/node.xml?command=$dir/sshd/ssh"
	# Now and then two of ssh's meet on the way, and count as one.
	base=0
	for i in 1 2 3; do
		n=$(trips ssh -F "$dir/sshd/ssh_config" target true)
		[ "$n" -le "$base" ] || base=$n
	done
	export base
	echo "# round trips: ssh target true $base" >&3
}

teardown_file() {
	[ ! -S "$BATS_FILE_TMPDIR"/run/xvsh/*-* ] ||
	    ssh -S "$BATS_FILE_TMPDIR"/run/xvsh/*-* -O exit x 2>/dev/null
	load ../helpers/sshd
	sshd_stop "$BATS_FILE_TMPDIR/sshd"
}

# trips COMMAND...: run it and say how many round trips it took.
trips() {
	: >"$BATS_FILE_TMPDIR/log"
	timeout 60 "$@" >"$BATS_FILE_TMPDIR/said" 2>&1 || return 1
	wc -l <"$BATS_FILE_TMPDIR/log"
}

@test "list --all of 100 domains takes no round trip more than ssh itself" {
	took=$(trips "$XVSH" -c "$uri" list --all)
	echo "# xvsh list --all $took; stock virsh" \
	    "$(trips virsh -c "$uri&proxy=native" list --all)" >&3
	[ "$(trips "$XVSH" -c "$uri" list --all)" -gt 0 ]
	[ "$(grep -c dom "$BATS_FILE_TMPDIR/said")" -eq 100 ]
	[ "$took" -le "$base" ]
}

@test "dominfo takes at most one round trip more" {
	took=$(trips "$XVSH" -c "$uri" dominfo dom1)
	echo "# xvsh dominfo $took; stock virsh" \
	    "$(trips virsh -c "$uri&proxy=native" dominfo dom1)" >&3
	[ "$took" -le $((base + 1)) ]
}

# kept_trips COMMAND...: the same over a connection that is there, at best. What
# ends a channel is sent behind the command that had it, who does not wait.
kept_trips() {
	local n least=999 i
	for i in 1 2 3; do
		sleep 0.5
		n=$(trips "$@") || return 1
		[ "$n" -ge "$least" ] || least=$n
	done
	echo "$least"
}

@test "with a connection that is kept both take at most 4 round trips in all" {
	export XDG_RUNTIME_DIR=$BATS_FILE_TMPDIR/run XVSH_SSH_PERSIST=60
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	first=$(trips "$XVSH" -c "$uri" domid dom1)
	list=$(kept_trips "$XVSH" -c "$uri" list --all)
	[ "$(grep -c dom "$BATS_FILE_TMPDIR/said")" -eq 100 ]
	info=$(kept_trips "$XVSH" -c "$uri" dominfo dom1)
	grep -q '^UUID:' "$BATS_FILE_TMPDIR/said"
	echo "# kept: first command $first, then list --all $list, dominfo $info" >&3
	[ "$first" -le $((base + 1)) ]
	[ "$list" -ge 1 ]
	[ "$list" -le 4 ]
	[ "$info" -le 4 ]
}
