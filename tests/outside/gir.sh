#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# What stands above the public functions, as the tools read it: gir.sh FILE..., the headers and
# sources of the library. In the environment: TOP, the folder of the sources; LIBRARY_DIR, where the
# library was built; TEST_CFLAGS, parted by a '|'.

command -v g-ir-scanner >/dev/null || { echo '1..0 # SKIP g-ir-scanner is not there'; exit 0; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# It would leave a cache in the home folder.
export GI_SCANNER_DISABLE_CACHE=1

# case_ NAME COMMAND...: passes if the command succeeds and says nothing
n=0
case_ ()
{
  n=$((n + 1))
  name=$1
  shift
  if "$@" >"$scratch/said" 2>&1 </dev/null && [ ! -s "$scratch/said" ]; then
    echo "ok $n - /gir/$name"
  else
    sed 's/^/# /' "$scratch/said"
    echo "not ok $n - /gir/$name"
  fi
}

scan ()
{
  (
    IFS='|'
    # shellcheck disable=SC2086
    set -- $TEST_CFLAGS --cflags-end "$@"
    unset IFS
    g-ir-scanner --warn-all --warn-error --quiet --no-libtool --namespace=Asyncify --nsversion=0 \
      --identifier-prefix=Asyncify --symbol-prefix=asyncify --accept-unprefixed --include=Gio-2.0 \
      --c-include=asyncify/asyncify.h --pkg=gio-2.0 --pkg-export=asyncify --library=asyncify \
      --library-path="$LIBRARY_DIR" -L"$LIBRARY_DIR" --sources-top-dirs="$TOP" \
      --output="$scratch/Asyncify-0.gir" -DASYNCIFY_COMPILATION --cflags-begin "$@"
  )
}

reference ()
{
  gi-docgen generate --quiet --fatal-warnings -C "$TOP/docs/asyncify.toml" \
    --output-dir "$scratch/reference" "$scratch/Asyncify-0.gir"
}

case_ scanner-has-nothing-to-say scan "$@"
# The others read what it made.
[ -f "$scratch/Asyncify-0.gir" ] || { echo "Bail out! there is no GIR"; exit 1; }
case_ all-is-documented "$here/undocumented.py" "$scratch/Asyncify-0.gir"
if command -v gi-docgen >/dev/null; then
  case_ reference-can-be-made reference
else
  n=$((n + 1))
  echo "ok $n - /gir/reference-can-be-made # SKIP gi-docgen is not there"
fi
echo "1..$n"
