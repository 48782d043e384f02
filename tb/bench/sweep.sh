#!/usr/bin/env bash
# What a sweep costs beside the single runs of its points (docs/performance.md).
#
#   tb/bench/sweep.sh [BUILD_DIR [POINTS [ROUNDS]]]     default: build/release 28 3
#   tb/bench/sweep.sh BUILD_DIR all                     the whole study, once, by the clock
#
# POINTS of the headline study (16 MiB each), spread evenly over it, are run as a sweep on two cores
# and one by one with `vctoe run`, in turn. CPU time counts (user and system, of the driver and all
# its children; the least of all rounds): it means something on a machine that others use, too. The
# clock is printed beside it. Exit code 1 when a limit is missed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(realpath "${1:-$root/build/release}")
points=${2:-28}
rounds=${3:-3}
cmake --build "$build" --target vctoe >/dev/null
vctoe=$build/sw/cli/vctoe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
missed=0
TIMEFORMAT='%U %S %R'

# report TEXT VALUE LIMIT
report() {
  local verdict=ok
  awk "BEGIN { exit !($2 <= $3) }" || { verdict=MISSED; missed=1; }
  printf '%-62s %9.3f  <= %-6s %s\n' "$1" "$2" "$3" "$verdict"
}
# Of the lines "user system real" in a file: the least CPU time, and the least time by the clock.
least_cpu() { awk '{ c = $1 + $2; if (NR == 1 || c < m) m = c } END { print m }' "$1"; }
least_real() { awk '{ if (NR == 1 || $3 < m) m = $3 } END { print m }' "$1"; }
# seconds FILE COMMAND...: adds a line to the file.
seconds() {
  local file=$1
  shift
  if ! { time "$@" >log 2>&1; } 2>>"$file"; then
    cat log >&2
    exit 1
  fi
}

"$vctoe" sweep plan headline --out plan --no-estimate >log
all=$(($(wc -l <plan/plan.jsonl) - 1))

if [ "$points" = all ]; then
  cp -r plan full
  seconds full.t "$vctoe" sweep run full --jobs 2
  tail -2 log
  report "the whole study, $all points on two cores, seconds" "$(least_real full.t)" 300
  exit $missed
fi

# The indices, and the single runs as a script: what the plan sets at each of these points.
python3 - "$points" "$root/traces" >indices <<'P'
import json, shlex, sys, tomllib
lines = open("plan/plan.jsonl").read().splitlines()[1:]
count = min(int(sys.argv[1]), len(lines))
chosen = [i * len(lines) // count for i in range(count)]
study = tomllib.load(open(sys.argv[2] + "/sweeps/headline.toml", "rb"))
changes = [f"{group}.{key}={v}" for group, keys in study["set"].items() for key, v in keys.items()]
with open("singles", "w") as out:
    for i in chosen:
        p = json.loads(lines[i])
        own = [f"{k}={v}" for k, v in p["set"].items()]
        sets = " ".join("--set " + shlex.quote(s) for s in changes + own)
        out.write(f'"$1" run {shlex.quote(sys.argv[2] + "/default.toml")} --scheme {p["scheme"]} --seed {p["seed"]}'
                  f" {sets} --out single --jobs 1 || exit\n")
print(",".join(map(str, chosen)))
P
for round in $(seq "$rounds"); do
  cp -r plan sweep.$round
  seconds sweep.t "$vctoe" sweep run sweep.$round --points "$(cat indices)" --jobs 2
  seconds single.t bash singles "$vctoe"
done

cores=$(nproc)
sweep=$(least_cpu sweep.t)
single=$(least_cpu single.t)
printf 'CPU seconds of %s points: %s as a sweep, %s one by one; %s cores, load %s\n' \
  "$points" "$sweep" "$single" "$cores" "$(cut -d' ' -f1 /proc/loadavg)"
awk -v s="$(least_real sweep.t)" -v o="$(least_real single.t)" 'BEGIN {
  printf "by the clock: %s as a sweep on two cores, %s one by one; half of that = 1: %.3f\n", s, o, 2 * s / o }'
report 'CPU time of a sweep, its single runs = 1' "$(awk "BEGIN { print $sweep / $single }")" 1.15
report "the whole study on two idle cores, seconds (estimated)" \
  "$(awk "BEGIN { print $sweep / $points * $all / 2 }")" 300
exit $missed
