#!/usr/bin/env bash
# Draws the wave pictures of rtl/README.md anew, from a simulation of the walker:
#   rtl/pictures.sh [TEST [OUT]]
# TEST: the program of the latency tests (default: build/release/tb/unit/rtl/unit_rtl).
# OUT: default rtl/pictures.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
test=$(realpath "${1:-$root/build/release/tb/unit/rtl/unit_rtl}")
out=${2:-$root/rtl/pictures}
dumps=$(mktemp -d)
trap 'rm -rf "$dumps"' EXIT

# What it finds of the figures is for the tests; here only its dumps matter.
VCTOE_RTL_DUMPS=$dumps SC_COPYRIGHT_MESSAGE=DISABLE "$test" --gtest_filter='Latency.*' \
  >"$dumps/log" || grep -q 'PASSED' "$dumps/log"
python3 "$root/rtl/pictures.py" "$dumps" "$out"
