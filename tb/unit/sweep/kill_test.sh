# kill -9 of the driver, of points and of the whole job at random moments: after resume the table is byte-identical.
. "$(dirname "$0")/../cli/expect.sh"
. "$(dirname "$0")/sweeps.sh"

seeds 400 fig3 fig8 >sweep.toml
undisturbed sweep.toml calm 800 --jobs 2

# Twenty rounds, of each kind in turn: single points and then the driver, the driver alone, and the
# whole process group at once, as a batch system or a shell ends a job.
set -m
RANDOM=7
points_hit=0
"$program" sweep plan sweep.toml --out wild --no-estimate >stdout
for round in $(seq 20); do
  "$program" sweep run wild --jobs 2 >stdout 2>stderr &
  driver=$!
  if [ $((round % 3)) = 0 ]; then
    hits=$((points_hit + 4))
    for _ in $(seq 200); do
      read -r one two <"/proc/$driver/task/$driver/children" || true
      [ $((RANDOM % 2)) = 0 ] && [ -n "$two" ] && one=$two
      [ -n "$one" ] && kill -9 $one && points_hit=$((points_hit + 1))
      [ $points_hit -lt $hits ] || break
      sleep 0.00$((RANDOM % 10))
    done 2>/dev/null
  fi
  sleep 0.0$((RANDOM % 5))$((RANDOM % 10))
  if [ $((round % 3)) = 1 ]; then kill -9 -- -$driver; else kill -9 $driver; fi 2>/dev/null
  wait $driver 2>/dev/null
done
check "points were hit" test $points_hit -ge 10
expect 0 "missing" sweep status wild
expect 0 "800 ok" sweep resume wild --jobs 2
expect 0 "800 points, 800 ok" sweep collect wild
check "the table is the same" cmp calm/results.csv wild/results.csv
expect 0 "0 of them run now" sweep run wild
check "nothing is left aside" test -z "$(ls -A wild/parts)"
cp -r wild/results before
expect 0 "0 of them run now" sweep resume wild
check "running twice changes nothing" diff -r before wild/results

# Ctrl-C: the points die, what was done is kept.
good_and_hang >slow.toml
expect 0 "2 points" sweep plan slow.toml --out slow --no-estimate
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
interrupt $driver
check "says how to go on" grep -q "vctoe sweep resume slow goes on" stderr
for child in $children; do check "child $child is gone" test ! -e /proc/$child/exe; done
expect 0 "missing   1" sweep status slow
finish
