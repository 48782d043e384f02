#!/usr/bin/env bash
# clang-tidy over what changed since a commit, or over everything:
#   tb/lint.sh              files that differ from HEAD
#   tb/lint.sh COMMIT       files that differ from that commit
#   tb/lint.sh --all        every source file
# BUILD names a folder with compile_commands.json (default: build/release).
set -euo pipefail
cd "$(dirname "$0")/.."

command -v clang-tidy >/dev/null || {
  echo "clang-tidy is not installed: nothing was checked" >&2
  exit 0
}
build=${BUILD:-build/release}
[ -e "$build/compile_commands.json" ] || {
  echo "$build/compile_commands.json is missing: run ./vctoe test once, or set BUILD" >&2
  exit 2
}

candidates() {
  if [ "${1-}" = --all ]; then
    git ls-files '*.cpp'
  else
    git diff --name-only --diff-filter=d "${1:-HEAD}" -- '*.cpp'
  fi
}

# Only what is compiled here: optional parts have no entry.
files=()
for file in $(candidates "$@"); do
  grep -qF "\"$PWD/$file\"" "$build/compile_commands.json" && files+=("$file")
done
[ ${#files[@]} = 0 ] && exit 0
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build"
