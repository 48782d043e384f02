#!/usr/bin/env bash
# Makes a netlist into something that the bench can load.
#   tb/mutation/model.sh OUT VERILATED INITIAL [MUTATIONS]
# OUT: what netlist.sh left. VERILATED: Verilator's run-time library. INITIAL: what registers hold
# before reset, "fast" (zero) or "unique" (anything). MUTATIONS: commands of yosys, all in one model;
# the one whose number the program asks for is at work. Leaves OUT/model.so.
set -euo pipefail

root=$(dirname "$(readlink -f "$0")")/../..
out=$1 verilated=$2 initial=$3 mutations=${4-}
include=$(verilator --getenv VERILATOR_ROOT)/include

yosys -q -l "$out/model.log" -p "read_rtlil $out/netlist.il" \
  ${mutations:+-p "script $mutations"} \
  -p "splitnets -driver; opt_clean" -p "write_verilog $out/model.v" \
  >"$out/model.err" 2>&1 || {
  cat "$out/model.err" >&2
  exit 1
}
rm -rf "$out/model"
verilator --cc --prefix VNetlist --Mdir "$out/model" --top-module vctoe_netlist -Wno-fatal \
  -Wno-lint -Wno-style -O3 --x-assign "$initial" --x-initial "$initial" "$out/model.v" \
  >"$out/model.err" 2>&1 || {
  cat "$out/model.err" >&2
  exit 1
}
compiler=("${CXX:-g++}")
[ -z "$(command -v ccache)" ] || compiler=(ccache "${compiler[@]}")
for file in "$out"/model/*.cpp; do echo "#include \"$(basename "$file")\""; done >"$out/all"
mv "$out/all" "$out/model/all.cpp"
flags=(-std=c++17 -fPIC -w -I"$root" -I"$out/model" -isystem "$include"
  -isystem "$include/vltstd" -DVM_TRACE=1 ${mutations:+-DVCTOE_MUTANTS})
"${compiler[@]}" "${flags[@]}" -O1 -c "$out/model/all.cpp" -o "$out/model/all.o"
"${compiler[@]}" "${flags[@]}" -O2 -c "$root/tb/mutation/netlist_model.cpp" -o "$out/model/glue.o"
"${CXX:-g++}" -shared -o "$out/model.so" "$out/model/glue.o" "$out/model/all.o" "$verilated" \
  -lpthread
