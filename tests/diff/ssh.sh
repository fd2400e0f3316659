#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# ssh.sh ssh|libssh2 ARGUMENTS: run.py with xvsh speaking through that transport
# to a real sshd on loopback, which runs virtd. With libssh2 each process logs
# in anew; with ssh those of every third case do, the others share a connection
# that is kept (XVSH_SSH_PERSIST), which takes half the time.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
transport=$1
shift
BATS_TEST_TMPDIR=$(mktemp -d /tmp/xvshXXXXXX)
dir=$BATS_TEST_TMPDIR/sshd
. "$top/tests/helpers/common.bash"
. "$top/tests/helpers/sshd.bash"

end() {
	local s
	sshd_stop "$dir"
	for s in "$BATS_TEST_TMPDIR"/run/xvsh/*-*; do
		[ ! -S "$s" ] || ssh -S "$s" -O exit x 2>/dev/null || true
	done
	rm -rf "$BATS_TEST_TMPDIR"
}
trap end EXIT
trap 'exit 1' HUP INT TERM
# The other end has the surroundings that a helper started here would have, and
# agrees on keys in the way that costs both least.
sshd_start "$dir" "KexAlgorithms curve25519-sha256" \
    "SetEnv PATH=$BUILD:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C.UTF-8 TZ=UTC${LD_LIBRARY_PATH:+ LD_LIBRARY_PATH=$LD_LIBRARY_PATH}"
kept=()
if [ "$transport" = ssh ]; then
	mkdir -m 700 "$BATS_TEST_TMPDIR/run"
	kept=(--b-env "XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run"
	    --b-env XVSH_SSH_PERSIST=60 --b-env-not 3)
fi
python3 "$top/tests/diff/run.py" "$@" "${kept[@]}" --patience 5 \
    --b-uri-map "test://*=test+$transport://target*?command=$dir/ssh"
