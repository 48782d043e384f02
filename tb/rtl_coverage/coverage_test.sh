#!/usr/bin/env bash
# What coverage.py takes for covered, for a hole and for a hole that is explained.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/rtl" "$work/out/runs"
printf '%s\n' 'module a (' 'input logic [1:0] x' ');' 'logic [1:0] rows_q[2];' \
  'b #(.N(f(1))) u_b (' 'if (never) y = 1;' 'endmodule' >"$work/rtl/a.sv"
printf '%s\n' '// of y' 'logic y;' >"$work/rtl/b.sv"

# branch LINE NAME TIMES
branch() {
  printf "C '\001f\002rtl/a.sv\001l\002%s\001n\0023\001page\002v_line/a\001o\002%s\001h\002TOP.a' %s\n" "$@"
}
# expect CODE TEXT: with the rows of holes.csv on standard input.
expect() {
  local got=0
  { echo kind,file,what,reason && cat; } >"$work/holes.csv"
  "$here/coverage.py" unused --merged "$work/merged.dat" --rtl "$work/rtl" \
    --out "$work/out" --holes "$work/holes.csv" >"$work/output" 2>&1 || got=$?
  [ "$got" = "$1" ] && grep -qF -- "$2" "$work/output" && return
  echo "exit code $got instead of $1, or does not say '$2':" >&2
  cat "$work/output" >&2
  exit 1
}

{
  branch 1 block 5
  branch 6 if 0
} >"$work/merged.dat"
printf '%s\n' 'TOP x 00' 'TOP/a N 0' 'TOP/a x 01' 'TOP/a rows_q[0] 00' 'TOP/a rows_q[1] 10' \
  'TOP/a/u_b y 0' >"$work/out/runs/small.toggles"
expect 1 "hole: a.sv:6: line if" </dev/null
expect 1 "hole: a.sv:2: toggle x[1]" </dev/null
expect 1 "line         1 of 2 covered: 50.00 %" </dev/null
# Two bits of x, two elements and two bits of rows_q, y.
expect 1 "toggle       3 of 7 covered: 42.86 %" </dev/null
expect 1 "hole: b.sv:2: toggle y" </dev/null
expect 1 "hole: a.sv:4: toggle rows_q[0]" </dev/null
expect 1 "hole: a.sv:4: toggle rows_q[*][0]" </dev/null
well=('line,a.sv,if \(never\).*,why' 'toggle,a.sv,rows_q\[(\*\]\[)?0\],why' 'toggle,b.sv,y,why')
printf '%s\n' "${well[@]}" 'toggle,a.sv,x\[1\],why' | expect 0 "42.86 %"
printf '%s\n' "${well[@]}" 'toggle,a.sv,x.*,why' | expect 1 "but covered: x[0]"
printf '%s\n' "${well[@]}" 'toggle,a.sv,x\[1\],why' 'toggle,a.sv,z,why' |
  expect 1 "there is no such point"
# Of two instances or two sets one is enough.
echo 'TOP/a x 10' >"$work/out/runs/large.toggles"
printf '%s\n' "${well[@]}" | expect 0 "toggle       4 of 7 covered: 57.14 %"
