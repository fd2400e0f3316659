#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The prompt in a real terminal (tmux).

load helpers/common

setup() {
	SOCK=$BATS_TEST_TMPDIR/tmux
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

teardown() {
	tmux -S "$SOCK" kill-server 2>/dev/null || true
}

# start ARGUMENTS...: the shell in a terminal of 100 by 40.
start() {
	# Each start has a server of its own: the last one may still be ending.
	SOCK=$BATS_TEST_TMPDIR/tmux-$((++starts))
	tmux -S "$SOCK" -f /dev/null new-session -d -s t -x 100 -y 40 \
	    "env HOME=$HOME LC_ALL=C.UTF-8 XDG_STATE_HOME=$XDG_STATE_HOME VISUAL=$VISUAL $XVSH $*; echo LEFT \$?; sleep 60"
	wait_for 10 sees "xvsh [#>]"
}

keys() {
	tmux -S "$SOCK" send-keys -t t "$@"
}

screen() {
	tmux -S "$SOCK" capture-pane -p -J -S - -t t
}

sees() {
	screen | grep -q -- "$1"
}

shows() {
	wait_for 10 sees "$1" || { echo "no '$1' in:"; screen; return 1; }
}

@test "completion: commands, options, domains in the right state" {
	start -c test:///default
	keys 'domsta' Tab
	shows 'xvsh # domstat'
	keys Tab Tab
	shows domstats
	keys C-u 'domstate te' Tab Enter
	shows running
	keys 'domstate test --re' Tab Enter
	shows 'running (unknown)'
	# test is running: start has nothing to offer
	keys 'start ' Tab Tab 'x' C-u
	keys 'help domif' Tab Tab
	shows domif-getlink
}

@test "completion of enumerations and files" {
	start -c test:///default
	keys 'set-lifecycle-action test po' Tab 'des' Tab
	shows 'poweroff destroy'
	keys C-u
	touch "$BATS_TEST_TMPDIR/some-file.xml"
	keys "define $BATS_TEST_TMPDIR/some-f" Tab
	shows some-file.xml
}

@test "history lasts from one start to the next" {
	start -c test:///default
	keys 'echo remembered-words' Enter
	shows '^remembered-words'
	keys 'quit' Enter
	shows LEFT
	teardown
	start -c test:///default
	keys Up Up
	shows 'xvsh # echo remembered-words'
	[ "$(stat -c %a "$XDG_STATE_HOME/xvsh/history")" = 600 ]
}

@test "Ctrl-C at the prompt clears the line, Ctrl-D leaves" {
	start -c test:///default
	keys 'destroy test'
	shows 'destroy test'
	keys C-c
	keys 'domstate test' Enter
	shows '^running'
	keys C-d
	shows 'LEFT 0'
}

@test "Ctrl-C in a command gives up waiting, the shell lives" {
	start -c test:///default
	keys 'event --loop --all' Enter
	sleep 0.5
	keys C-c
	keys 'echo alive' Enter
	shows '^alive'
}

@test "a resize does no harm" {
	start -c test:///default
	keys 'echo one two'
	tmux -S "$SOCK" resize-window -t t -x 60 -y 20
	sleep 0.2
	keys ' three' Enter
	shows '^one two three'
}

@test "a paste of 200 lines runs all of them" {
	start -q -c test:///default
	for i in $(seq 200); do echo "echo pasted-$i"; done >"$BATS_TEST_TMPDIR/paste"
	tmux -S "$SOCK" load-buffer "$BATS_TEST_TMPDIR/paste"
	tmux -S "$SOCK" paste-buffer -p -t t
	keys Enter
	shows 'pasted-200'
}

@test "UTF-8 is typed and shown" {
	start -c test:///default
	keys -l 'echo grüße 中文'
	keys Enter
	shows '^grüße 中文'
}

@test "read-only has its own prompt" {
	start -r -c test:///default
	shows 'xvsh >'
	keys 'destroy test' Enter
	shows 'read only access prevents virDomainDestroy'
}

@test "edit asks again and keeps the text" {
	printf '#!/bin/sh\necho "<broken" >"$1"\n' >"$BATS_TEST_TMPDIR/ed"
	chmod +x "$BATS_TEST_TMPDIR/ed"
	VISUAL=$BATS_TEST_TMPDIR/ed start -c test:///default
	keys 'edit test' Enter
	shows 'Try again?'
	keys n
	keys 'domstate test' Enter
	shows '^running'
}

@test "a dead helper: the shell says so and connects again" {
	start -c "'test+ext:///default?command=$VIRTD'"
	keys 'domstate test' Enter
	shows '^running'
	pkill -P "$(pgrep -f "^$XVSH -c test.ext.*command=$VIRTD")" virtd
	keys 'domstate test' Enter
	shows 'Disconnected from'
	keys 'echo again; domuuid test' Enter
	shows 'Reconnected to the hypervisor'
	shows '6695eb01'
}
