# SPDX-License-Identifier: LGPL-2.1-or-later
"""Named masks: what may differ between two runs, each as narrow as it can be.

A mask finds values by a regular expression, judges each by a check (a figure
from the clock must be the clock of this run) and replaces only the value.
selftest.py shows for each that it hides nothing else.
"""

import calendar
import re
import time


class Span:
    """When a program ran, in seconds since 1970; figures may be cut off."""

    def __init__(self, begin, end):
        self.begin = begin
        self.end = end

    def covers(self, low, high):
        """Whether a moment in [LOW, HIGH] can lie in the run."""
        return low <= self.end and high >= self.begin


class Mask:
    """Replaces the group 'v' of each match of PATTERN that CHECK accepts.

    check   called with (match, span); None accepts every match
    sample  text with values to hide, as of the moment SAMPLE_SPAN
    wrong   texts that look alike and must be left as they are
    runs    commands whose output has such values, for selftest.py; a mask
            that hides a difference between programs, not runs, has none
    """

    def __init__(self, name, pattern, sample, wrong, check=None, runs=None):
        self.name = name
        self.pattern = re.compile(pattern, re.MULTILINE)
        self.sample = sample
        self.wrong = wrong
        self.check = check
        self.runs = runs

    def values(self, text, span):
        """(start, end) of each value that this mask hides."""
        for match in self.pattern.finditer(text):
            if self.check is None or self.check(match, span):
                yield match.span('v')

    def apply(self, text, span):
        parts = []
        position = 0
        for start, end in self.values(text, span):
            parts += [text[position:start], '<%s>' % self.name]
            position = end
        parts.append(text[position:])
        return ''.join(parts)


class Order:
    """Sorts the paragraphs of a text that begin with PREFIX.

    domstats without names walks a hash table with a random seed.
    """

    def __init__(self, name, prefix, sample, wrong, runs):
        self.name = name
        self.prefix = prefix
        self.sample = sample
        self.wrong = wrong
        self.runs = runs

    def apply(self, text, span):
        del span
        # paragraphs at even places, the blank lines between them at odd ones
        parts = re.split(r'(\n\n+)', text)
        first = 0
        while first < len(parts):
            last = first
            while last < len(parts) and parts[last].startswith(self.prefix):
                last += 2
            parts[first:last:2] = sorted(parts[first:last:2])
            first = last + 2
        return ''.join(parts)


# The clock, as the test driver turns it into figures ----------------------

def _scaled(units_per_second, digits=0):
    """Accepts a figure that counts UNITS_PER_SECOND since 1970."""
    def check(match, span):
        figure = float(match.group('v'))
        if digits:      # printf rounds
            half = 10.0 ** -digits / 2
            low, high = figure - half, figure + half
        else:           # integer division cuts off
            low, high = figure, figure + 1
        return span.covers(low / units_per_second, high / units_per_second)
    return check


def _written(layout):
    """Accepts a time of day in UTC, written as strftime LAYOUT."""
    def check(match, span):
        try:
            moment = calendar.timegm(time.strptime(match.group('v'), layout))
        except ValueError:
            return False
        return span.covers(moment, moment + 1)
    return check


def _counter(match, span):
    """Accepts a block or interface counter: microseconds over a divisor."""
    name = match.group('name')
    divisor = _DIVISORS[_LABELS.get(name, name)]
    return _scaled(1e6 / divisor)(match, span)


_DIVISORS = {
    'rd_req': 10, 'rd_bytes': 20, 'wr_req': 30, 'wr_bytes': 40, 'errs': 2e6,
    'rx_bytes': 10, 'rx_packets': 100, 'rx_errs': 1e6, 'rx_drop': 2e6,
    'tx_bytes': 20, 'tx_packets': 110, 'tx_errs': 3e6, 'tx_drop': 4e6,
}

_LABELS = {
    'number of read operations': 'rd_req',
    'number of bytes read': 'rd_bytes',
    'number of write operations': 'wr_req',
    'number of bytes written': 'wr_bytes',
    'error count': 'errs',
}

# Names of the program ------------------------------------------------------

PROGRAM = r"""(?x)
    ^(?P<v>virsh|xvsh)(?=\ [\#>]\ )                   # prompt
  | (?<=^Welcome\ to\ )(?P<w>virsh|xvsh)(?=,\ the\ )  # greeting
  | ^(?P<u>virsh|xvsh)(?=\ \[options\]\.\.\.\ )       # usage
  | (?<=^error:\ )(?P<e>VIRSH|XVSH)(?=_DEBUG\ )       # environment
  | (?<=^\ )(?P<g>Virsh|Xvsh)(?=\ itself\ \(help\ keyword\ ')
  | (?<=^\ Virsh\ itself\ \(help\ keyword\ ')(?P<k>virsh)(?='\))
  | (?<=^\ Xvsh\ itself\ \(help\ keyword\ ')(?P<l>xvsh)(?='\))
  | (?<=^\[[0-9]{4}\.[0-9]{2}\.[0-9]{2}\ [0-9]{2}:[0-9]{2}:[0-9]{2}\ )
    (?P<p>virsh|xvsh)(?=\ [0-9]+\]\ )                 # log file
"""


class ProgramName(Mask):
    """The program's own name, in the places where virsh prints its own."""

    def values(self, text, span):
        for match in self.pattern.finditer(text):
            yield match.span(match.lastgroup)


# Our own wording -----------------------------------------------------------

# Commands and groups of virsh that are not part of the product.
LEFT_OUT_COMMANDS = (
    'lxc-enter-namespace qemu-attach qemu-monitor-command qemu-monitor-event '
    'qemu-agent-command migrate migrate-setmaxdowntime migrate-getmaxdowntime '
    'migrate-compcache migrate-setspeed migrate-getspeed migrate-postcopy '
    'dom-fd-associate').split()
LEFT_OUT_GROUPS = ('checkpoint interface filter network nodedev secret '
                   'snapshot backup pool volume').split()


def end_of(line, position):
    """Where the text of LINE ends, its newline left out."""
    return position - line.endswith('\n')


class HelpText(Mask):
    """The sentences of help, which are worded by each program itself.

    Kept are the names of commands and options, their order and columns, and
    the whole synopsis; hidden are the text behind a command's or option's
    name, and the description.
    """

    def values(self, text, span):
        section = ''
        begun = None        # a text that may go on in the next line
        end = 0
        position = 0
        for line in text.splitlines(keepends=True):
            start, position = position, position + len(line)
            title = self.section(line)
            found = self.pattern.match(line)
            name = found.lastgroup if found else None
            blank = line.isspace()
            if begun is not None and (
                    title or name == section
                    or (blank and section != 'description')):
                yield begun, end
                begun = None
            if title:
                section = title
            elif section in ('list', 'usage') and name == 'foot':
                yield start + found.end(name), end_of(line, position)
            elif name == section and section != 'description':
                begun = start + found.end(name)
            elif section == 'description' and begun is None and not blank:
                begun = start + len(line) - len(line.lstrip())
            if not blank:
                end = end_of(line, position)
        if begun is not None:
            yield begun, end

    @staticmethod
    def section(line):
        """The kind of lines that follow, if LINE begins another kind."""
        if re.match(r'  [A-Z]+$', line):
            return line.strip().lower()
        if re.match(r' \S.* \(help keyword ', line):
            return 'list'
        if line == '  options:\n':
            return 'usage'
        if line.startswith('  commands ('):
            return 'other'
        return None


HELP_LINE = r"""(?x)
    (?P<name>\ {4}[a-z][a-z0-9-]*\ -\ )(?=\S)
  | (?P<options>\ {4}(?:\[--[a-z0-9-]+\]|<[a-z0-9-]+>|--[a-z0-9-]+)
               (?:\ <[a-z]+>)?\ {2,})(?=\S)
  | (?P<usage>\ {4}(?:-[a-zA-Z]|\ {5}--[a-z]+)[^\ ]*
             (?:\ \|\ --\S+)?(?:\ <char>)?(?:\ {2,}|\n\ {20,}))(?=\S)
  | (?P<list>\ {4}[a-z][a-z0-9-]*\ +)(?=\S)
  | (?P<foot>\ {2})(?=\((?:specify\ )?help\ <(?:group|command)>\ .*\)$)
"""


class LeftOut(Mask):
    """Lines of the help list about what the product leaves out."""

    def values(self, text, span):
        position = 0
        group = ''
        for line in text.splitlines(keepends=True):
            start, position = position, position + len(line)
            found = re.match(r" \S.* \(help keyword '([a-z<>]+)'\)", line)
            if found:
                group = found.group(1)
            words = line.split()
            if group in LEFT_OUT_GROUPS:
                yield start, position
            elif re.match(r'    [a-z]', line) \
                    and words[0] in LEFT_OUT_COMMANDS:
                yield start, position

    def apply(self, text, span):
        for start, end in reversed(list(self.values(text, span))):
            text = text[:start] + text[end:]
        return text


class OwnLines(LeftOut):
    """Whole lines that only one of the programs prints."""

    def values(self, text, span):
        for match in self.pattern.finditer(text):
            yield match.span()


# The table -----------------------------------------------------------------

SAMPLE_SPAN = Span(1700000000.0, 1700000002.0)


def _table():
    uuid = ('6695eb01-f6a4-4304-89aa-97f2502e193f', '6695eb01-f6a4-8304-79aa-'
            '97f2502e193f')
    masks = [
        ProgramName(
            'program', PROGRAM, 'xvsh # list\nWelcome to virsh, the x\n',
            ['xvsh list\n', 'see xvsh # list\n', 'Welcome to bash, the x\n',
             "error: xvsh_DEBUG x\n", 'xvsh#\n']),
        Mask('uuid',
             r'(?P<v>\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}'
             r'-[0-9a-f]{12}\b)',
             '<uuid>%s</uuid>\n' % uuid[0],
             ['<uuid>%s</uuid>\n' % uuid[1], uuid[0][:-1] + '\n',
              uuid[0].upper() + '\n', uuid[0] + 'a\n'],
             runs=['define plain.xml', 'domuuid plain']),
        Mask('mac', r"(?<=mac address='52:54:00:)"
             r"(?P<v>[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2})(?='/>)",
             "<mac address='52:54:00:12:34:56'/>\n",
             ["<mac address='52:54:00:12:34:5'/>\n",
              "<mac address='52:54:00:12:34:5G'/>\n",
              "<mac address='52:54:00:12:34:56:77'/>\n",
              "<mac address='52:54:01:12:34:56'/>\n",
              "<tap address='52:54:00:12:34:56'/>\n"],
             runs=['define nomac.xml', 'dumpxml nomac']),
        Mask('now', r'(?<=^Time: )(?P<v>[0-9]+)$',
             'Time: 1700000001\n',
             ['Time: 1690000000\n', 'Time: 1700000003\n', 'time: 1700000001\n',
              'Time: 1700000001 s\n'], _scaled(1),
             runs=['domtime test --now', 'domtime test']),
        Mask('now-pretty', r'(?<=^Time: )(?P<v>[0-9-]+ [0-9:]+)$',
             'Time: 2023-11-14 22:13:21\n',
             ['Time: 2023-11-14 22:13:24\n', 'Time: 2022-11-14 22:13:21\n',
              'Time: 2023-14-14 22:13:21\n'], _written('%Y-%m-%d %H:%M:%S'),
             runs=['domtime test --now', 'domtime test --pretty']),
        Mask('cpu-time', r'(?<=^CPU time:       )(?P<v>[0-9]+\.[0-9])(?=s$)',
             'CPU time:       1700000001.4s\nCPU time:       1700000000.0s\n',
             ['CPU time:       1700000003.4s\n', 'CPU time:  1700000001.4s\n',
              'CPU time:       12.4s\n', 'CPU time:       170000000.1s\n'],
             _scaled(1, 1), runs=['dominfo test']),
        Mask('vcpu-time', r'(?<=^CPU time:       )(?P<v>[0-9]+\.[0-9])(?=s$)',
             'CPU time:       170000.0s\n',
             ['CPU time:       170001.4s\n', 'CPU time:       1700000001.4s\n'],
             _scaled(1e-4, 1), runs=['vcpuinfo test']),
        Mask('counters', r'(?<= )(?P<name>%s) (?P<v>[0-9]+)$'
             % '|'.join(sorted(_DIVISORS)),
             'vda rd_req 170000000000000\nvda errs 850000000\n',
             ['vda rd_req 85000000000000\n', 'vda errs 170000000000000\n',
              'vda errs 850000009\n', 'vda other 850000000\n', 'rd_req 1\n'],
             _counter, runs=['domblkstat test vda',
                             'domifstat test testnet0']),
        Mask('counters-human', r'^ (?P<name>%s): +(?P<v>[0-9]+)$'
             % '|'.join(sorted(_LABELS)),
             ' number of read operations:      170000000000000\n'
             ' error count:                    850000000\n',
             [' number of read operations:      85000000000000\n',
              ' number of bytes:      170000000000000\n',
              ' error count:                    850000004\n',
              ' error count: 850000000 x\n'],
             _counter, runs=['domblkstat test vda --human']),
        Mask('timing', r'(?<=^\(Time: )(?P<v>[0-9]+\.[0-9]{3})(?= ms\)$)',
             '(Time: 0.123 ms)\n',
             ['(Time: 0.12 ms)\n', '(Time: 0.123 s)\n', 'Time: 0.123 ms\n',
              '(Time: 90000.123 ms)\n'],
             lambda match, span: float(match.group('v'))
             <= (span.end - span.begin) * 1000,
             runs=['echo a']),
        Mask('log-time', r'(?<=^\[)(?P<v>[0-9]{4}\.[0-9]{2}\.[0-9]{2} [0-9:]+)'
             r'(?= \S+ [0-9]+\] )',
             '[2023.11.14 22:13:21 virsh 77] INFO x\n',
             ['[2023.11.14 22:10:21 virsh 77] INFO x\n',
              '[2023.11.14 22:13:21 77] INFO x\n',
              '[2023-11-14 22:13:21 virsh 77] INFO x\n'],
             _written('%Y.%m.%d %H:%M:%S'), runs=['list']),
        Mask('log-pid', r'(?<=^\[)(?:[0-9. :]+|<log-time>) \S+ '
             r'(?P<v>[0-9]+)(?=\] )',
             '[2023.11.14 22:13:21 virsh 77] INFO x\n',
             ['[2023.11.14 virsh] INFO x\n',
              'x [2023.11.14 22:13:21 virsh 77] INFO x\n'],
             runs=['list']),
        Mask('shot-name', r'(?<=-)(?P<v>[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}:'
             r'[0-9]{2}:[0-9]{2})(?=\.png\b)',
             'saved to test-2023-11-14-22:13:21.png, with\n',
             ['test-2023-11-14-22:13:29.png\n',
              'test-2023-11-14-22:13:21.ppm\n',
              'test_2023-11-14-22:13:21.png\n'],
             _written('%Y-%m-%d-%H:%M:%S'), runs=['screenshot test']),
        Mask('picture',
             '\\A(?P<v>\udc89PNG\r\n\x1a\n\0\0\0\rIHDR[\\s\\S]*\0\0\0\0'
             'IEND\udcaeB`\udc82)\\Z',
             '\udc89PNG\r\n\x1a\n\0\0\0\rIHDR1\0\0\0\0IEND\udcaeB`\udc82',
             ['\udc89PNG\r\n\x1a\n\0\0\0\rIHDR1\0\0\0\0IEND\udcaeB`',
              '\udc89PNG\n\0\0\0\rIHDR1\0\0\0\0IEND\udcaeB`\udc82']),
        Mask('edit-file', r'(?:(?<={dir}/tmp/)|^(?:file )?tmp/)'
             r'(?P<v>(?:virsh|xvsh)[A-Za-z0-9]{6})(?=\.xml\b)',
             '{dir}/tmp/virshAb3dE6.xml\ntmp/xvshAb3dE6.xml 600\n',
             ['{dir}/tmp/virshAb3dE.xml\n', '{dir}/tmp/Ab3dE6.xml\n',
              '/tmp/virshAb3dE6.xml\n'],
             runs=['edit test']),
        Mask('version', r'^(?P<v>[0-9]+\.[0-9]+\.[0-9]+)$',
             '9.0.0\n', ['9.0\n', 'v9.0.0\n', '9.0.0-1\n']),
        Mask('library', r'(?<=^)(?P<label>Compiled against library: |'
             r'Using library: |Using API: TEST |Running against daemon: )'
             r'(?P<v>(?:[a-z]+ )?[0-9]+\.[0-9]+\.[0-9]+)$',
             'Using library: libvirt 9.0.0\nUsing API: TEST 9.0.0\n',
             ['Using library: libvirt 9.0\n', 'Running hypervisor: TEST '
              '0.0.2\n', 'Using API: TEST\n']),
        HelpText(
            'help-text', HELP_LINE,
            '  NAME\n    list - list domains\n\n  OPTIONS\n'
            '    --all            every domain\n',
            ['  NAME\n    list\n', '  SYNOPSIS\n    list [--all]\n',
             'no help\n    list   text\n', '  OPTIONS\n    --all\n']),
        LeftOut(
            'help-left-out', r'$.', "    migrate    x\n Backup (help keyword "
            "'backup')\n    backup-begin   x\n\n Virsh itself (help keyword "
            "'virsh')\n    cd   x\n",
            ['    migrat   x\n', " Backups (help)\n    backup   x\n"]),
        OwnLines(
            'usage-own', r'^ {9}--(?:json|timeout=SECONDS) .*\n',
            '         --json    for programs\n',
            ['    --json    for programs\n', '         --jso    x\n']),
        OwnLines(
            'libxml-chatter',
            r'^I/O (?:warning|error) : (?:failed to load external entity '
            r'".*"|Is a directory)\n',
            'I/O warning : failed to load external entity "/no/such"\n'
            'I/O error : Is a directory\n',
            ['error: I/O error : Is a directory\n',
             'I/O error : No space left on device\n']),
        OwnLines(
            'no-keepalive',
            r'^(?:\[<log-time> <program> <log-pid>\] INFO )?'
            r'Failed to setup keepalive on connection\n',
            'Failed to setup keepalive on connection\n',
            ['error: Failed to setup keepalive on connection\n']),
        Mask('version-text',
             r'\A(?P<v>(?:Virsh|Xvsh) command line tool of [a-z]+ [0-9.]+\n'
             r'(?:See web site .*\n)?\nCompiled with support for:\n'
             r'(?: [A-Z][a-z]+: .*\n)+)\n?\Z',
             'Xvsh command line tool of libxvm 1.0\n\nCompiled with support '
             'for:\n Hypervisors: Test\n\n',
             ['Xvsh command line tool of libxvm 1.0\n',
              'Bash command line tool of libxvm 1.0\n\nCompiled with '
              'support for:\n Hypervisors: Test\n',
              'x\nXvsh command line tool of libxvm 1.0\n\nCompiled with '
              'support for:\n Hypervisors: Test\n']),
        Order(
            'domstats-order', 'Domain: ',
            "Domain: 'b'\n  state.state=1\n\nDomain: 'a'\n  state.state=5\n\n",
            ["Domein: 'b'\n\nDomein: 'a'\n"],
            runs=['domstats']),
    ]
    return {mask.name: mask for mask in masks}


MASKS = _table()

# Applied to every case: the suite compares programs of different names.
ALWAYS = ['program']


def mask_all(text, names, span):
    """TEXT with the masks of NAMES, in the order of the table, applied."""
    for name, mask in MASKS.items():
        if name in names or name in ALWAYS:
            text = mask.apply(text, span)
    return text
