# Ctrl-C, and kill -9 of the driver, of points, and of a task by Slurm, on a real Slurm: nothing that
# was computed is lost, and after resume the table is that of an undisturbed sweep.
. "$(dirname "$0")/on_cluster.sh"

# Ctrl-C cancels the jobs and leaves results.
good_and_hang >slow.toml
expect 0 "2 points" sweep plan slow.toml --out slow --no-estimate
set -m
"$program" sweep run slow --engine slurm --chunk 1 >stdout 2>stderr &
driver=$!
check "a point ends" wait_until 40 has_results slow 1
interrupt $driver
check "no job is left" test -z "$(squeue -h)"
check "no process is left" test -z "$(tasks_and_points 0)"
expect 0 "ok        1" sweep status slow

# kill -9 of the driver, of a point, of a task and of the job's task by Slurm, at random moments.
waiting_seeds 36 >wait.toml
undisturbed wait.toml quiet 36 --jobs 8
expect 0 "36 points" sweep plan wait.toml --out wild --no-estimate
RANDOM=11
"$program" sweep run wild --engine slurm --chunk 4 --poll 2 >stdout 2>stderr &
driver=$!
check "points end" wait_until 40 has_results wild 1
kill -9 $driver
wait $driver 2>/dev/null
expect 0 "points" sweep status wild
for process in $(tasks_and_points 0 | shuf -n 1 --random-source=<(yes)); do kill -9 "$process" 2>/dev/null; done
sleep 0.$((RANDOM % 10))
scancel "$(squeue -h -r -t running -o %i | tail -1)" 2>/dev/null
for again in 1 2 3; do
  "$program" sweep resume wild --engine slurm --chunk 2 --poll 2 >resume.$again 2>stderr && break
done
check "the first resume waits for what still runs" grep -q "Slurm already runs tasks" resume.1
check "and submits only what is not among it" test "$(cat wild/jobs/0002/tasks 2>/dev/null | wc -l)" -lt 18
expect 0 "36 points, 36 ok" sweep collect wild
check "the same table after kills" cmp quiet/results.csv wild/results.csv
check "every job is closed" test "$(ls wild/jobs/*/ended | wc -l)" = "$(ls wild/jobs | wc -l)"

finish
