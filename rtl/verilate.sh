#!/usr/bin/env bash
# Verilates a walker into one C++ file, so that whoever compiles it needs no list of Verilator's files.
#   rtl/verilate.sh RTL SET CLASS OUT [options of verilator]
# RTL: folder with vctoe_walker.sv, its blocks and the package. SET: a parameter set of
# parameters.sh. Leaves OUT/CLASS.h and OUT/CLASS_all.cpp; OUT is emptied before.
set -euo pipefail

rtl=$1 set=$2 class=$3 out=$4
shift 4

# shellcheck source=rtl/parameters.sh
. "$(dirname "$0")/parameters.sh"
walker_parameters "$set"
parameters=()
for i in "${!names[@]}"; do parameters+=("-G${names[i]}=${values[i]}"); done

[ -e "$rtl/vctoe_walker.sv" ] || {
  echo "verilate.sh: no vctoe_walker.sv in $rtl" >&2
  exit 2
}
# The packages first: what uses them comes after.
sources=()
for file in "$rtl"/*_pkg.sv "$rtl"/*.sv; do
  [ -e "$file" ] || continue
  [[ " ${sources[*]-} " == *" $file "* ]] || sources+=("$file")
done

rm -rf "$out"
mkdir -p "$out"
verilator --cc --prefix "$class" --Mdir "$out" --top-module vctoe_walker -Wno-fatal -Wno-lint \
  -Wno-style -Werror-USERERROR "${parameters[@]}" "$@" "${sources[@]}"
for file in "$out"/*.cpp; do echo "#include \"$(basename "$file")\""; done >"$out/all"
mv "$out/all" "$out/${class}_all.cpp"
