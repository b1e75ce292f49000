#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# What the shared library exports is what is documented: symbols.sh LIBRARY FILE..., the library's
# headers and sources.

case $(uname -s) in
  Darwin|MINGW*|MSYS*|CYGWIN*) echo '1..0 # SKIP only what an ELF library exports can be read here'; exit 0 ;;
esac
command -v nm >/dev/null || { echo '1..0 # SKIP nm is not there'; exit 0; }

export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

library=$1
shift
nm -D -P --defined-only "$library" | cut -d ' ' -f 1 | sort >"$scratch/exported"

# The names of what has a doc comment, with "since" behind them if that says since when
awk '
  /^ *\/\*\*$/ { getline; name = ($2 ~ /^[A-Za-z0-9_]+:$/) ? $2 : ""; since = "" }
  name && / \* Since: [0-9]/ { since = " since" }
  name && /\*\/$/ { print substr (name, 1, length (name) - 1) since; name = "" }
' "$@" | sort >"$scratch/documented"

# A type stands for its asyncify_..._get_type ().
awk '
  /_get_type$/ {
    sub (/_get_type$/, "")
    n = split ($0, words, "_")
    $0 = ""
    for (i = 1; i <= n; i++)
      $0 = $0 toupper (substr (words[i], 1, 1)) substr (words[i], 2)
  }
  { print $0 " since" }
' "$scratch/exported" | sort >"$scratch/wanted"

# report NAME: the case passes if the standard input is empty, which else is said
n=0
report ()
{
  n=$((n + 1))
  sed 's/^/# /' >"$scratch/said"
  if [ -s "$scratch/said" ]; then
    cat "$scratch/said"
    echo "not ok $n - /symbols/$1"
  else
    echo "ok $n - /symbols/$1"
  fi
}

{
  grep -v '^asyncify_' "$scratch/exported" || true
  grep -q '^asyncify_' "$scratch/exported" || echo 'nothing of ours'
} >"$scratch/others"
report only-ours-are-exported <"$scratch/others"

comm -23 "$scratch/wanted" "$scratch/documented" |
  sed 's/ since$/ has no doc comment, or none with "Since:"/' >"$scratch/missing"
report what-is-exported-is-documented <"$scratch/missing"

sed 's/ since$//' "$scratch/documented" | grep '^asyncify_' | comm -23 - "$scratch/exported" \
  >"$scratch/hidden"
report what-is-documented-is-exported <"$scratch/hidden"

echo "1..$n"
