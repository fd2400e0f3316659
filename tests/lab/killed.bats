#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# One of our processes killed in the middle of an operation: afterwards the
# domain is wholly there or wholly gone, its file can be read, the command can
# be repeated, nothing is left. LAB_SEED chooses the moments.

load ../helpers/common
load lab

setup_file() {
	load ../helpers/common
	load lab
	lab_clean
	timeout 60 "$LAB" ssh "$LAB_NAME" 'cat >/tmp/killed.sh' \
	    <"$TOP/tests/lab/killed.sh" 3>&-
	dom0 'bash /tmp/killed.sh measure'
}

teardown_file() {
	load ../helpers/common
	load lab
	lab_clean
	dom0 'xvsh undefine killed; xvsh undefine killed2
	    rm -rf /data/killed /tmp/killed.sh; true'
}

# kill_at OPERATION VICTIM PERCENT
kill_at() {
	local said
	if said=$(timeout $((400 * slow)) "$LAB" ssh "$LAB_NAME" \
	    "bash /tmp/killed.sh point $*" </dev/null 3>&-); then
		echo "# $said" >&3
		states+=("${said##* }")
	else
		failures+=("$*: $said")
		echo "# FAILED $*: $said" >&3
	fi
}

none_failed() {
	[ ${#failures[@]} -eq 0 ] ||
	    { printf '%s\n' "${failures[@]}"; return 1; }
}

# bats test_tags=long
@test "killed at 5 points: wholly there or wholly gone, nothing left" {
	failures=() states=()
	kill_at create builder 40
	kill_at start client 50
	kill_at destroy helper 50
	kill_at destroy builder 40
	kill_at rename rename,renameat,renameat2:2 0
	none_failed
}

# bats test_tags=long
@test "killed at 50 points" {
	failures=() states=()
	RANDOM=${LAB_SEED:-1}
	for what in create:builder create:builder create:builder \
	    create:builder create:client create:helper create:watcher \
	    start:builder start:builder start:builder start:client \
	    start:helper start:watcher destroy:builder destroy:builder \
	    destroy:client destroy:helper destroy:watcher; do
		kill_at ${what%:*} ${what#*:} $((RANDOM % 100))
		kill_at ${what%:*} ${what#*:} $((RANDOM % 100))
	done
	for victim in client helper builder; do
		kill_at shutdown $victim $((RANDOM % 100))
	done
	kill_at define client $((RANDOM % 100))
	kill_at define helper $((RANDOM % 100))
	kill_at define fsync:1 0
	kill_at define rename,renameat,renameat2:1 0
	kill_at undefine unlink,unlinkat:1 0
	kill_at undefine unlink,unlinkat:3 0
	kill_at rename symlink,symlinkat:1 0
	kill_at rename fsync:1 0
	kill_at rename rename,renameat,renameat2:1 0
	kill_at rename rename,renameat,renameat2:2 0
	kill_at rename unlink,unlinkat:1 0
	echo "# $(printf '%s\n' "${states[@]}" | sort | uniq -c |
	    tr '\n' ' ')" >&3
	none_failed
}
