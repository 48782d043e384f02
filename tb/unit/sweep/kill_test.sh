# kill -9 of the driver and of points at random moments: after resume the table is byte-identical.
. "$(dirname "$0")/../cli/expect.sh"

cat >sweep.toml <<'T'
[[axis]]
parameter = "schemes"
values = ["fig3", "fig8"]
[[axis]]
parameter = "seed"
from = 1
to = 150
step = 1
T
expect 0 "300 points" sweep plan sweep.toml --out calm --no-estimate
expect 0 "300 ok" sweep run calm --jobs 2
expect 0 "300 points, 300 ok" sweep collect calm

RANDOM=7
"$program" sweep plan sweep.toml --out wild --no-estimate >stdout
for round in $(seq 20); do
  "$program" sweep run wild --jobs 2 >stdout 2>stderr &
  driver=$!
  for _ in $(seq $((RANDOM % 4))); do
    sleep 0.00$((RANDOM % 10))
    for point in $(cat /proc/$driver/task/$driver/children 2>/dev/null); do kill -9 "$point" 2>/dev/null; done
  done
  sleep 0.0$((RANDOM % 5))$((RANDOM % 10))
  kill -9 $driver 2>/dev/null
  wait $driver 2>/dev/null
done
expect 0 "points" sweep status wild
expect 0 "300 ok" sweep resume wild --jobs 2
expect 0 "300 points, 300 ok" sweep collect wild
check "the table is the same" cmp calm/results.csv wild/results.csv
expect 0 "0 of them run now" sweep run wild
check "nothing is left aside" test -z "$(ls -A wild/parts)"
cp -r wild/results before
expect 0 "0 of them run now" sweep resume wild
check "running twice changes nothing" diff -r before wild/results

# Ctrl-C: the points die, what was done is kept.
cat >slow.toml <<'T'
[[axis]]
parameter = "schemes"
values = ["fig3"]
[[axis]]
parameter = "behaviour"
values = ["good", "hang"]
T
expect 0 "2 points" sweep plan slow.toml --out slow --no-estimate
set -m
"$program" sweep run slow --jobs 1 >stdout 2>stderr &
driver=$!
for _ in $(seq 100); do
  [ -e slow/results/000/000000.json ] && break
  sleep 0.05
done
sleep 0.1
children=$(cat /proc/$driver/task/$driver/children)
"$program" sweep status slow >status
check "status sees the driver" grep -q "^running: .*1 jobs" status
kill -INT $driver
code=0
wait $driver || code=$?
check "exit code 130 instead of $code" test $code = 130
check "says how to go on" grep -q "vctoe sweep resume slow goes on" stderr
for child in $children; do check "child $child is gone" test ! -e /proc/$child/exe; done
expect 0 "missing   1" sweep status slow
finish
