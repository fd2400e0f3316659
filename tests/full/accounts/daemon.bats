#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who is not root: refused by root's daemon, and by the Xen hypervisor.

load ../../helpers/common

@test "a client of another user is refused, even where the socket lets it in" {
	cd "$BATS_TEST_TMPDIR"
	run python3 - "$VIRTD" <<-'END'
	import os, socket, subprocess, sys, tempfile
	with tempfile.TemporaryDirectory(prefix="xvsh") as where:
	    os.chmod(where, 0o755)
	    path = where + "/sock"
	    s = socket.socket(socket.AF_UNIX)
	    s.bind(path)
	    os.chmod(path, 0o777)
	    s.listen(5)
	    read, write = os.pipe()
	    daemon = os.fork()
	    if daemon == 0:
	        os.dup2(write, 2)
	        os.dup2(s.fileno(), 3)
	        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
	        os.execv(sys.argv[1], [sys.argv[1], "--listen"])
	    stranger = os.fork()
	    if stranger == 0:
	        os.setuid(65534)
	        c = socket.socket(socket.AF_UNIX)
	        c.settimeout(10)
	        c.connect(path)
	        os._exit(0 if c.recv(1) == b"" else 1)
	    assert os.waitpid(stranger, 0)[1] == 0
	    assert b"refused a client of user 65534" in os.read(read, 1000)
	    os.kill(daemon, 15)
	    assert os.waitpid(daemon, 0)[1] == 0
	END
	echo "$output"
	[ $status -eq 0 ]
}

@test "without root's rights the Xen hypervisor is refused at once" {
	work=$(mktemp -d /tmp/xvshXXXXXX)
	chmod 755 "$work"
	cp -r "$VIRTD" "$work"
	run timeout 10 runuser -u nobody -- "$work/virtd" --stdio xen:/// </dev/null
	rm -r "$work"
	[ $status -eq 1 ]
	same "virtd: operation forbidden: only root may use the Xen hypervisor: run virtd as root"
}
