# shellcheck shell=sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# What tests that are scripts have in common. They set: suite, the first part of the names of their
# cases; scratch, a folder of their own.
: "${suite:?}" "${scratch:?}"

# case_ NAME COMMAND...: passes if the command succeeds and says nothing
n=0
case_ ()
{
  n=$((n + 1))
  name=$1
  shift
  if "$@" >"$scratch/said" 2>&1 </dev/null && [ ! -s "$scratch/said" ]; then
    echo "ok $n - /$suite/$name"
  else
    sed 's/^/# /' "$scratch/said"
    echo "not ok $n - /$suite/$name"
  fi
}

skip ()
{
  n=$((n + 1))
  echo "ok $n - /$suite/$1 # SKIP $2"
}

# install_copy BUILD SCRATCH [ARGUMENT...]: installs what BUILD has built into SCRATCH/root. In the
# environment: MESON.
# Where meson writes down what it installed is a folder of ours: in the build folder that is kept
# for what a person installed from there.
install_copy ()
{
  from=$1 to=$2
  shift 2
  mkdir -p "$to/build/meson-private" "$to/build/meson-logs"
  ln -s "$from/meson-private/install.dat" "$to/build/meson-private"
  for file in "$from"/*; do
    [ -e "$to/build/${file##*/}" ] || ln -s "$file" "$to/build"
  done
  "$MESON" install -C "$to/build" --destdir "$to/root" --no-rebuild --quiet "$@"
}
