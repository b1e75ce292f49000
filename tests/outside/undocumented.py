#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: undocumented.py FILE.gir

Names each public thing that has no doc comment, or one that doesn't say since when it is there.
"""

import sys
import xml.etree.ElementTree as ElementTree

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'

# Their members are described in their own comment.
TYPES = {CORE + tag for tag in ('class', 'interface', 'record', 'union', 'enumeration', 'bitfield')}
OTHERS = {CORE + tag for tag in ('alias', 'callback', 'constant', 'constructor', 'function',
                                 'function-macro', 'method', 'property', 'virtual-method')}
OTHERS.add(GLIB + 'signal')


def find_public(parent, path):
    for element in parent:
        if element.tag not in TYPES | OTHERS:
            continue
        name = element.get(C + 'identifier') or element.get(C + 'type') or \
            path + element.get('name')
        # What the macros are made of, and the class structures that G_DECLARE_FINAL_TYPE () makes
        if name.startswith(('ASYNCIFY_P_', 'SYNCIFY_P_')) or \
                element.get(GLIB + 'is-gtype-struct-for') is not None:
            continue
        yield name, element
        if element.tag in (CORE + 'class', CORE + 'interface') or \
                (element.tag in TYPES and element.find(CORE + 'method') is not None):
            yield from find_public(element, name + ':')


def main():
    namespace = ElementTree.parse(sys.argv[1]).getroot().find(CORE + 'namespace')
    count = 0
    for name, element in find_public(namespace, ''):
        count += 1
        if element.find(CORE + 'doc') is None:
            print(f'{name} is not documented')
        elif element.get('version') is None:
            print(f'{name} has no "Since:"')
    if count == 0:
        print('there is nothing in it')


main()
