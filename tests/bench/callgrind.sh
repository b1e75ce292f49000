#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# Instructions per call under callgrind, of Asyncify and of GTask: callgrind.sh BENCH-CALL [CALLS]
# It is the difference of two runs of unequal length, so that what a process costs anyway drops
# out. Unlike times, the figures hardly depend on what else the machine does. They count all that
# threads do, also while they wait awake for something; what a thread sleeps costs nothing here.

bench=$1
calls=${2:-10000}

command -v valgrind >/dev/null 2>&1 || { echo 'valgrind is not there'; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# count WAY WHAT CALLS: the instructions of one run
count ()
{
  valgrind --tool=callgrind --callgrind-out-file="$scratch/out" "$bench" --way="$1" --only="$2" \
    --calls="$3" --round-trips="$3" >/dev/null 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    exit 1
  }
  sed -n 's/.*Collected : //p' "$scratch/log"
}

# per_call WAY WHAT
per_call ()
{
  few=$(count "$1" "$2" "$calls")
  many=$(count "$1" "$2" $((3 * calls)))
  echo $(((many - few) / (2 * calls)))
}

echo 'Instructions per call    Asyncify     GTask     ratio'
for what in burst round-trip; do
  ours=$(per_call asyncify $what)
  theirs=$(per_call gtask $what)
  echo "$what $ours $theirs" | awk '{ printf "  %-20s %10d %9d %9.3f\n", $1, $2, $3, $2 / $3 }'
done
