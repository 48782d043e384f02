#!/usr/bin/env bash
# What walker_bench says on its command line, and recordings.
#   command_line_test.sh WALKER_BENCH
set -euo pipefail
bench=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "$1" >&2
  exit 1
}
# expect CODE TEXT COMMAND...: it ends with the code and says the text.
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$@" >output 2>&1 </dev/null || got=$?
  [ "$got" = "$code" ] || { cat output; fail "exit code $got instead of $code: $*"; }
  grep -qF -- "$text" output || { cat output; fail "does not say '$text': $*"; }
}

for name in "fault while other walks queue" "reset with fetches in flight" "full buffer with retry" \
  "translation miss during a prefetch" random; do
  expect 0 "$name" "$bench" --list
done
expect 0 "3 runs" "$bench" --test random --set small --runs 3 --seed 5
expect 0 "all well" "$bench" --test "full buffer with retry" --set standard --wave always --out waves
[ -s waves/full_buffer_with_retry_standard_1.vcd ] || fail "no waves"
expect 0 "functional coverage, small" "$bench" --test random --set small --runs 1 --coverage c.json
[ -s c.json ] || fail "no coverage"
"$bench" --set nonsense >/dev/null 2>&1 && fail "takes any set"
expect 2 "no test of this name" "$bench" --test nonsense

# What was recorded is what comes again, also in the largest walker; what was changed is found.
expect 0 "all well" "$bench" --test "fault while other walks queue" --set standard --record a.rec
expect 0 "no divergence" "$bench" replay a.rec
expect 0 "set standard" "$bench" replay a.rec
expect 0 "no divergence" "$bench" replay a.rec --set large
expect 0 "all well" "$bench" --test "cancel at every step" --set small --record b.rec
expect 0 "no divergence" "$bench" replay b.rec
changed=$(grep -n ' out 0 ' a.rec | sed -n 3p | cut -d: -f1)
awk -v n="$changed" 'NR == n { $9 = $9 "1" } { print }' a.rec >changed.rec
expect 1 "another output than in line $changed" "$bench" replay changed.rec
grep -q 'recorded: .*replayed: ' <(tr '\n' ' ' <output) || fail "not both values"
expect 2 "no recording of a walker" "$bench" replay c.json
