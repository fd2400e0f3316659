#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs every case with two programs and compares what they did.

Stock virsh is program A and always runs live; nothing is compared with a
recording. See README.md.
"""

import argparse
import concurrent.futures
import difflib
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

import casefile
import masks
import reasons

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
NODES = os.path.join(HERE, 'nodes')
DEFAULT_LIMIT = 20.0
# Enough for every list of the suite, little enough for a program gone wild.
MAX_OUTPUT = 8 << 20
# Stock virsh 9.0 may wait for ever in save, dump and managedsave: the thread
# that does the work can end the main loop before it has begun. Only virsh is
# run again for that, the program under test never.
VIRSH_TRIES = 12


class Program:
    """A program under comparison and how its surroundings are spelled."""

    def __init__(self, command, uri_map=(), patience=1.0):
        self.patience = patience
        self.words = shlex.split(command)
        found = shutil.which(self.words[0])
        if found is None:
            sys.exit('run.py: no program "%s"' % self.words[0])
        self.words[0] = os.path.abspath(found)
        self.own_name = os.path.basename(self.words[-1])
        self.uri_map = uri_map

    def uri(self, text):
        """TEXT as this program is to be given it, see --b-uri-map."""
        for pattern, replacement in self.uri_map:
            if pattern.endswith('*'):
                if text.startswith(pattern[:-1]):
                    rest = text[len(pattern) - 1:]
                    return replacement.replace('*', rest)
            elif text == pattern:
                return replacement
        return text

    def variable(self, name):
        """An environment variable of virsh under this program's prefix."""
        if self.own_name == 'xvsh' and name.startswith('VIRSH_'):
            return 'XVSH_' + name[len('VIRSH_'):]
        return name


class Outcome:
    """What a program did in a case: named texts, and when it ran."""

    def __init__(self, texts, span, seconds):
        self.hung = 'no end within' in texts['status']
        self.texts = texts
        self.span = span
        self.seconds = seconds

    def masked(self, names):
        """The texts under the masks NAMES; a file's name is masked too."""
        return {masks.mask_all(key, names, self.span):
                masks.mask_all(text, names, self.span)
                for key, text in self.texts.items()}


def fixed_environment(root):
    """The whole environment of a run; nothing of the caller's leaks in."""
    return {
        'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        'HOME': root + '/home',
        'TMPDIR': root + '/tmp',
        'XDG_CACHE_HOME': root + '/home/.cache',
        'XDG_CONFIG_HOME': root + '/home/.config',
        'XDG_DATA_HOME': root + '/home/.local/share',
        'XDG_STATE_HOME': root + '/home/.local/state',
        'XDG_RUNTIME_DIR': root + '/run',
        'LC_ALL': 'C.UTF-8',
        'TZ': 'UTC',
        'TERM': 'dumb',
    }


def make_root(root):
    """A fresh tree at ROOT: both programs of a case see the same paths."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ('work', 'home', 'tmp', 'run'):
        os.makedirs(os.path.join(root, name), mode=0o700)


def place(text, program, case):
    """TEXT with {uri} and {nodes} filled in."""
    text = text.replace('{nodes}', NODES)
    if case.uri is not None:
        uri = program.uri(case.uri.replace('{nodes}', NODES))
        text = text.replace('{uri}', uri)
    return text


def command_lines(program, case):
    """The processes of a case: a list of (arguments, standard input)."""
    words = program.words + [place(word, program, case) for word in case.opts]
    if case.uri is not None:
        words += ['-c', place('{uri}', program, case)]
    commands = [place(line, program, case) for line in case.commands]
    given = None if case.stdin is None else place(case.stdin, program, case)
    if case.mode == 'argv':
        return [(words + shlex.split(line), given) for line in commands]
    if case.mode == 'script':
        if given is None:
            given = ''.join(line + '\n' for line in commands)
        return [(words, given)]
    if not commands:
        return [(words, given)]
    return [(words + [('; ' if case.mode == 'line' else '\n')
                      .join(commands)], given)]


def run_process(words, given, where, environment, limit):
    """(status, stdout, stderr) of one process group under a time limit."""
    process = subprocess.Popen(
        words, cwd=where, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    data = None if given is None else given.encode('utf-8', 'surrogateescape')
    try:
        out, err = process.communicate(data, limit)
        status = str(process.returncode)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = 'no end within %g s' % limit
    return status, text_of(out), text_of(err)


def text_of(data):
    return data[:MAX_OUTPUT].decode('utf-8', 'surrogateescape')


def tree(root, given):
    """What is left in the directories of a run, as named texts."""
    texts = {}
    names = []
    for top in ('work', 'tmp'):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in files:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, root)
                if top == 'work':
                    short = os.path.relpath(path, os.path.join(root, top))
                info = os.lstat(path)
                names.append('%s %o' % (short, stat.S_IMODE(info.st_mode)))
                if stat.S_ISREG(info.st_mode):
                    with open(path, 'rb') as stream:
                        text = text_of(stream.read())
                    if given.get(short) != text:
                        texts['file ' + short] = text
    texts['files left'] = ''.join(name + '\n' for name in sorted(names))
    return texts


def run_case(program, case, root):
    """Run CASE with PROGRAM in a fresh tree at ROOT."""
    make_root(root)
    work = os.path.join(root, 'work')
    given = {}
    for name, content in case.files.items():
        path = os.path.join(work, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(content, str):
            content = place(content, program, case).encode('utf-8')
        with open(path, 'wb') as stream:
            stream.write(content)
        if content.startswith(b'#!'):
            os.chmod(path, 0o755)
        given[name] = text_of(content)
    environment = fixed_environment(root)
    for name, value in case.env.items():
        environment[program.variable(name)] = place(value, program, case)
    texts = {'status': '', 'stdout': '', 'stderr': ''}
    begin = time.time()
    processes = command_lines(program, case)
    for words, stdin in processes:
        status, out, err = run_process(
            words, stdin, work, environment,
            (case.limit or DEFAULT_LIMIT) * program.patience)
        title = ''
        if len(processes) > 1:
            title = '--- %s\n' % case.commands[processes.index((words, stdin))]
        texts['status'] += title + status + '\n'
        texts['stdout'] += title + out
        texts['stderr'] += title + err
    end = time.time()
    texts.update(tree(root, given))
    return Outcome(texts, masks.Span(begin, end), end - begin)


def run_patiently(program, case, root):
    """Like run_case, but stock virsh has several tries to end at all."""
    outcome = run_case(program, case, root)
    for _ in range(VIRSH_TRIES - 1):
        if not outcome.hung or program.own_name != 'virsh':
            break
        outcome = run_case(program, case, root)
    return outcome


def lines_of(text):
    """TEXT as lines for a diff; a missing last newline is made visible."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith('\n'):
        lines[-1] += '\n'
        lines.append('\\ no newline at the end\n')
    return lines


def difference(left, right, names):
    """The unified diff of two outcomes under the masks NAMES, '' if none."""
    left = left.masked(names)
    right = right.masked(names)
    parts = []
    for key in sorted(set(left) | set(right)):
        a_text = left.get(key, '')
        b_text = right.get(key, '')
        if a_text != b_text or (key in left) != (key in right):
            parts += difflib.unified_diff(
                lines_of(a_text), lines_of(b_text), 'A ' + key, 'B ' + key)
            if a_text == b_text:
                parts.append('only %s has "%s"\n'
                             % ('A' if key in left else 'B', key))
    return ''.join(parts)


class Verdict:
    """How one case ended: matches, is reasoned, or differs."""

    def __init__(self, case, diff, reason, seconds):
        self.case = case
        self.diff = diff
        self.reason = reason
        self.seconds = seconds
        self.matches = diff == ''


class Suite:
    """Runs cases, a pool of directories among the workers."""

    def __init__(self, program_a, program_b, known, workers):
        self.program_a = program_a
        self.program_b = program_b
        self.known = known
        self.workers = workers
        self.base = tempfile.mkdtemp(prefix='xvsh-diff-')
        self.free = [os.path.join(self.base, 'w%d' % number)
                     for number in range(workers)]

    def judge(self, case):
        root = self.free.pop()
        try:
            left = run_patiently(self.program_a, case, root)
            right = run_patiently(self.program_b, case, root)
        finally:
            self.free.append(root)
        names = case.masks
        diff = difference(left, right, names)
        reason = None
        if diff:
            reason, diff = self.known.excuse(
                case.name, diff,
                lambda more: difference(left, right, names + more))
        return Verdict(case, diff, reason, (left.seconds, right.seconds))

    def run(self, cases):
        """Verdicts in the order of CASES, as they become known."""
        try:
            with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
                yield from pool.map(self.judge, cases)
        finally:
            shutil.rmtree(self.base, ignore_errors=True)


def colon_pair(text):
    """FROM=TO of --b-uri-map, parted at the first '='."""
    left, found, right = text.partition('=')
    if not found:
        raise argparse.ArgumentTypeError('"%s" has no "="' % text)
    return left, right


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--a', default='virsh', help='the program to match')
    parser.add_argument('--b', default=os.path.join(TOP, 'build', 'xvsh'),
                        help='the program under test')
    parser.add_argument('--b-uri-map', action='append', default=[],
                        type=colon_pair, metavar='FROM=TO',
                        help='give B the URI TO for FROM; a * that ends FROM '
                        'stands for the rest, put where TO has a *')
    parser.add_argument('--patience', type=float, default=1.0, metavar='N',
                        help='multiply the time limits of B (sanitizers)')
    parser.add_argument('-k', metavar='SUBSTR', default='',
                        help='only cases whose name or file contains it')
    parser.add_argument('-j', type=int, default=2, metavar='N',
                        help='workers (default 2)')
    parser.add_argument('--list', action='store_true',
                        help='print the names of the cases and leave')
    parser.add_argument('--show', action='store_true',
                        help='print what A does, compare nothing')
    parser.add_argument('--tap', action='store_true',
                        help='one TAP line a case')
    parser.add_argument('--slow', action='store_true',
                        help='name the ten slowest cases at the end')
    return parser.parse_args()


def report_tap(number, verdict):
    name = verdict.case.name.replace('#', '\\#')
    print('%sok %d - diff: %s' % ('' if verdict.matches else 'not ', number,
                                  name))
    for line in verdict.diff.splitlines():
        print('# ' + line)


def report_text(verdict):
    if not verdict.matches:
        print('FAILED %s (%s)' % (verdict.case.name, verdict.case.where))
        for line in verdict.diff.splitlines():
            print('    ' + line)


def count_commands(cases):
    """Command lines: those of a list, and those of a given script."""
    total = 0
    for case in cases:
        total += len(case.commands)
        if not case.commands:
            total += 1 if case.stdin is None else case.stdin.count('\n')
    return total


def main():
    options = parse_arguments()
    sys.stdout.reconfigure(errors='backslashreplace')
    try:
        cases = casefile.read_all(HERE)
        known = reasons.Reasons(os.path.join(HERE, 'reasons.tsv'))
    except (casefile.CaseError, reasons.ReasonError) as error:
        sys.exit('run.py: %s' % error)
    every = len(cases)
    cases = [case for case in cases
             if options.k in case.name or options.k in case.where]
    for case in cases:
        for name in case.masks:
            if name not in masks.MASKS:
                sys.exit('run.py: %s: no mask "%s"' % (case.where, name))
    if options.list:
        for case in cases:
            print(case.name)
        return 0
    program_a = Program(options.a)
    if options.show:
        show(program_a, cases)
        return 0
    program_b = Program(options.b, options.b_uri_map, options.patience)
    whole = len(cases) == every and program_a.words != program_b.words
    stale_count = len(known.entries) if whole else 0
    if options.tap:
        print('1..%d' % (len(cases) + stale_count))
    started = time.time()
    verdicts = []
    for verdict in Suite(program_a, program_b, known, options.j).run(cases):
        verdicts.append(verdict)
        if options.tap:
            report_tap(len(verdicts), verdict)
        else:
            report_text(verdict)
        sys.stdout.flush()
    failed = sum(not verdict.matches for verdict in verdicts)
    if whole:
        failed += report_reasons(known, len(verdicts), options.tap)
    report_summary(options, verdicts, cases, failed, time.time() - started)
    return 1 if failed else 0


def show(program, cases):
    """Print the outcome of each case, for those who write cases."""
    base = tempfile.mkdtemp(prefix='xvsh-diff-')
    try:
        for case in cases:
            outcome = run_patiently(program, case,
                                    os.path.join(base, 'w'))
            print('== %s (%s)' % (case.name, case.where))
            for key, text in outcome.texts.items():
                if text:
                    print('%s:' % key)
                    sys.stdout.writelines('    ' + line
                                          for line in lines_of(text))
    finally:
        shutil.rmtree(base, ignore_errors=True)


def report_reasons(known, number, tap):
    """Say which entries of reasons.tsv are still needed; count the rest."""
    stale = 0
    for entry in known.entries:
        number += 1
        if tap:
            print('%sok %d - diff: reason still needed: %s %s'
                  % ('' if entry.used else 'not ', number, entry.cases,
                     entry.what))
        elif not entry.used:
            print('FAILED reasons.tsv: no longer needed: %s %s'
                  % (entry.cases, entry.what))
        stale += not entry.used
    return stale


def report_summary(options, verdicts, cases, failed, seconds):
    excused = sum(verdict.reason is not None for verdict in verdicts)
    same = sum(verdict.matches for verdict in verdicts)
    out = sys.stderr if options.tap else sys.stdout
    print('%d of %d cases match (%d command lines, %d reasoned), %d failed, '
          '%.0f s' % (same, len(verdicts), count_commands(cases), excused,
                      failed, seconds), file=out)
    if options.slow:
        order = sorted(verdicts, key=lambda verdict: -sum(verdict.seconds))
        for verdict in order[:10]:
            print('%6.2f s A %6.2f s B  %s' % (verdict.seconds + (
                verdict.case.name,)), file=out)


if __name__ == '__main__':
    sys.exit(main())
