#!/usr/bin/env bash
# The speed and memory figures of docs/performance.md, measured side by side on this machine.
#
#   tb/bench/figures.sh [BUILD_DIR [ROUNDS]]      default: build/release 5
#
# Prints a line for each figure with its limit; exit code 1 when one is missed. ns-3 takes part
# when Debian's libns3-dev is installed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(realpath "${1:-$root/build/release}")
rounds=${2:-5}
bytes=${VCTOE_BENCH_BYTES:-200000000}
export SC_COPYRIGHT_MESSAGE=DISABLE
cmake --build "$build" --target bulk parts empty side_by_side vctoe >/dev/null
cmake --build "$build" --target ns3_peer >/dev/null 2>&1 || true
bench=$build/tb/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
missed=0

# report TEXT VALUE OPERATOR LIMIT
report() {
  local verdict=ok
  awk "BEGIN { exit !($2 $3 $4) }" || { verdict=MISSED; missed=1; }
  printf '%-58s %8.3f  %s %-6s %s\n' "$1" "$2" "$3" "$4" "$verdict"
}
# ratio NAME NAME [COLUMN]: of two lines of side_by_side in the file "table"
ratio() {
  awk -v a="$1" -v b="$2" -v c="${3:-2}" '$1 == a { x = $c } $1 == b { y = $c } END { print x / y }' table
}

bulk="$bench/bulk --bytes $bytes"
commands=(lossless "$bulk"
          loss "$bulk --loss 0.001"
          pcap96 "$bulk --pcap --snaplen 96"
          pcap "$bulk --pcap"
          vcd "$bulk --vcd-scope sender")
if [ -x "$bench/ns3_peer" ]; then commands+=(ns3 "$bench/ns3_peer $bytes"); fi
"$bench/side_by_side" "$rounds" "${commands[@]}" >table
if [ -x "$bench/ns3_peer" ]; then
  report 'speed against ns-3 3.37, same bulk transfer' "$(ratio ns3 lossless)" '>=' 6
else
  echo 'speed against ns-3: not measured, libns3-dev is not installed'
fi
report 'speed at 0.1 % loss against lossless' "$(ratio lossless loss)" '>=' 0.8
report 'CPU time with pcap, 96 bytes of each frame' "$(ratio pcap96 lossless)" '<=' 1.05
report 'CPU time with pcap, whole frames' "$(ratio pcap lossless)" '<=' 1.5
report 'CPU time with 64 signals as waves' "$(ratio vcd lossless)" '<=' 3

"$bench/parts" --benchmark_filter='events_in_one_queue/(16|1024)$' --benchmark_format=csv \
  --benchmark_repetitions="$rounds" 2>/dev/null |
  awk -F, '/^"events_in_one_queue.16"/ { if ($7 > a) a = $7 }
           /^"events_in_one_queue.1024"/ { if ($7 > b) b = $7 } END { print "few", 0, a; print "many", 0, b }' >table
report 'cost of an event, 1024 in flight against 16' "$(ratio few many 3)" '<=' 2.5

"$bench/side_by_side" 20 empty "$bench/empty" vctoe "$build/sw/cli/vctoe run $root/traces/default.toml \
  --scheme fig8 --set stream.size=0B --set pressure.instances=0 --out $work/out" >table
report 'start to exit of a run without bytes, empty SystemC = 1' "$(ratio vctoe empty)" '<=' 3

cmake --build "$build" --target walker_rtl >/dev/null
report 'RTL walker alone, million cycles in a CPU second' \
  "$(for ((i = 0; i < rounds; i++)); do "$bench/walker_rtl"; done | sort -n | tail -n 1 | cut -d' ' -f1)" \
  '>=' 1.5

# The stream lies in modelled DRAM from the start: what is left must not grow with it. DRAM has one
# size in both, because the operating system keeps something for each of its frames.
"$bench/side_by_side" 1 small "$bench/bulk --bytes 100000000 --dram 1200000000" \
  large "$bench/bulk --bytes 1000000000 --dram 1200000000" >table
report 'memory beside the stream, 1 GB sent against 100 MB' "$(awk '
  $1 == "small" { s = $3 - 100000000 / 1024 } $1 == "large" { l = $3 - 1000000000 / 1024 }
  END { print l / s }' table)" '<=' 1.25

exit $missed
