#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: potfiles.py TOP

Names each file with words to translate that is not in po/POTFILES, and each one there without any.
"""

import pathlib
import re
import sys

# What marks a text, and the text
MARKED = {
    '.c': re.compile(r'\b(?:_|N_|C_|NC_|gettext|ngettext|g_dpgettext2?|g_dngettext)\s*\(\s*"'),
    '.ui': re.compile(r'\btranslatable="(?:yes|true|1)"'),
    # The tools know which keys and elements these are.
    '.in': re.compile(r'^\[Desktop Entry\]|<name>', re.MULTILINE),
}
MARKED['.h'] = MARKED['.c']


def find_marked(top):
    for folder in ('data', 'src/demo'):
        for path in (top / folder).rglob('*'):
            if path.suffix in MARKED and MARKED[path.suffix].search(path.read_text('utf-8')):
                yield path.relative_to(top).as_posix()


def main():
    top = pathlib.Path(sys.argv[1])
    listed = (top / 'po' / 'POTFILES').read_text('utf-8').splitlines()
    marked = sorted(find_marked(top))

    problems = [f'{path} has words to translate, and is not in po/POTFILES'
                for path in marked if path not in listed]
    problems += [f'{path} is in po/POTFILES, and has no words to translate'
                 for path in listed if path not in marked]
    if listed != sorted(set(listed)):
        problems.append('po/POTFILES is not sorted')
    if not marked:
        problems.append('no file has words to translate')

    print('\n'.join(problems))
    return 1 if problems else 0


sys.exit(main())
