#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# The library from outside: installed into a scratch folder, and used from there by programs that
# know nothing else: outside.sh BUILD-FOLDER VERSION. In the environment: MESON, PKG_CONFIG and the
# compilers TEST_CC, TEST_CLANG and TEST_CXX, of which the last two may be missing; the words of a
# command are parted by a '|'.

case $(uname -s) in
  MINGW*|MSYS*|CYGWIN*) echo '1..0 # SKIP programs find their libraries in another way here'; exit 0 ;;
esac
[ -n "${MESON-}" ] || { echo '1..0 # SKIP meson is not in the PATH'; exit 0; }

build=$1 version=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

suite=outside
# shellcheck source=tests/cases.sh
. "$here/../cases.sh"

# words COMMAND ARGUMENT...: runs a command that is parted by a '|'
words ()
{
  (
    command=$1
    shift
    IFS='|'
    # shellcheck disable=SC2086
    exec $command "$@"
  )
}

install () { install_copy "$build" "$scratch" --tags devel,runtime,typelib; }

# asyncify.pc says where the library is in the end; for the moment that is in the scratch folder.
move_pc ()
{
  pc=$(find "$scratch/root" -name asyncify.pc)
  sed "s|^\([a-z]*\)=/|\1=$scratch/root/|" "$pc" >"$scratch/moved.pc"
  mv "$scratch/moved.pc" "$pc"
  dirname "$pc"
}

check_pc ()
{
  "$PKG_CONFIG" --validate asyncify
  said=$("$PKG_CONFIG" --modversion asyncify)
  [ "$said" = "$version" ] || echo "the version is $said"
}

# The headers must include each other, and none that is somewhere else.
check_headers ()
{
  # shellcheck disable=SC2046
  words "$TEST_CC" -M "$here/outside-pair.c" $("$PKG_CONFIG" --cflags asyncify) >"$scratch/included"
  tr ' ' '\n' <"$scratch/included" | grep '/asyncify[-a-z]*\.h$' >"$scratch/ours"
  [ -s "$scratch/ours" ] || echo 'there are none'
  grep -v "^$scratch/root/" "$scratch/ours" || true
}

# Whatever there is is used here. The GIR is there only if it could be built.
check_names ()
{
  # shellcheck disable=SC2046
  "$here/unused.py" "$("$PKG_CONFIG" --variable=includedir asyncify)/asyncify" \
    $(find "$scratch/root" -name 'Asyncify-*.gir')
}

# compile COMPILER ARGUMENT...: as people do
compile ()
{
  # shellcheck disable=SC2046
  words "$@" -Wall -Wextra -Werror $("$PKG_CONFIG" --cflags --libs asyncify)
}

run () { LD_LIBRARY_PATH=$libdir DYLD_LIBRARY_PATH=$libdir "$scratch/program" "$version"; }

# program COMPILER SOURCE...: compiles it and runs it
program ()
{
  rm -f "$scratch/program"
  compile "$@" -o "$scratch/program" && run
}

# The pairs are C's, and the program that calls them is not.
program_in_cxx ()
{
  # shellcheck disable=SC2046
  words "$TEST_CC" -c "$here/outside-shared.c" -o "$scratch/shared.o" \
    $("$PKG_CONFIG" --cflags asyncify) &&
    program "$TEST_CXX" "$here/outside-cxx.cpp" "$scratch/shared.o"
}

# programs_with COMPILER NAME: all that are written in C
programs_with ()
{
  for source in "$here"/outside-*.c; do
    about=${source##*/outside-} shared=
    about=${about%.c}
    [ "$about" != shared ] || continue
    ! grep -q '"outside-shared.h"' "$source" || shared=$here/outside-shared.c
    case_ "$2/$about" program "$1" "$source" ${shared:+"$shared"}
  done
}

case_ installed install
[ -d "$scratch/root" ] || { echo 'Bail out! nothing was installed'; exit 1; }
PKG_CONFIG_PATH=$(move_pc)${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
case_ pkg-config check_pc
libdir=$("$PKG_CONFIG" --variable=libdir asyncify)
case_ headers check_headers
case_ every-name-is-used check_names

programs_with "$TEST_CC" cc
if [ -n "${TEST_CXX-}" ]; then
  case_ cxx program_in_cxx
else
  skip cxx 'there is no C++ compiler'
fi
if [ -n "${TEST_CLANG-}" ]; then
  programs_with "$TEST_CLANG" clang
else
  skip clang 'there is no second compiler'
fi
echo "1..$n"
