#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# `lab try' as a user has it, at a terminal: its shell, and that nothing of it is
# left, however it ends. Hosts of its own, in a place of its own.

load ../helpers/common

setup() {
	labs=$BATS_TEST_TMPDIR/labs
	tmux=$BATS_TEST_TMPDIR/tmux
	screen=$BATS_TEST_TMPDIR/screen
	mkdir "$labs"
	printf "PS1='own\\$ '\nPATH=/usr/bin:/bin\n" >"$HOME/.bashrc"
	export LAB_IMAGE=${LAB_IMAGE:-$BUILD/lab/image}
	"$BATS_TEST_DIRNAME/image.sh" "$BUILD/lab/image" 3>&-
}

teardown() {
	tmux -S "$tmux" kill-server || true
	LAB_DIR=$labs "$BATS_TEST_DIRNAME/lab" down
}

# try [HOSTS]: in a terminal; its status is printed at the end.
try() {
	(cd "$TOP" && LAB_DIR=$labs tmux -S "$tmux" -f /dev/null new-session \
	    -d -x 150 -y 50 "tests/lab/lab try $*; echo STATUS \$?; read x" 3>&-)
	pid=$(tmux -S "$tmux" list-panes -F '#{pane_pid}')
}

type_() {
	tmux -S "$tmux" send-keys "$1" Enter
}

shows() {
	tmux -S "$tmux" capture-pane -p >"$screen"
	grep -q -- "$1" "$screen"
}

# shown SECONDS TEXT: the terminal does so before long.
shown() {
	wait_for $(($1 * ${LAB_SLOW:-1})) shows "$2" && return
	grep . "$screen"
	return 1
}

running() {
	pgrep -f "^qemu-system-x86_64 -name xvsh-lab-lab[12] " |
	    while read -r p; do
		[ "$(readlink "/proc/$p/cwd")" != "$labs/$1" ] || echo "$p"
	    done | grep -q .
}

# Small files stay for who wants to read what went wrong.
nothing_left() {
	! running lab1 && ! running lab2 && ! pgrep -f "$labs/" &&
	    [ -z "$(find "$labs" -type s -o -name 'rc.*' -o -name pid \
	    -o -name data.img)" ]
}

# bats test_tags=long
@test "a shell beside two hosts, which know each other" {
	try 2
	shown 180 '^lab\$'
	type_ 'clear; xvsh -c xen+ssh://root@lab2/ list; echo "DONE 1"'
	shown 60 '^DONE 1'
	grep -q ' 0    Domain-0   running' "$screen"
	type_ 'clear; ssh root@lab1 busybox ping -c 1 192.168.77.2; echo "DONE 2"'
	shown 60 '^DONE 2'
	grep -q '1 packets received' "$screen"
	type_ "clear; xvsh -c xen+ssh://root@lab1/ 'create tests/lab/guests/idle.xml; list'; echo 'DONE 3'"
	shown 60 '^DONE 3'
	grep -q ' 1    idle       running' "$screen"
	# A second one must not touch what the first has.
	run env LAB_DIR="$labs" timeout 20 "$BATS_TEST_DIRNAME/lab" try 1
	[ $status -ne 0 ]
	has 'host "lab1" is running already'
	running lab1
	type_ exit
	shown 30 'STATUS 0'
	wait_for 20 nothing_left
}

# bats test_tags=long
@test "interrupted while it boots, it leaves nothing" {
	try
	wait_for 30 running lab1
	tmux -S "$tmux" send-keys C-c
	shown 30 'STATUS 130'
	wait_for 20 nothing_left
}

# bats test_tags=long
@test "with its terminal gone, it leaves nothing" {
	try
	shown 180 '^lab\$'
	tmux -S "$tmux" kill-server
	wait_for 20 nothing_left
}

# Nobody is left to clear up but the host's own keeper, which ends it.
# bats test_tags=long
@test "killed, no host is left" {
	try
	wait_for 30 running lab1
	kill -KILL "$(pgrep -P "$pid" -f 'lab try')"
	wait_for 20 nothing_left
}
