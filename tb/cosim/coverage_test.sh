#!/usr/bin/env bash
# Every bin of the functional coverage is hit in every parameter set, by random walks and the directed
# tests.
#   coverage_test.sh WALKER_BENCH
set -euo pipefail
bench=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for set in small standard large; do
  "$bench" --set "$set" --walks 20000 --wave never --coverage "$work/coverage.json" >"$work/report"
  cat "$work/report"
done
# Merged with the runs before: the last word of each set is what counts.
! grep -q '^  hole:' "$work/report"
"$bench" --test "cancel at every step" --wave never --coverage "$work/coverage.json" >"$work/report"
cat "$work/report"
! grep -q '^  hole:' "$work/report"
