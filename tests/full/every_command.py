#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print a script that runs every command of the program, each option of it at
least once, on the test hypervisor; errors are welcome, crashes are not.

usage: every_command.py XVSH DIRECTORY"""
import json
import os
import subprocess
import sys

SKIP = {'quit', 'exit', 'console', 'edit', 'event', 'managedsave-edit',
        'save-image-edit', 'connect', 'cd'}
VALUES = {
    'domain': 'test', 'file': 'doc.xml', 'vcpu': '0', 'cpulist': '0',
    'count': '1', 'size': '1048576', 'device': 'vda', 'path': 'vda',
    'interface': 'testnet0', 'type': 'lifecycle', 'new-name': 'test',
    'uri': 'urn:x', 'source': '/x', 'target': 'vdb', 'pid': '1',
    'signame': 'term', 'user': 'root', 'password': 'x', 'id': '1',
    'action': 'destroy', 'format': 'xen-xl', 'duration': '60', 'state': 'up',
    'alias': 'ua-x', 'iothread': '1', 'key': 'k', 'option': '1',
    'mac': 'aa:bb:cc:dd:ee:ff', 'threshold': '1', 'seconds': '1',
}


def ask(program, *words):
    out = subprocess.run([program, '-c', 'test:///default', *words],
                         stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)


def value(option):
    return VALUES.get(option['name'], '1')


def main():
    program, directory = sys.argv[1:]
    os.chdir(directory)
    with open('doc.xml', 'w') as doc:
        doc.write('<domain type="test"><name>d</name><memory>8192</memory>'
                  '<os><type>hvm</type></os><devices>'
                  '<disk type="file"><target dev="vda"/></disk>'
                  '<interface type="network"><source network="default"/>'
                  '</interface><graphics type="vnc"/></devices></domain>')
    print('define doc.xml')
    for group in ask(program, 'help', '--json'):
        for command in group['commands']:
            name = command['name']
            if name in SKIP:
                continue
            options = ask(program, 'help', name, '--json')['options']
            need = ['--%s %s' % (o['name'], value(o)) for o in options
                    if o['required']]
            print(name, '--help')
            print(name)
            print(name, *need)
            for o in options:
                if o['required']:
                    continue
                word = '--' + o['name']
                if o['takes_value']:
                    word += ' ' + value(o)
                print(name, *need, word)
                print(name, *need, word, '--json')
            # Whatever it did to it, the domain shall be there again.
            print('start test')
            print('resume test')


main()
