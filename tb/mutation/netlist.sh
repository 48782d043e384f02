#!/usr/bin/env bash
# The walker as Yosys understands it.
#   tb/mutation/netlist.sh RTL SET OUT [narrow]
# RTL: folder with vctoe_walker.sv and its blocks. SET: a parameter set of rtl/parameters.sh. Leaves
# OUT/netlist.il: one module, vctoe_netlist, of cells that work on words. Its output trigger is 1 in the
# cycle after one in which an assertion failed, of the RTL or of the checks beside it (tb/checks).
# narrow: performance counters and indices of records have few bits, so that the bench reaches all of them.
# What no input can change is folded away: constants, and what is read nowhere.
set -euo pipefail

root=$(dirname "$(readlink -f "$0")")/../..
rtl=$1 set=$2 out=$3 narrow=${4-}
# shellcheck source=rtl/parameters.sh
. "$root/rtl/parameters.sh"
walker_parameters "$set"
parameters=()
for i in "${!names[@]}"; do parameters+=("-set ${names[i]} ${values[i]}"); done

# Yosys elaborates each block with its default parameters before it does so with those that are asked
# for, which takes minutes if they are large.
mkdir -p "$out/rtl"
for file in "$rtl"/*.sv; do
  sed -E 's/(parameter int unsigned (Engines|Walks|Queue|Tags|Pages|Sets|Cursors|Anchors|Connections|SlotW)) = [0-9]+/\1 = 2/' "$file" \
    >"$out/rtl/$(basename "$file")"
done
[ "$narrow" != narrow ] ||
  sed -i -E 's/(IndexW = )[0-9]+/\19/; s/(CounterW = )[0-9]+/\16/' "$out"/rtl/*_pkg.sv
sources=("$out"/rtl/*_pkg.sv)
for file in "$out"/rtl/*.sv; do
  [[ $file == *_pkg.sv ]] || sources+=("$file")
done
checks=("$root"/tb/checks/*.sv)

# The checks stay apart until the end: what they have in common with the blocks must not become one cell,
# that a mutation would change for both.
# An assertion looks at what was before the clock's edge, and so begins at the second one.
yosys -q -l "$out/netlist.log" -p "
  read_verilog -sv -D VCTOE_ASSERT -D VCTOE_CHECK ${sources[*]} ${checks[*]}
  chparam ${parameters[*]} vctoe_walker
  prep -flatten -top vctoe_walker
  setattr -mod -unset keep_hierarchy *
  flatten
  opt_expr -full; opt_muxtree; opt_reduce; opt_dff; opt_mem; opt_clean
  wreduce; opt_expr -full; opt_muxtree; opt_dff; opt_mem; opt_clean
  rename -top vctoe_netlist
  setattr -set init 1'0 t:\$assert %x:+[EN] w:* %i
  miter -assert -make_outputs vctoe_netlist
  opt_clean
  write_rtlil $out/netlist.il" >"$out/netlist.err" 2>&1 || {
  cat "$out/netlist.err" >&2
  exit 1
}
