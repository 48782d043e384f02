#!/usr/bin/env bash
# Every bug that can be planted in the RTL (+define+VCTOE_BUG_<NAME>) is found by the bench within
# 10,000 walks, and what it fails with is cut down to at most 5 requests.
#   planted_bugs.sh BUILD SET [NAME...]      default: all of them
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$1 set=$2
shift 2
all=(stale_cache_after_invalidate tag_reused_early wrap_compare_unsigned loop_limit_off_by_one
  cancel_leaves_fetch offset_added_twice fault_ends_neighbour prefetch_past_end misaligned_accepted
  completion_error_dropped)
[ $# -gt 0 ] || set -- "${all[@]}"

failures=0
for bug in "$@"; do
  code=0
  report=$(VERILATOR_FLAGS=+define+VCTOE_BUG_${bug^^} "$root/tb/cosim/user_rtl.sh" "$build" \
    "$root/rtl" --set "$set" --test random --walks 10000 --shrink --wave never 2>&1) || code=$?
  requests=$(sed -n 's/^The shortest that still fails, \([0-9]*\) requests:$/\1/p' <<<"$report")
  walks=$(sed -n 's/^[0-9]* runs, \([0-9]*\) walks, .* FAILED$/\1/p' <<<"$report")
  what=$(sed -n 's/^  fails in cycle [0-9]*: //p' <<<"$report")
  echo "$bug: ${walks:-not found} walks, ${requests:-?} requests: ${what:-?}"
  if [ "$code" != 1 ] || [ "${requests:-99}" -gt 5 ]; then
    failures=$((failures + 1))
    echo "$report" | tail -n 40
  fi
done
[ "$failures" = 0 ]
