#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: translations.py TEMPLATE.pot PO_FOLDER MSGMERGE MSGFMT

Names each translation that lacks something that the app says today, or is wrong in its form.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Two counts may stand before it: those that are fuzzy, and those that are not translated.
COMPLETE = re.compile(r'^\d+ translated messages?\.$', re.MULTILINE)


def run(*command):
    return subprocess.run(command, env={**os.environ, 'LC_ALL': 'C'}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, encoding='utf-8', check=False)


def check(po, template, merged, msgmerge, msgfmt):
    """What is in the app, but not in the translation, comes in by merging."""
    made = run(msgmerge, '--quiet', f'--output-file={merged}', str(po), template)
    if made.returncode != 0:
        return [made.stdout]

    for file in (str(po), str(merged)):
        made = run(msgfmt, '--check', '--check-accelerators=_', '--statistics',
                   f'--output-file={os.devnull}', file)
        if made.returncode != 0 or not COMPLETE.search(made.stdout) or 'warning' in made.stdout:
            return [f'{po.name}: {made.stdout}']
    return []


def main():
    template, folder, *tools = sys.argv[1:]
    folder = pathlib.Path(folder)
    languages = [line for line in (folder / 'LINGUAS').read_text('utf-8').splitlines()
                 if not line.startswith('#') for line in line.split()]
    problems = [f'{po.name} is not in LINGUAS' for po in folder.glob('*.po')
                if po.stem not in languages]

    with tempfile.TemporaryDirectory() as scratch:
        for language in languages:
            problems += check(folder / f'{language}.po', template,
                              pathlib.Path(scratch) / f'{language}.po', *tools)

    print('\n'.join(problems))
    return 1 if problems else 0


sys.exit(main())
