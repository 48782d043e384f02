# A figure that beats its physical bound fails the run, with exit code 1 and a message that names
# both; a sweep has the point as failed.
. "$(dirname "$0")/../unit/cli/expect.sh"

quick=(run --scheme fig3 --set stream.size=1MiB --set stream.swapped=0 --set pressure.instances=0
  --set net.loss.kind=none --out run)

expect 0 "fig3" "${quick[@]}"
export VCTOE_LIE
VCTOE_LIE=goodput
expect 1 "fig3 failed: goodput 9.5e+09 bit/s beats its physical bound, at most 9.414824e+09 bit/s" \
  "${quick[@]}"
VCTOE_LIE=completion
expect 1 "completion 1e-06 s beats its physical bound, at least" "${quick[@]}"
VCTOE_LIE=pinned
expect 1 "pinned_integral 1 B.s beats its physical bound, at least" "${quick[@]}"
check "stats.json does not say that it was well" grep -qF '"ok": false' run/stats.json

cat >s.toml <<'TOML'
[set]
stream.size = "256 KiB"
pressure.instances = 0
[[axis]]
parameter = "schemes"
values = ["fig3"]
TOML
expect 0 "1 points" sweep plan s.toml --out s --no-estimate
expect 1 "1 failed" sweep run s
finish
