#!/usr/bin/env bash
# What coverage.py takes for covered, for a hole and for a hole that is explained.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/rtl"
printf 'module a;\nif (never) b = 1;\nendmodule\n' >"$work/rtl/a.sv"

# point PAGE LINE NAME TIMES
point() {
  printf "C '\001f\002rtl/a.sv\001l\002%s\001n\0023\001page\002%s\001o\002%s\001h\002TOP.a' %s\n" \
    "$2" "$1" "$3" "$4"
}
# expect CODE TEXT: with the rows of holes.csv on standard input.
expect() {
  local got=0
  { echo kind,file,what,reason && cat; } >"$work/holes.csv"
  "$here/coverage.py" unused --merged "$work/merged.dat" --rtl "$work/rtl" \
    --holes "$work/holes.csv" >"$work/output" 2>&1 || got=$?
  [ "$got" = "$1" ] && grep -qF -- "$2" "$work/output" && return
  echo "exit code $got instead of $1, or does not say '$2':" >&2
  cat "$work/output" >&2
  exit 1
}

{
  point v_line/a 1 block 5
  point v_line/a 2 if 0
  point v_toggle/a 1 'x[0]' 3
  point v_toggle/a 1 'x[1]' 0
  point v_toggle/a 1 'x[1]' 0
} >"$work/merged.dat"
expect 1 "hole: a.sv:2: line if" </dev/null
expect 1 "hole: a.sv:1: toggle x[1]" </dev/null
expect 1 "line         1 of 2 covered: 50.00 %" </dev/null
printf '%s\n' 'line,a.sv,if \(never\).*,why' 'toggle,a.sv,x\[1\],why' | expect 0 "50.00 %"
printf '%s\n' 'line,a.sv,if \(never\).*,why' 'toggle,a.sv,x.*,why' | expect 1 "but covered: x[0]"
printf '%s\n' 'line,a.sv,if \(never\).*,why' 'toggle,a.sv,x\[1\],why' 'toggle,a.sv,y,why' |
  expect 1 "there is no such point"
# Of two instances or two sets one is enough.
point v_toggle/a 1 'x[1]' 2 >>"$work/merged.dat"
printf '%s\n' 'line,a.sv,if \(never\).*,why' | expect 0 "toggle       2 of 2 covered: 100.00 %"
