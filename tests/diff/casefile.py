# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the case files of the differential suite; README.md has the format."""

import os
import re
import shlex

MODES = ('line', 'text', 'argv', 'each', 'script')
DEFAULT_URI = 'test:///default'

# d.xml of a case that gives parts of a domain only.
DOMAIN_HEAD = """<domain type='test'>
  <name>d</name>
  <uuid>11111111-2222-4333-8444-000000000001</uuid>
"""
DOMAIN_MEMORY = '  <memory>65536</memory>\n'
DOMAIN_OS = '  <os><type>hvm</type></os>\n'


class CaseError(Exception):
    """A case file that cannot be read; the message names file and line."""


class Case:
    """One comparison: what to run, in which surroundings, under which masks.

    mode    how the commands reach the program: 'line' (one argument, joined
            by "; "), 'text' (one argument, joined by newlines), 'argv' (one
            process a command) or 'script' (on stdin)
    uri     value of -c, None for no -c at all
    opts    words that stand before -c
    files   name -> text or bytes, made before the run
    stdin   text, or None for an empty one
    """

    def __init__(self, name, where):
        self.name = name
        self.where = where
        self.mode = 'line'
        self.uri = DEFAULT_URI
        self.opts = []
        self.env = {}
        self.masks = []
        self.files = {}
        self.stdin = None
        self.limit = None
        self.part = ''
        self.devices = ''
        self.commands = []

    def make_domain(self):
        """d.xml out of '@part' and '@device'; by default it is defined."""
        if not self.part and not self.devices:
            return
        text = DOMAIN_HEAD
        if not re.search(r"<memory( unit='\w+'| dumpCore='\w+')?>", self.part):
            text += DOMAIN_MEMORY
        if '<os>' not in self.part and '<os ' not in self.part:
            text += DOMAIN_OS
        text += self.part
        if self.devices:
            text += '  <devices>\n%s  </devices>\n' % self.devices
        self.files['d.xml'] = text + '</domain>\n'
        if not self.commands:
            self.commands = ['define d.xml', 'dumpxml d']

    def inherit(self, other):
        """Take over the settings (not the commands) of another case."""
        self.mode = other.mode
        self.uri = other.uri
        self.opts = list(other.opts)
        self.env = dict(other.env)
        self.masks = list(other.masks)
        self.files = dict(other.files)
        self.stdin = other.stdin
        self.limit = other.limit
        self.part = other.part
        self.devices = other.devices

    def split(self):
        """The cases this one stands for: one a command in mode 'each'."""
        if self.mode != 'each':
            return [self]
        parts = []
        for command in self.commands:
            part = Case('%s: %s' % (self.name, command), self.where)
            part.inherit(self)
            part.mode = 'argv'
            part.commands = [command]
            parts.append(part)
        return parts


class _Lines:
    """The lines of a file with a position, for messages and here-documents."""

    def __init__(self, path):
        self.path = path
        self.number = 0
        with open(path, encoding='utf-8') as stream:
            self.lines = stream.read().split('\n')

    def __iter__(self):
        return self

    def __next__(self):
        if self.number >= len(self.lines):
            raise StopIteration
        self.number += 1
        return self.lines[self.number - 1]

    def where(self):
        return '%s:%d' % (os.path.basename(self.path), self.number)

    def fail(self, message):
        raise CaseError('%s: %s' % (self.where(), message))

    def here_document(self, end):
        """The text up to a line that is END, newline at its end included."""
        text = []
        for line in self:
            if line == end:
                return ''.join(part + '\n' for part in text)
            text.append(line)
        return self.fail('no line "%s" ends the text' % end)


def _value(lines, rest):
    """A directive's text: the rest of its line, or a here-document.

    <<-END leaves out the newline at the end of the text.
    """
    if rest.startswith('<<-'):
        return lines.here_document(rest[3:].strip())[:-1]
    if rest.startswith('<<'):
        return lines.here_document(rest[2:].strip())
    return rest + '\n'


def _directive(lines, case, line, here):
    key, _, rest = line[1:].partition(' ')
    rest = rest.strip()
    if key == 'mode':
        if rest not in MODES:
            lines.fail('mode "%s" is none of %s' % (rest, ', '.join(MODES)))
        case.mode = rest
    elif key == 'uri':
        case.uri = None if rest == 'none' else rest
    elif key == 'node':
        case.uri = 'test://{nodes}/' + rest
    elif key == 'opt':
        case.opts += shlex.split(rest)
    elif key == 'env':
        name, _, value = rest.partition('=')
        case.env[name] = value
    elif key == 'mask':
        case.masks += rest.split()
    elif key == 'file':
        name, _, text = rest.partition(' ')
        case.files[name] = _value(lines, text)
    elif key == 'copy':
        for name in rest.split():
            with open(os.path.join(here, 'files', name), 'rb') as stream:
                case.files[name] = stream.read()
    elif key == 'part':
        case.part += _value(lines, rest)
    elif key == 'device':
        case.devices += _value(lines, rest)
    elif key == 'stdin':
        case.stdin = _value(lines, rest)
    elif key == 'limit':
        case.limit = float(rest)
    else:
        lines.fail('unknown directive "@%s"' % key)


def read_file(path, here):
    """All cases of one file, in its order."""
    lines = _Lines(path)
    defaults = Case('', '')
    case = defaults
    cases = []
    for line in lines:
        if line.startswith('##') or line == '':
            continue
        if line.startswith('== '):
            case = Case(line[3:].strip(), lines.where())
            case.inherit(defaults)
            cases.append(case)
        elif line.startswith('@'):
            _directive(lines, case, line, here)
        elif case is defaults:
            lines.fail('a command before the first case')
        else:
            case.commands.append(line)
    for case in cases:
        case.make_domain()
        if not case.commands and case.stdin is None and not case.opts:
            raise CaseError('%s: %s is empty' % (case.where, case.name))
    return [part for case in cases for part in case.split()]


def read_all(here):
    """The cases of every file in HERE/cases; their names are unique."""
    folder = os.path.join(here, 'cases')
    cases = []
    for name in sorted(os.listdir(folder)):
        if name.endswith('.cases'):
            cases += read_file(os.path.join(folder, name), here)
    seen = {}
    for case in cases:
        if case.name in seen:
            raise CaseError('%s: %s is also in %s'
                            % (case.where, case.name, seen[case.name]))
        seen[case.name] = case.where
    return cases
