# Running: every end that a point may come to, idempotence, and what is collected.
. "$(dirname "$0")/../cli/expect.sh"
. "$(dirname "$0")/sweeps.sh"

cat >ends.toml <<'T'
[[axis]]
parameter = "schemes"
values = ["fig3"]
[[axis]]
parameter = "behaviour"
values = ["good", "differ", "monitor", "user", "model", "crash", "hang"]
[[objective]]
metric = "goodput"
direction = "max"
at_least = 1e9
T
expect 0 "7 points" sweep plan ends.toml --out ends --no-estimate
expect 3 "1 ok, 2 failed, 1 refused, 1 broken, 1 crashed, 1 timeout" \
  sweep run ends --jobs 2 --time-limit 1
expect 0 "crashed: crashed (Segmentation fault)" sweep status ends
expect 0 "its last words: about to fall over" sweep status ends
expect 0 "its last words: going in circles" sweep status ends
expect 0 "a pinned frame was swapped out" sweep status ends
expect 0 "7 points, 1 ok" sweep collect ends
check "ok and pass" grep -q '^0,ok,1,.*,fig3,1,good,' ends/results.csv
check "a failed point does not pass" grep -q '^1,failed,0,' ends/results.csv
check "the column dictionary" grep -q '^goodput,metric,bit/s,max,' ends/columns.csv

# Only what another attempt may change is run again.
touch -d 2000-01-01 ends/results/000/*.json
cp ends/results.csv before
expect 3 "2 of them run now" sweep run ends --time-limit 1
check "finished points stay" test "$(find ends/results -newermt 2001-01-01 -type f | wc -l)" = 2
expect 0 "1 ok" sweep collect ends
check "the same table" cmp before ends/results.csv

# A torn result is found and run again; a foreign one stops everything.
head -c 100 ends/results/000/000000.json >torn; cp torn ends/results/000/000000.json
expect 3 "3 of them run now" sweep run ends --time-limit 1
sed -i 's/3000000000/4000000000/; s/"goodput":1000000000/"goodput":1000000001/' ends/results/000/000000.json
expect 3 "3 of them run now" sweep resume ends --time-limit 1
expect 0 "1 ok" sweep collect ends
check "the same table after damage" cmp before ends/results.csv
sed 's/"fig3"/"fig8"/' ends.toml >other.toml
expect 0 "7 points" sweep plan other.toml --out other --no-estimate
mkdir -p other/results; cp -r ends/results/000 other/results/
cp -r other/results kept
expect 2 "is a result of another plan" sweep run other
expect 2 "is a result of another plan" sweep collect other
check "and nothing is lost" diff -r other/results kept

# Parts of a sweep, for job arrays.
sed 's/values = \["good".*/values = ["good", "warn"]/; s/"fig3"/"fig3", "fig8", "fig11"/' ends.toml >good.toml
sed -i 's/, "warn"//' good.toml
expect 0 "3 points" sweep plan good.toml --out good --no-estimate
expect 0 "1 of them run now" sweep run good --points 1..1
expect 0 "missing   2" sweep status good
expect 0 "2 points have not run" sweep collect good
check "missing rows stand there" grep -q '^2,missing,,' good/results.csv
expect 0 "2 of them run now" sweep run good --points 0..2
expect 0 "0 of them run now" sweep run good
expect 2 "the plan ends with point 2" sweep run good --points 0..3
expect 2 "is no list of points" sweep run good --points 2..1
expect 2 "is no list of points" sweep run good --points 1,
expect 0 "2 points: 2 ok" sweep run good --points 0,2
expect 2 "unknown engine" sweep run good --engine moon
expect 2 "--memory" sweep run good --memory much
expect 0 "3 ok" sweep run good --memory "2 GiB"

# A point that wants more memory than it may have. (Address space: the program alone takes some.)
sed 's/values = \["good".*/values = ["greedy"]/' ends.toml >greedy.toml
expect 0 "1 points" sweep plan greedy.toml --out greedy --no-estimate
expect 3 "1 memory" sweep run greedy --memory "1 GiB"
expect 0 "memory: wanted more memory than --memory allows" sweep status greedy
expect 0 "its last words: taking all" sweep status greedy
expect 3 "1 of them run now" sweep resume greedy --memory "1 GiB"

# Two drivers on one folder share the points.
waiting_seeds 20 >shared.toml
expect 0 "20 points" sweep plan shared.toml --out shared --no-estimate
"$program" sweep run shared --jobs 2 >one 2>&1 &
"$program" sweep run shared --jobs 2 >two 2>&1
wait $!
sum=0
for n in $(sed -n 's/ of them run now.*//p' one two); do sum=$((sum + n)); done
check "each point is run once, not $sum times" test $sum = 20
check "both worked" test "$(grep -c "were left to other drivers" one two | grep -c ':1$')" = 2
expect 0 "20 points, 20 ok" sweep collect shared
finish
