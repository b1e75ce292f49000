#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: unused.py HEADERS-FOLDER [FILE.gir]

Names what the installed headers offer and none of the programs beside this one uses; with a GIR,
properties and signals too.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What only generated code uses, and how the headers are told apart
NOT_BY_HAND = re.compile('asyncify_(call|sync)_|ASYNCIFY_(INSIDE|PUBLIC|FRAME_ALIGNMENT)$|'
                         'A?SYNCIFY_P_')


def find_in_headers(text):
    """Pairs of a name and the expression that finds its use."""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.DOTALL)
    macros = re.findall(r'^ *# *define +(\w+)', text, re.MULTILINE)
    text = re.sub(r'^ *#.*(\\\n.*)*', '', text, flags=re.MULTILINE)

    names = [macro for macro in macros if re.match('A?SYNCIFY_', macro)]
    # For a type's function there is its ASYNCIFY_TYPE_...
    names += [name for name in re.findall(r'^\w[^\n(]*?\b(asyncify_\w+) *\(', text, re.MULTILINE)
              if not name.endswith('_get_type')]
    for enumeration in re.findall(r'typedef enum\s*{(.*?)}', text, re.DOTALL):
        names += re.findall(r'ASYNCIFY_\w+', enumeration)
    yield from ((name, rf'\b{name}\b') for name in names if not NOT_BY_HAND.match(name))

    for members in re.findall(r'typedef struct\s*{([^}]*)} AsyncifyOptions;', text):
        yield from (('AsyncifyOptions.' + name, rf'\.{name}\b')
                    for name in re.findall(r'(\w+);', members))
    # The words for what a function takes and returns
    for macro in macros:
        kind = re.match('ASYNCIFY_P_(?:KIND|RETURN)_(.*)', macro)
        if kind:
            yield kind.group(1), rf'\b{kind.group(1)}\b'


def find_in_gir(path):
    core = '{http://www.gtk.org/introspection/core/1.0}'
    glib = '{http://www.gtk.org/introspection/glib/1.0}'
    for element in ElementTree.parse(path).getroot().iter():
        name = element.get('name')
        if element.tag == core + 'property':
            yield 'the property ' + name, rf'"(notify::)?{name}"'
        elif element.tag == glib + 'signal':
            yield 'the signal ' + name, rf'"{name}"'


def main():
    wanted = []
    for header in sorted(pathlib.Path(sys.argv[1]).glob('*.h')):
        wanted += find_in_headers(header.read_text(encoding='utf-8'))
    for gir in sys.argv[2:]:
        wanted += find_in_gir(gir)
    programs = sorted(pathlib.Path(__file__).parent.glob('outside*.[ch]*'))
    text = '\n'.join(program.read_text(encoding='utf-8') for program in programs)
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.DOTALL)

    if len(wanted) < 50:
        print('there are too few names')
    for name, use in wanted:
        if not re.search(use, text):
            print(f'no program uses {name}')


main()
