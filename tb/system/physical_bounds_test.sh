# A figure that beats its physical bound fails the run, with exit code 1 and a message that names
# both; a sweep has the point as failed.
# Usage: physical_bounds_test.sh LYING_PROGRAM
set -u
program=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0
fail() {
  echo "$1"
  failures=$((failures + 1))
}
quick=(--scheme fig3 --set stream.size=1MiB --set stream.swapped=0 --set pressure.instances=0
  --set net.loss.kind=none --out run)

expect() {  # expect CODE TEXT: of a run with the lie in VCTOE_LIE
  "$program" run "${quick[@]}" >output 2>&1
  local got=$?
  [ "$got" = "$1" ] || fail "VCTOE_LIE=${VCTOE_LIE-}: exit code $got instead of $1"
  grep -qF -- "$2" output || fail "VCTOE_LIE=${VCTOE_LIE-}: nothing says '$2'"
}

expect 0 "fig3"
export VCTOE_LIE
VCTOE_LIE=goodput
expect 1 "fig3 failed: goodput 9.5e+09 bit/s beats its physical bound, at most 9.414824e+09 bit/s"
VCTOE_LIE=completion
expect 1 "completion 1e-06 s beats its physical bound, at least"
VCTOE_LIE=pinned
expect 1 "pinned_integral 1 B.s beats its physical bound, at least"
grep -qF '"ok": false' run/stats.json || fail "stats.json says that it was well"

cat >s.toml <<'TOML'
[set]
stream.size = "256 KiB"
pressure.instances = 0
[[axis]]
parameter = "schemes"
values = ["fig3"]
TOML
"$program" sweep plan s.toml --out s --no-estimate >output 2>&1 || fail "no plan"
"$program" sweep run s >output 2>&1
[ $? = 1 ] || fail "the sweep did not fail"
grep -qF "1 failed" output || fail "the point is not a failed one"
[ "$failures" = 0 ]
