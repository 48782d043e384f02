#!/usr/bin/env bash
# Verilates a walker into one C++ file, so that whoever compiles it needs no list of Verilator's files.
#   rtl/verilate.sh RTL SET CLASS OUT [options of verilator]
# RTL: folder with vctoe_walker.sv, its blocks and the package. SET: small, standard or large, the
# parameters of rtl/README.md. Leaves OUT/CLASS.h and OUT/CLASS_all.cpp; OUT is emptied before.
set -euo pipefail

rtl=$1 set=$2 class=$3 out=$4
shift 4

case $set in  # E W Q T P S C A N
  small) values=(1 2 2 3 2 1 2 1 8) ;;
  standard) values=(4 20 16 32 16 16 64 8 1024) ;;
  large) values=(8 64 64 128 64 64 1024 16 4096) ;;
  *)
    echo "verilate.sh: no parameter set $set" >&2
    exit 2
    ;;
esac
names=(Engines Walks Queue Tags Pages Sets Cursors Anchors Connections)
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
