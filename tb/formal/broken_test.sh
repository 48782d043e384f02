#!/usr/bin/env bash
# A block that is broken on purpose is not proven, and its trace is left for the one who looks.
#   broken_test.sh SOURCE_DIR
set -euo pipefail

source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# breaks BLOCK WHAT-SED-DOES SENTENCE: the proof of a broken copy fails and says why
breaks() {
  local block=$1 edit=$2 what=$3
  rm -rf "$work/rtl" "$work/out"
  cp -r "$source/rtl" "$work/rtl"
  sed -i "$edit" "$work/rtl/vctoe_walker_$block.sv"
  if cmp -s "$source/rtl/vctoe_walker_$block.sv" "$work/rtl/vctoe_walker_$block.sv"; then
    echo "the edit of $block changes nothing: $what" >&2
    exit 1
  fi
  local code=0
  python3 "$source/tb/formal/prove.py" --quick --block "$block" --rtl "$work/rtl" \
    --out "$work/out" >"$work/said" || code=$?
  if [ $code != 1 ] || ! grep -q ' failed ' "$work/said"; then
    echo "proven although broken ($what), exit code $code:" >&2
    cat "$work/said" >&2
    exit 1
  fi
  if [ -z "$(find "$work/out" -name trace.vcd -size +0)" ]; then
    echo "no trace of the failure: $what" >&2
    exit 1
  fi
}

breaks fifo 's/assign push_ready_o = .*/assign push_ready_o = 1'"'"'b1;/' 'takes words when full'
breaks fifo 's/assign pop_data_o = .*/assign pop_data_o = words_q[tail_q];/' 'gives the newest word'
breaks arbiter 's/assign preferred = .*/assign preferred = '"'"'0;/' 'prefers the first always'
