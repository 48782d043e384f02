#!/usr/bin/env bash
# The bench on another walker with the top-level interface of rtl/README.md:
#   user_rtl.sh BUILD RTL [options of walker_bench]
# RTL: folder with vctoe_walker.sv and all that it needs. Only the parameter sets that --set names are
# made (default: standard). What is made is kept in BUILD/user_rtl and made again when a file of RTL is
# newer. VERILATOR_FLAGS: further options of verilator, such as +define+NAME.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$(readlink -f "$1")
rtl=$(readlink -f "$2") || rtl=$2
shift 2

fail() {
  echo "vctoe: $1" >&2
  exit 2
}
[ -e "$rtl/vctoe_walker.sv" ] || fail "no vctoe_walker.sv in $rtl"
library=$build/tb/cosim/libvctoe_walker_bench.a
[ -e "$library" ] || fail "the bench is not built: run ./vctoe verify walker --list once"

sets=() previous=
for word in "$@"; do
  [ "$previous" != --set ] || sets+=("$word")
  case $word in --set=*) sets+=("${word#--set=}") ;; esac
  previous=$word
done
if [ ${#sets[@]} = 0 ]; then
  sets=(standard)
  set -- --set standard "$@"
fi

verilator_root=$(verilator --getenv VERILATOR_ROOT)
key=$(printf '%s' "$rtl ${VERILATOR_FLAGS-}" | cksum | cut -d' ' -f1)
out=$build/user_rtl/$key
mkdir -p "$out"
compiler=(g++ -std=c++17 -O1 -w "-I$root" "-I$verilator_root/include"
  "-I$verilator_root/include/vltstd")
command -v ccache >/dev/null && compiler=(ccache "${compiler[@]}")

# make_set SET: $out/SET.o
make_set() {
  local set=$1 class=VUser${1^}
  [ -e "$out/$set.o" ] && [ -z "$(find "$rtl" -name '*.sv*' -newer "$out/$set.o")" ] && return
  echo "vctoe: making the $set walker of $rtl" >&2
  # shellcheck disable=SC2086  # the flags are words
  "$root/rtl/verilate.sh" "$rtl" "$set" "$class" "$out/$set" --trace -O3 --assert \
    +define+VCTOE_ASSERT --x-assign unique --x-initial unique ${VERILATOR_FLAGS-} ||
    fail "verilator does not take what is in $rtl"
  "${compiler[@]}" "-I$out/$set" -c "$out/$set/${class}_all.cpp" -o "$out/${set}_model.o"
  "${compiler[@]}" "-I$out/$set" "-DVCTOE_MODEL=$class" "-DVCTOE_HEADER=\"$class.h\"" \
    "-DVCTOE_MAKE=make_$set" -c "$root/tb/cosim/verilated_model.cpp" -o "$out/$set.o"
}

objects=()
for set in small standard large; do
  if [[ " ${sets[*]} " == *" $set "* ]]; then
    make_set "$set"
    objects+=("$out/$set.o" "$out/${set}_model.o")
  else
    objects+=("$out/no_$set.o")
    [ -e "$out/no_$set.o" ] && continue
    printf '%s\n' '#include <stdexcept>' '#include "tb/cosim/models.h"' \
      "std::unique_ptr<vctoe::cosim::Dut> vctoe::cosim::make_$set(std::uint64_t) {" \
      "  throw std::runtime_error(\"name the set with --set $set\");" '}' >"$out/no_$set.cpp"
    "${compiler[@]}" -c "$out/no_$set.cpp" -o "$out/no_$set.o"
  fi
done
for part in main models; do
  object=$build/user_rtl/$part.o
  objects+=("$object")
  [ "$object" -nt "$root/tb/cosim/$part.cpp" ] && [ "$object" -nt "$library" ] && continue
  "${compiler[@]}" -c "$root/tb/cosim/$part.cpp" -o "$object"
done
bench=$out/walker_bench_$(printf '%s_' "${sets[@]}")
newest=$(ls -t "${objects[@]}" "$library" | head -n 1)
if [ ! -e "$bench" ] || [ "$newest" -nt "$bench" ]; then
  "${compiler[@]}" "${objects[@]}" "$library" \
    "$build/models/nic/libvctoe_walker_recording.a" "$build/rtl/libvctoe_verilated.a" \
    -lfmt -lpthread -o "$bench"
fi
exec "$bench" "$@"
