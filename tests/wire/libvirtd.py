# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real libvirtd of one's own, in a directory of its own, unprivileged: as
root it runs as nobody, so that nothing of the machine's is touched."""

import os
import shutil
import subprocess
import tempfile
import time

NOBODY = 65534
START_TIMEOUT = 10.0

CONF = """unix_sock_dir = "%s"
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "3:file:%s/log"
"""


class Libvirtd:
    """Used with `with`; socket is its path. more: lines of its
    configuration."""

    def __init__(self, more=""):
        self.more = more

    def __enter__(self):
        self.where = tempfile.mkdtemp(prefix="wire-")
        self.socket = os.path.join(self.where, "libvirt-sock")
        conf = os.path.join(self.where, "libvirtd.conf")
        with open(conf, "w", encoding="utf-8") as stream:
            stream.write(CONF % (self.where, self.where) + self.more)
        xdg = ("RUNTIME_DIR", "CONFIG_HOME", "CACHE_HOME", "DATA_HOME",
               "STATE_HOME")
        env = {"XDG_" + name: self.where for name in xdg}
        env.update(HOME=self.where, PATH=os.defpath + ":/usr/sbin:/sbin")
        other = {}
        if os.geteuid() == 0:
            os.chown(self.where, NOBODY, NOBODY)
            other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.process = subprocess.Popen(
            ["libvirtd", "-f", conf], env=env, cwd="/", **other)
        end = time.monotonic() + START_TIMEOUT
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError("libvirtd does not start")
            time.sleep(0.02)
        return self

    def __exit__(self, *reason):
        self.process.terminate()
        try:
            self.process.wait(START_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.where, ignore_errors=True)
