#!/usr/bin/env bash
# Packs the least of some inputs that reach as much as all of them, as the new corpus.
# Usage: pack.sh PROGRAM DIR...
set -euo pipefail
program=$1
shift
corpus=$(dirname "$(readlink -f "$0")")/corpus
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/receive"
"$program" -set_cover_merge=1 "$scratch/receive" "$@" 2>&1 | tail -n 1
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$scratch" -cf - receive |
  gzip -9n >"$corpus/receive.tar.gz"
