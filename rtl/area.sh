#!/usr/bin/env bash
# Area and depth of the walker, as Yosys estimates them: LUTs of six inputs, flip-flops, bits in RAM,
# and LUTs on the longest path between registers or pins.
#   rtl/area.sh [--check | --record] [SET...]     sets: small, medium, standard (default: all)
# --check: fails when a figure is more than 2 % off the last one of its set in data/rtl_area.csv.
# --record: adds the figures there, with the version that they belong to.
#
# A word or a record at a time is read and written of the memories below, so they stay RAMs with
# asynchronous read; of all others several words are looked at in a cycle: flip-flops. Adders are LUTs,
# not carry chains. The large set is left out: too slow.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
csv=$root/data/rtl_area.csv
rams=(u_cache.address_q u_cache.owner_q u_cache.record_q u_cursors.cursor_q u_out.words_q
  u_ahead.ring_q u_park.progress_q u_park.record_q u_queue.walk_q u_reader.want_q
  u_reader.u_tlb.sharers_q)
header=version,sources,set,luts,flip_flops,ram_bits,depth,from

# The parameters of set $1, as arguments of chparam. Small and standard are those of parameters.sh.
parameters() {
  local values names=(Engines Walks Queue Tags Pages Sets Cursors Anchors Connections) i
  case $1 in
    small) values=(1 2 2 3 2 1 2 1 8) ;;
    medium) values=(2 8 8 16 8 8 16 4 128) ;;
    standard) values=(4 20 16 32 16 16 64 8 1024) ;;
    *)
      echo "area.sh: no parameter set $1" >&2
      exit 2
      ;;
  esac
  for i in "${!names[@]}"; do printf ' -set %s %s' "${names[i]}" "${values[i]}"; done
}

# Synthesizes set $1; leaves stat, ltp and rams in folder $2.
synthesize() {
  local choice='' ram
  for ram in "${rams[@]}"; do choice+=" r:MEMID=\\$ram${choice:+ %u}"; done
  yosys -Q -p "read_verilog -sv $root/rtl/vctoe_walker_pkg.sv $(ls "$root"/rtl/vctoe_walker*.sv |
    grep -v _pkg.sv | tr '\n' ' ')
    chparam$(parameters "$1") vctoe_walker
    hierarchy -check -top vctoe_walker
    proc; flatten; opt; wreduce; peepopt; opt_clean; alumacc; opt
    memory_collect
    select -set ram$choice
    dump -o $2/rams @ram
    memory_map t:\$mem_v2 @ram %d
    opt -fast -full
    read_verilog -lib $root/rtl/area_ram.v
    techmap -map $root/rtl/area_ram.v t:\$mem_v2
    opt -fast; techmap; opt -fast
    abc -fast -lut 6; opt_clean
    tee -o $2/stat stat
    tee -o $2/ltp ltp -noff" >"$2/log" 2>&1 || {
    tail -n 5 "$2/log" >&2
    return 1
  }
}

# The row of set $1 from folder $2, without version and sources.
row() {
  local luts ffs bits depth from
  luts=$(awk '$1 == "$lut" { print $2 }' "$2/stat")
  ffs=$(awk '$1 ~ /^\$_S?DFF/ { n += $2 } END { print n }' "$2/stat")
  bits=$(awk '$1 == "parameter" && $2 ~ /SIZE$/ { size = $NF }
    $1 == "parameter" && $(NF - 1) ~ /WIDTH$/ { width = $NF }
    $1 == "end" && size { n += size * width; size = 0 } END { print n }' "$2/rams")
  depth=$(grep -o 'length=[0-9]*' "$2/ltp" | cut -d= -f2)
  from=$(awk '$1 == "0:" { print $2; exit }' "$2/ltp")
  echo "$1,$luts,$ffs,$bits,$depth,${from#\\}"
}

# Is row $1 within 2 % of what the table has for its set?
within() {
  local set=${1%%,*} last
  last=$(awk -F, -v set="$set" '$3 == set { row = $0 } END { print row }' "$csv")
  [ -n "$last" ] || {
    echo "area.sh: data/rtl_area.csv has no row of set $set" >&2
    return 1
  }
  awk -F, -v last="$last" '{
    split(last, old, ",")
    split("luts,flip_flops,ram_bits,depth", name, ",")
    for (i = 1; i <= 4; i++) {
      off = $(i + 1) - old[i + 3]
      if (off * off > (0.02 * old[i + 3]) ^ 2) {
        printf "area.sh: %s: %s is %d, was %d\n", $1, name[i], $(i + 1), old[i + 3]
        bad = 1
      }
    }
    exit bad
  }' <<<"$1" >&2
}

mode=
case ${1-} in --check | --record) mode=$1 && shift ;; esac
[ $# -gt 0 ] || set -- small medium standard
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(git -C "$root" describe --tags --always --dirty 2>/dev/null || echo unknown)
sources=$(cat "$root"/rtl/*.sv | sha256sum | cut -c1-12)
code=0
echo "$header"
for set in "$@"; do
  synthesize "$set" "$work"
  figures=$(row "$set" "$work")
  echo "$version,$sources,$figures"
  case $mode in
    --check) within "$figures" || code=1 ;;
    --record)
      [ -e "$csv" ] || echo "$header" >"$csv"
      echo "$version,$sources,$figures" >>"$csv"
      ;;
  esac
done
exit "$code"
