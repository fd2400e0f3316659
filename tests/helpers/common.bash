# SPDX-License-Identifier: LGPL-2.1-or-later
# What every Bats file needs: the programs, a directory, a clean environment.

TOP=${TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
export BUILD=${BUILD:-$TOP/build}
XVSH=${XVSH:-$BUILD/xvsh}
VIRTD=$BUILD/virtd
export LC_ALL=C.UTF-8 HOME=$BATS_TEST_TMPDIR
unset XVSH_DEFAULT_URI VIRSH_DEFAULT_CONNECT_URI LIBVIRT_DEFAULT_URI \
    XVSH_OUTPUT XVSH_DEBUG XVSH_LOG_FILE XDG_CONFIG_HOME XDG_STATE_HOME \
    XDG_RUNTIME_DIR

# xvsh ARGUMENTS: on the built-in test hypervisor, under a limit.
xvsh() {
	timeout 20 "$XVSH" -c test:///default "$@"
}

# same FILE_OR_TEXT: the output of `run` is that text.
same() {
	if [ "$output" != "$1" ]; then
		diff <(printf '%s\n' "$1") <(printf '%s\n' "$output")
		return 1
	fi
}

# has TEXT: the output of `run` contains it.
has() {
	case $output in
	*"$1"*) return 0 ;;
	esac
	echo "expected to find: $1"
	echo "in: $output"
	return 1
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}
