#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make bench: xvsh beside virsh, in one run, as ratios.

usage: bench.py XVSH PEAK [--quick]   exits 1 when a limit is missed"""
import os
import re
import statistics
import subprocess
import sys
import tempfile

XVSH = os.path.abspath(sys.argv[1])
PEAK = os.path.abspath(sys.argv[2])     # tests/bench/peak.c
VIRSH = '/usr/bin/virsh'
QUICK = '--quick' in sys.argv
ENV = {'PATH': '/usr/bin:/bin', 'HOME': tempfile.gettempdir(),
       'LC_ALL': 'C.UTF-8'}
missed = []


def row(what, ours, theirs, limit, unit=''):
    """Print a ratio theirs/ours and hold it against the least allowed."""
    ratio = theirs / ours
    ok = ratio >= limit
    if not ok:
        missed.append(what)
    print('%-34s xvsh %12.6g  virsh %12.6g %s  %6.1f times (least %g)%s'
          % (what, ours, theirs, unit, ratio, limit, '' if ok else '  MISSED'))


def once(program, uri, words, stdin=None):
    """Run a program: seconds, peak KiB."""
    out = subprocess.run(
        [PEAK, program, '-c', uri, *words], env=ENV, check=True,
        input=stdin or b'', stdout=subprocess.PIPE).stdout.split()
    return int(out[0]) / 1e6, int(out[1])


def pair(uri, words, n, stdin=None):
    """Both programs in turn, n times: medians of seconds, peaks."""
    ours, theirs = [], []
    for _ in range(n):
        ours.append(once(XVSH, uri, words, stdin))
        theirs.append(once(VIRSH, uri, words, stdin))
    return [(statistics.median(x[0] for x in runs), max(x[1] for x in runs))
            for runs in (ours, theirs)]


def instructions(program):
    with tempfile.NamedTemporaryFile() as out:
        text = subprocess.run(
            ['valgrind', '--tool=callgrind', '--callgrind-out-file=' + out.name,
             program, '-c', 'test:///default', 'list'], env=ENV,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr.decode()
    return int(re.search(r'Collected : (\d+)', text).group(1))


def libraries(program):
    """Shared objects mapped after `list`, loader aside."""
    p = subprocess.Popen([program, '-q', '-c', 'test:///default'], env=ENV,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    p.stdin.write(b'list\necho here\n')
    p.stdin.flush()
    got = b''
    while b'here' not in got.replace(b'echo here', b''):
        got += os.read(p.stdout.fileno(), 4096)
    with open('/proc/%d/maps' % p.pid) as maps:
        names = {line.split()[-1] for line in maps if '.so' in line}
    p.stdin.close()
    p.wait()
    return len([n for n in names if '/ld-' not in n])


def node_file(path, n):
    with open(path, 'w') as f:
        f.write('<node>')
        for i in range(n):
            f.write("<domain type='test'><name>dom%05d</name>"
                    '<memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type>'
                    "</os><devices><disk type='file' device='disk'>"
                    "<source file='/disks/%d'/><target dev='vda' bus='virtio'/>"
                    "</disk><interface type='network'><mac address="
                    "'52:54:00:%02x:%02x:%02x'/><source network='default'/>"
                    '</interface></devices></domain>\n'
                    % (i, i, i >> 16, i >> 8 & 255, i & 255))
        f.write('</node>')


def main():
    n = 5 if QUICK else 21
    ours, theirs = pair('test:///default', ['list'], n)
    row('list: instructions', instructions(XVSH), instructions(VIRSH), 10)
    row('list: wall time', ours[0] * 1000, theirs[0] * 1000, 4, 'ms')
    row('list: peak memory', ours[1], theirs[1], 4, 'KiB')
    libs = libraries(XVSH)
    print('%-34s xvsh %d  virsh %d  (at most 12)'
          % ('list: shared libraries', libs, libraries(VIRSH)))
    if libs > 12:
        missed.append('libraries')
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'node.xml')
        node_file(path, 10000)
        for words in ['list', '--all'], ['domstats']:
            ours, theirs = pair('test://' + path, words, 3 if QUICK else 7)
            row('%s of 10,000' % ' '.join(words), ours[0] * 1000,
                theirs[0] * 1000, 15, 'ms')
    count = 5000 if QUICK else 100000
    script = b'domstate test\n' * count
    ours, theirs = pair('test:///default', [], 1, script)
    row('%d commands on stdin' % count, ours[0], theirs[0], 1, 's')
    row('  and their peak memory', ours[1], theirs[1], 1, 'KiB')
    if missed:
        print('missed: ' + ', '.join(missed))
    return 1 if missed else 0


sys.exit(main())
