#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print, for each command line of stdin, the paths and types of the JSON that
xvsh prints for it on the test hypervisor.

usage: json_keys.py XVSH DIRECTORY"""
import json
import os
import subprocess
import sys

NAMES = {dict: 'object', list: 'array', str: 'text', bool: 'yes-or-no',
         int: 'number', float: 'number', type(None): 'null'}


def paths(value, prefix):
    """PATH TYPE of everything inside; array members share one path."""
    yield '%s %s' % (prefix or '.', NAMES[type(value)])
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, prefix + '.' + key)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, prefix + '[]')


def main():
    program, directory = sys.argv[1:]
    os.chdir(directory)
    for line in sys.stdin:
        line = line.strip()
        if not line:
            continue
        run = subprocess.run(
            [program, '-c', 'test:///default', '--json', line],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=20)
        print('== %s (status %d)' % (line, run.returncode))
        for text in run.stdout.decode().splitlines():
            print('\n'.join(sorted(set(paths(json.loads(text), '')))))
        for text in run.stderr.decode().splitlines():
            print('\n'.join(sorted(set(paths(json.loads(text), 'stderr')))))


main()
