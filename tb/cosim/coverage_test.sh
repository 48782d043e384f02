#!/usr/bin/env bash
# Every bin of the functional coverage is hit in every parameter set, by random walks and the directed
# tests.
#   coverage_test.sh WALKER_BENCH
set -euo pipefail
bench=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
holes=0
for set in small standard large; do
  "$bench" --set "$set" --walks 20000 --wave never --coverage "$work/coverage.json" >"$work/report"
  cat "$work/report"
  if grep -q '^  hole:' "$work/report"; then holes=1; fi
  grep -q "^functional coverage, $set: " "$work/report"
done
exit "$holes"
