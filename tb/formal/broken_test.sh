#!/usr/bin/env bash
# A block that is broken on purpose is not proven, and the trace of its failure is left for the one who
# looks.
#   broken_test.sh SOURCE_DIR [all]
# Without `all` only what takes seconds.
set -euo pipefail

source=$1
all=${2-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# breaks BLOCK FILE WHAT-SED-DOES SENTENCE: the proof of a broken copy fails and says why
breaks() {
  local block=$1 file=vctoe_walker_$2.sv edit=$3 what=$4
  rm -rf "$work/rtl" "$work/out"
  cp -r "$source/rtl" "$work/rtl"
  sed -i "$edit" "$work/rtl/$file"
  if cmp -s "$source/rtl/$file" "$work/rtl/$file"; then
    echo "the edit of $file changes nothing: $what" >&2
    exit 1
  fi
  local code=0
  python3 "$source/tb/formal/prove.py" --quick --mode base --mode induction --block "$block" \
    --rtl "$work/rtl" --out "$work/out" >"$work/said" || code=$?
  if [ $code != 1 ] || ! grep -q ' failed ' "$work/said" || ! grep -q ': .*assert\|: .*));' "$work/said"; then
    echo "proven although broken ($what), exit code $code:" >&2
    cat "$work/said" >&2
    exit 1
  fi
  if [ -z "$(find "$work/out" -name '*.vcd' -size +0)" ]; then
    echo "no trace of the failure: $what" >&2
    exit 1
  fi
  echo "$block, $what: $(grep -A1 ' failed ' "$work/said" | tail -1 | sed 's/^ *//')"
}

# planted BLOCK FILE NAME: the same with a bug that a switch plants (docs/walker_bench.md)
planted() {
  breaks "$1" "$2" "s/\`ifdef VCTOE_BUG_$3/\`ifndef VCTOE_BUG_$3_/; s/\`ifndef VCTOE_BUG_$3\$/\`ifdef VCTOE_BUG_$3/" \
    "planted $3"
}

breaks fifo fifo 's/assign push_ready_o = .*/assign push_ready_o = 1'"'"'b1;/' 'takes words when full'
breaks fifo fifo 's/assign pop_data_o = .*/assign pop_data_o = words_q[tail_q];/' 'gives the newest word'
breaks arbiter arbiter 's/assign preferred = .*/assign preferred = '"'"'0;/' 'prefers the first always'
planted reader reader TAG_REUSED_EARLY
[ "$all" = all ] || exit 0

planted engine engine WRAP_COMPARE_UNSIGNED
planted engine engine LOOP_LIMIT_OFF_BY_ONE
planted engine engine MISALIGNED_ACCEPTED
breaks engine engine 's/if (rest < 32.(piece)) piece = .*/;/' 'a block goes beyond its record'
breaks engine engine 's/assign out_valid_o = !killed \&\& /assign out_valid_o = /' 'offers in the cycle of a cancel'
breaks engine engine 's/record_fault = vctoe_walker_pkg::FaultZeroSize/record_fault = vctoe_walker_pkg::FaultSequenceGap/' 'the code of another fault'
planted reader reader COMPLETION_ERROR_DROPPED
planted reader reader CANCEL_LEAVES_FETCH
planted reader spell OFFSET_ADDED_TWICE
planted cache cache STALE_CACHE_AFTER_INVALIDATE
breaks cache cache 's/owner_q\[LineBits.(32.(lookup_set)\*Ways+w)\] ==$/1 || &/' 'a record of another connection is a hit'
breaks tlb tlb 's/drop = holds_q\[entry\] == .0;/drop = 1;/' 'a page goes while a read holds it'
breaks tlb tlb "s/sharer_count_q\[room_entry\] <= CountBits'(1);/sharer_count_q[room_entry] <= CountBits'(2);/" 'a page stays pinned that nobody uses'
breaks cursors cursors 's/nearer = of_list \&\&/nearer =/' 'a place of another list is an answer'
breaks cursors cursors "s/if (state_q == StVoid && of_list) valid_q.*//" 'a list entered anew keeps its places'
breaks park park 's/if (take_valid_i) live_q.*/;/' 'the slot of a walk in progress is given again'
breaks park park "s/awake_q\[i\] <= 1'b0;/;/" 'a cancelled walk comes back'
breaks park park 's/if (wake_valid_i && parked_q.wake_slot_i.)/if (wake_valid_i)/' 'a walk that an engine has comes back'
