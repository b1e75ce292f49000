#!/bin/sh
# SPDX-FileCopyrightText: The Asyncify authors
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# The app as it is installed: installed into a scratch folder, and looked at by a program as a desktop
# does: installed.sh BUILD-FOLDER PREFIX PROGRAM. In the environment: MESON.

[ -n "${MESON-}" ] || { echo '1..0 # SKIP meson is not in the PATH'; exit 0; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$1 program=$3 suite=installed
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck source=tests/cases.sh
. "$here/../cases.sh"

fail () { sed 's/^/# /' "$scratch/said"; echo "Bail out! $1"; exit 1; }

install_copy "$build" "$scratch" >"$scratch/said" 2>&1 </dev/null || fail 'it could not be installed'
root=$scratch/root prefix=$scratch/root$2

# Which programs are started is written down in full; for the moment they are in the scratch folder.
service=$prefix/share/dbus-1/services/io.github.asyncify.Demo.service
sed "s|^Exec=/|Exec=$root/|" "$service" >"$scratch/moved.service" 2>"$scratch/said" || fail 'no service'
mv "$scratch/moved.service" "$service"

# Whoever makes a package of it does this where that is installed; without DESTDIR meson does.
glib-compile-schemas --strict "$prefix/share/glib-2.0/schemas" >"$scratch/said" 2>&1 ||
  fail 'the schema can not be compiled'

# Nothing but what was installed, and what it needs of the system
unset GSETTINGS_SCHEMA_DIR
LINGUAS=$(sed '/^#/d' "$here/../../po/LINGUAS" | tr '\n' ' ')
export LINGUAS
INSTALLED=$prefix PATH=$prefix/bin:$PATH XDG_DATA_DIRS=$prefix/share:/usr/share "$program"
