#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: pseudo.py TEMPLATE.pot RESULT.po

Translates into no language at all: what the app says stays readable, but has accents, is half as
long again, and stands ⟦in brackets⟧. What is shown without brackets has not been translated.
"""

import re
import sys

# What must stay: printf's formats, escapes, markup, and the letter of a mnemonic
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0']*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j)?[a-zA-Z%]"
                  r'|\\.|</?\w[^<>]*>|&\w+;|_\w')
VOWELS = str.maketrans({'a': 'àá', 'e': 'éê', 'i': 'íì', 'o': 'ôó', 'u': 'úù',
                        'A': 'ÀÁ', 'E': 'ÉÊ', 'I': 'ÍÌ', 'O': 'ÔÓ', 'U': 'ÚÙ', 'y': 'ýÿ'})
HEADER = ('Content-Type: text/plain; charset=UTF-8\\n'
          'Content-Transfer-Encoding: 8bit\\n'
          'Plural-Forms: nplurals=2; plural=(n != 1);\\n')


def translate(text):
    pieces = []
    end = 0
    for kept in KEPT.finditer(text):
        pieces += [text[end:kept.start()].translate(VOWELS), kept.group()]
        end = kept.end()
    pieces.append(text[end:].translate(VOWELS))
    translated = ''.join(pieces)
    # Both have to end in a new line, or neither.
    if translated.endswith('\\n'):
        return f'⟦{translated[:-2]}⟧\\n'
    return f'⟦{translated}⟧'


def read_messages(path):
    """Yields a dictionary for each message, with the strings still escaped."""
    message, key = {}, None
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            start = re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? ', line)
            if start:
                if start.group(1) in ('msgctxt', 'msgid') and 'msgstr' in message:
                    yield message
                    message = {}
                key = start.group(1)
                message.setdefault(key, '')
            if start or line.startswith('"'):
                message[key] += line[line.index('"') + 1:line.rindex('"')]
    yield message


def write_message(file, message):
    if 'msgctxt' in message:
        file.write(f'msgctxt "{message["msgctxt"]}"\n')
    file.write(f'msgid "{message["msgid"]}"\n')
    if message['msgid'] == '':
        file.write(f'msgstr "{HEADER}"\n\n')
    elif 'msgid_plural' in message:
        file.write(f'msgid_plural "{message["msgid_plural"]}"\n'
                   f'msgstr[0] "{translate(message["msgid"])}"\n'
                   f'msgstr[1] "{translate(message["msgid_plural"])}"\n\n')
    else:
        file.write(f'msgstr "{translate(message["msgid"])}"\n\n')


def main():
    with open(sys.argv[2], 'w', encoding='utf-8') as file:
        for message in read_messages(sys.argv[1]):
            write_message(file, message)


main()
