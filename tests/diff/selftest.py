#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows that each mask hides what it is for and nothing else.

For each mask: its sample loses its values, look-alikes stay; stock virsh run
twice differs only inside the values (runs are a second apart, so that the
clock moves); and a change of any other character of that output is caught.
Then that the comparison itself sees each kind of difference.
"""

import os
import shutil
import sys
import tempfile
import time

import casefile
import masks
import program
import reasons

HERE = os.path.dirname(os.path.abspath(__file__))


class Report:
    """Prints a TAP line for each check and counts the failures."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def check(self, good, what, detail=''):
        self.number += 1
        print('%sok %d - diff selftest: %s'
              % ('' if good else 'not ', self.number, what))
        if not good:
            self.failed += 1
            for line in str(detail).splitlines():
                print('# ' + line)

    def end(self):
        print('1..%d' % self.number)
        return 1 if self.failed else 0


def check_sample(report, mask):
    hidden = mask.apply(mask.sample, masks.SAMPLE_SPAN)
    report.check(hidden != mask.sample, '%s hides its sample' % mask.name,
                 hidden)
    for wrong in mask.wrong:
        left = mask.apply(wrong, masks.SAMPLE_SPAN)
        report.check(left == wrong, '%s leaves %r' % (mask.name, wrong), left)


def changed(text, position):
    """TEXT with another character at POSITION, of the same kind."""
    old = text[position]
    if old.isdigit():
        new = str((int(old) + 5) % 10)
    elif old == '\n':
        new = ' '
    else:
        new = 'q' if old != 'q' else 'z'
    return text[:position] + new + text[position + 1:]


def check_changes(report, mask, text, span, where):
    """Every change outside the values that MASK hides must be caught."""
    inside = set()
    for start, end in mask.values(text, span):
        inside.update(range(start, end))
    masked = mask.apply(text, span)
    missed = [position for position in range(len(text))
              if position not in inside
              and mask.apply(changed(text, position), span) == masked]
    report.check(not missed, '%s catches %d changes beside its values in %s'
                 % (mask.name, len(text) - len(inside), where),
                 ['%d %r' % (position, text[max(0, position - 20):
                                            position + 20])
                  for position in missed])


def check_order(report, mask):
    """A mask for the order of paragraphs hides no word of them."""
    masked = mask.apply(mask.sample, masks.SAMPLE_SPAN)
    missed = [position for position in range(len(mask.sample))
              if mask.apply(changed(mask.sample, position),
                            masks.SAMPLE_SPAN) == masked]
    report.check(not missed, '%s catches every change' % mask.name, missed)
    other = ''.join(sorted(mask.sample.splitlines(keepends=True)))
    report.check(mask.apply(other, masks.SAMPLE_SPAN) != masked,
                 '%s sorts paragraphs, not lines' % mask.name)


def live_case(mask):
    """A case whose output has the values of MASK."""
    case = casefile.Case('selftest ' + mask.name, 'selftest.py')
    case.commands = mask.runs
    for name in ('plain.xml', 'nomac.xml'):
        with open(os.path.join(HERE, 'files', name), 'rb') as stream:
            case.files[name] = stream.read()
    case.files['plain.xml'] = b'\n'.join(
        line for line in case.files['plain.xml'].split(b'\n')
        if b'<uuid>' not in line)
    if mask.name == 'timing':
        case.opts = ['-t']
    if mask.name.startswith('log-'):
        case.opts = ['-d', '0', '-l', 'log']
    if mask.name == 'edit-file':
        case.env['EDITOR'] = 'false'
    if mask.name == 'domstats-order':
        case.uri = 'test://{nodes}/states.xml'
    return case


def check_live(report, virsh, mask, root):
    """Two real runs, and what is left of their difference."""
    case = live_case(mask)
    others = [name for name in ('log-time', 'log-pid', 'uuid', 'mac')
              if name != mask.name]
    left = program.run_case(virsh, case, root)
    time.sleep(1.1)
    right = program.run_case(virsh, case, root)
    plain = program.difference(left, right, others)
    tries = 0
    while not plain and mask.name == 'domstats-order' and tries < 20:
        right = program.run_case(virsh, case, root)
        plain = program.difference(left, right, others)
        tries += 1
    if mask.name != 'vcpu-time':    # moves once in 1000 s
        report.check(plain, '%s: two runs of virsh differ without it'
                     % mask.name)
    masked = program.difference(left, right, others + [mask.name])
    report.check(not masked, '%s: two runs of virsh are equal with it'
                 % mask.name, masked)
    if isinstance(mask, masks.Order):
        return
    found = False
    for key, text in left.texts.items():
        if any(True for _ in mask.values(text, left.span)):
            found = True
            check_changes(report, mask, text, left.span, 'the live ' + key)
    report.check(found, '%s: the live run has such values' % mask.name)


def check_help(report, virsh, root):
    """The masks of help hide no name, option or synopsis of real help."""
    case = casefile.Case('selftest help', 'selftest.py')
    case.commands = ['help numatune', 'help send-key', 'help monitor']
    outcome = program.run_case(virsh, case, root)
    for name in ('help-text', 'help-left-out'):
        check_changes(report, masks.MASKS[name], outcome.texts['stdout'],
                      outcome.span, 'real help')


def check_comparison(report, root):
    """The comparison sees a change of status, streams and files."""
    case = casefile.Case('selftest', 'selftest.py')
    case.commands = ['list']
    shell = '/bin/sh -c \'%s\' virsh'
    base = program.Program(shell % 'echo out; echo err >&2; echo f > file')
    for what, command in (
            ('nothing', 'echo out; echo err >&2; echo f > file'),
            ('stdout', 'echo OUT; echo err >&2; echo f > file'),
            ('a missing newline', 'printf out; echo err >&2; echo f > file'),
            ('stderr', 'echo out; echo ERR >&2; echo f > file'),
            ('status', 'echo out; echo err >&2; echo f > file; exit 3'),
            ('a signal', 'echo out; echo err >&2; echo f > file; kill -9 $$'),
            ('a file', 'echo out; echo err >&2; echo F > file'),
            ('no file', 'echo out; echo err >&2'),
            ('another file', 'echo out; echo err >&2; echo f > file; : > x'),
            ('its mode', 'echo out; echo err >&2; echo f > file; chmod 1 *'),
            ('no end', 'echo out; echo err >&2; echo f > file; sleep 9')):
        case.limit = 1.0
        left = program.run_case(base, case, root)
        right = program.run_case(program.Program(shell % command), case, root)
        diff = program.difference(left, right, [])
        report.check((diff == '') == (what == 'nothing'),
                     'the comparison sees: %s' % what, diff)


def check_reasons(report, base):
    """An entry is used only where it takes a difference away."""
    path = os.path.join(base, 'reasons.tsv')
    with open(path, 'w', encoding='utf-8') as stream:
        stream.write('a*\tmask:uuid\twhy\nb\tdiff:x\twhy\n')
    os.makedirs(os.path.join(base, 'reasons'))
    with open(os.path.join(base, 'reasons', 'x'), 'w',
              encoding='utf-8') as stream:
        stream.write('-1\n+2\n')
    known = reasons.Reasons(base)
    entry, left = known.excuse('a1', 'd', lambda more: '' if more else 'd')
    report.check(entry is known.entries[0] and left == '' and entry.used,
                 'a reason with a mask excuses what the mask hides')
    known = reasons.Reasons(base)
    entry, left = known.excuse('a1', 'd', lambda more: 'd')
    report.check(entry is None and left == 'd'
                 and not known.entries[0].used,
                 'a reason whose mask changes nothing is not in use')
    entry, left = known.excuse('c', 'd', lambda more: '')
    report.check(entry is None and left == 'd', 'a reason is for its cases')
    entry, left = known.excuse('b', '-1\n+2\n', lambda more: '')
    report.check(entry is known.entries[1] and left == '',
                 'a reason with a diff excuses exactly that diff')
    entry, left = known.excuse('b', '-1\n+3\n', lambda more: '')
    report.check(entry is None and left == '-1\n+3\n',
                 'a reason with a diff excuses no other diff')


def check_use(report):
    """Every mask is for some case, some reason, or all cases."""
    used = set(masks.ALWAYS)
    for case in casefile.read_all(HERE):
        used.update(case.masks)
    known = reasons.Reasons(HERE, tunnel='ext')
    used.update(entry.value for entry in known.entries)
    for name in masks.MASKS:
        report.check(name in used, '%s is in use' % name)


def main():
    report = Report()
    check_use(report)
    base = tempfile.mkdtemp(prefix='xvsh-diff-')
    root = os.path.join(base, 'w')
    virsh = program.Program('virsh')
    try:
        for mask in masks.MASKS.values():
            check_sample(report, mask)
            if isinstance(mask, masks.Order):
                check_order(report, mask)
            else:
                check_changes(report, mask, mask.sample, masks.SAMPLE_SPAN,
                              'its sample')
            if mask.runs is not None:
                check_live(report, virsh, mask, root)
        check_help(report, virsh, root)
        check_comparison(report, root)
        check_reasons(report, base)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return report.end()


if __name__ == '__main__':
    sys.exit(main())
