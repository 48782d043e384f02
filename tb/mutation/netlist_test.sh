#!/usr/bin/env bash
# The netlist that Yosys makes of the walker does what the source does, on 1,000 random walks. Yosys
# translates some SystemVerilog wrongly without a word; the RTL keeps away from it, and this watches.
#   netlist_test.sh BUILD
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/netlist.sh" "$here/../../rtl" small "$work"
"$here/model.sh" "$work" "$1/rtl/libvctoe_verilated.a" fast
"$1/tb/mutation/netlist_check" "$work/model.so" 1000

# And it would see a difference: one bit of one cell, changed.
yosys -q -p "read_rtlil $work/netlist.il
  mutate -mode inv -module vctoe_netlist -cell u_out.words_q -port RD_DATA -portbit 40
  write_rtlil $work/netlist.il"
"$here/model.sh" "$work" "$1/rtl/libvctoe_verilated.a" fast
if "$1/tb/mutation/netlist_check" "$work/model.so" 1000 >"$work/output"; then
  echo "a changed netlist is taken for the same" >&2
  exit 1
fi
grep -q "source and netlist differ" "$work/output"
