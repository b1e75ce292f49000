#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# Whether the icons are what their folders promise: icons.sh FOLDER-OF-ICONS

command -v xmllint >/dev/null || { echo '1..0 # SKIP xmllint is not in the PATH'; exit 0; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
icons=$1 suite=icons
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck source=tests/cases.sh
. "$here/../cases.sh"

get () { xmllint --xpath "string(/*/@$2)" "$1"; }

# A picture that says how large it is, as high as it is wide; what it draws is that large, too.
check_square ()
{
  xmllint --noout "$1"
  width=$(get "$1" width) height=$(get "$1" height) box=$(get "$1" viewBox)
  [ -n "$width" ] || echo 'it has no width'
  [ "$width" = "$height" ] || echo "it is $width wide and $height high"
  [ "$box" = "0 0 $width $height" ] || echo "its viewBox is $box"
}

# It gets the colour of the text around it.
check_symbolic ()
{
  check_square "$1"
  [ "$(get "$1" width)" = 16 ] || echo "its width is $(get "$1" width), not 16"
  ! grep -o 'gradient\|opacity\|<image\|<text' "$1"
}

for file in "$icons"/scalable/*/*.svg; do
  case_ "scalable/$(basename "$file" .svg)" check_square "$file"
done
for file in "$icons"/symbolic/*/*.svg; do
  case_ "symbolic/$(basename "$file" .svg)" check_symbolic "$file"
done
echo "1..$n"
