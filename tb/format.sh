#!/usr/bin/env bash
# Says which C++ files clang-format would change; with --fix, changes them.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(--dry-run --Werror)
[ "${1-}" = --fix ] && mode=(-i)
find models sw tb \( -name '*.h' -o -name '*.cpp' \) -print0 |
  sort -z | xargs -0 --no-run-if-empty clang-format "${mode[@]}"
