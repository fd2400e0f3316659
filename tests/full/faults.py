#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults in the middle of calls, by a fixed seed: helper or client killed, the
stream cut or garbled. Prints TAP; nothing may be left and every error says why.

usage: faults.py XVSH VIRTD [ROUNDS [SEED]]"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

XVSH, VIRTD = map(os.path.abspath, sys.argv[1:3])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 100
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 20080303

SCRIPT = ('list --all; dominfo test; suspend test; domstate test; resume test; '
          'dumpxml test; domstats; capabilities; nodeinfo; vcpuinfo test; '
          'setmem test 1048576; desc test words; list --title')

# Between client and helper: passes bytes on until the fault.
RELAY = '''
import os, subprocess, sys, threading
virtd, kind, way, at = sys.argv[1:5]
at = int(at)
p = subprocess.Popen([virtd], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def pump(src, dst, faulty):
    seen = 0
    while True:
        data = os.read(src, 65536)
        if not data:
            break
        if faulty and seen <= at < seen + len(data):
            if kind == 'cut':
                p.kill()
                os._exit(0)
            data = bytearray(data)
            data[at - seen] ^= 0x41
        seen += len(data)
        try:
            os.write(dst, data)
        except OSError:
            break
    os.close(dst)
t = threading.Thread(target=pump, daemon=True,
                     args=(0, p.stdin.fileno(), way == 'out'))
t.start()
pump(p.stdout.fileno(), 1, way == 'in')
p.kill()
os._exit(0)
'''


def processes(mark):
    """Running processes whose command line names the directory."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/cmdline' % pid, 'rb') as f:
                if mark.encode() in f.read() and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def one(rnd, directory, env):
    """A round; returns what is wrong, or None."""
    kind = rnd.choice(['kill-helper', 'kill-client', 'cut', 'garble'])
    helper = os.path.join(directory, 'helper')
    delay = rnd.uniform(0.0, 0.06)
    way, at = rnd.choice(['in', 'out']), rnd.randrange(0, 4000)
    with open(helper, 'w') as f:
        if kind in ('cut', 'garble'):
            f.write('#!/bin/sh\nexec %s %s %s %s %s %d\n'
                    % (sys.executable, os.path.join(directory, 'relay.py'),
                       os.path.join(directory, 'virtd'), kind, way, at))
        else:
            f.write('#!/bin/sh\necho $$ >%s/pid\nexec %s/virtd\n'
                    % (directory, directory))
    os.chmod(helper, 0o755)
    client = subprocess.Popen(
        [XVSH, '--timeout', '5', '-c',
         'test+ext:///default?command=' + helper, SCRIPT],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    if kind.startswith('kill'):
        time.sleep(delay)
        try:
            if kind == 'kill-client':
                client.kill()
            else:
                with open(os.path.join(directory, 'pid')) as f:
                    os.kill(int(f.read()), signal.SIGKILL)
        except (OSError, ValueError):
            pass            # not there yet, or no longer
    what = '%s delay %.3f %s %d' % (kind, delay, way, at)
    try:
        _, err = client.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        client.kill()
        client.communicate()
        return what + ': the client hangs'
    if client.returncode not in (0, 1) and kind != 'kill-client':
        return '%s: status %d, %s' % (what, client.returncode, err[-300:])
    if client.returncode == 1 and b'error: ' not in err:
        return what + ': no reason given'
    if any(c < 32 and c != 10 for c in err.replace(b'\t', b'')):
        return '%s: control characters in %r' % (what, err[-200:])
    for _ in range(60):
        left = processes(directory)
        if not left:
            break
        time.sleep(0.1)
    else:
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return '%s: %d processes are left' % (what, len(left))
    return None


def main():
    rnd = random.Random(SEED)
    wrong = []
    with tempfile.TemporaryDirectory() as directory:
        os.symlink(VIRTD, os.path.join(directory, 'virtd'))
        with open(os.path.join(directory, 'relay.py'), 'w') as f:
            f.write(RELAY)
        temp = os.path.join(directory, 'tmp')
        os.mkdir(temp)
        env = dict(os.environ, TMPDIR=temp, HOME=temp, XDG_RUNTIME_DIR=temp)
        for _ in range(ROUNDS):
            said = one(rnd, directory, env)
            if said:
                wrong.append(said)
        left = os.listdir(temp)
    print('%sok 1 - %d faults, seed %d' % ('not ' if wrong else '', ROUNDS,
                                           SEED))
    for line in wrong[:20]:
        print('# ' + line)
    print('%sok 2 - no temporary file is left' % ('not ' if left else ''))
    print('1..2')
    return 1 if wrong or left else 0


sys.exit(main())
