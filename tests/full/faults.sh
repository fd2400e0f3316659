#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults in the middle of calls, by a fixed seed; FAULTS is their number.
set -u
BATS_TEST_TMPDIR=$(mktemp -d)
. "$TOP/tests/helpers/common.bash"
. "$TOP/tests/helpers/sshd.bash"
export SSHD_DIR=$BATS_TEST_TMPDIR/sshd
mkdir "$BATS_TEST_TMPDIR/bin"
printf '#!/bin/sh\necho $$ >$ROUND/pid\nexec $ROUND/virtd "$@"\n' \
    >"$BATS_TEST_TMPDIR/bin/virtd"
chmod +x "$BATS_TEST_TMPDIR/bin/virtd"
trap 'sshd_stop "$SSHD_DIR"; rm -rf "$BATS_TEST_TMPDIR"' EXIT
trap 'exit 1' TERM
sshd_start "$SSHD_DIR" "SetEnv PATH=$BATS_TEST_TMPDIR/bin:/usr/bin:/bin" \
    "AcceptEnv ROUND"
python3 "$TOP/tests/full/faults.py" "$XVSH" "$VIRTD" "${FAULTS:-100}" "$@"
