# An array of 40 tasks on a real Slurm with an injected failure, resume of just that index, and the
# same table as the local engine.
. "$(dirname "$0")/on_cluster.sh"

seeds 40 >sweep.toml
undisturbed sweep.toml calm 40

# What would be submitted; the folder is not touched.
expect 0 "40 points" sweep plan sweep.toml --out array --no-estimate
expect 0 "#SBATCH --array=1-40%2" sweep run array --engine slurm --dry-run --chunk 1 --max-tasks 2
check "a dry run writes nothing" test "$(ls array)" = plan.jsonl
# 100 is what this cluster's MaxArraySize allows; a point takes milliseconds, so one task does all.
expect 0 "40 points of a sweep, 40 to a task" sweep run array --engine slurm --dry-run

# Forty tasks, one of which is killed; then just that one.
export VCTOE_PRETEND_CRASH=17
expect 3 "40 points: 39 ok, 1 crashed" sweep run array --engine slurm --chunk 1 --poll 2 \
  --slurm-args "--comment=verbatim --nice=5"
unset VCTOE_PRETEND_CRASH
check "the user's arguments" grep -qx '#SBATCH --comment=verbatim --nice=5' array/jobs/0001/script
check "forty tasks" test "$(wc -l <array/jobs/0001/tasks)" = 40
expect 0 "point 16: crashed: crashed (Killed)" sweep status array
expect 0 "1 of them run now" sweep resume array --engine slurm --chunk 1 --poll 2
check "just that index" test "$(cat array/jobs/0002/tasks)" = 16
expect 0 "40 points, 40 ok" sweep collect array
check "the same table as the local engine" cmp calm/results.csv array/results.csv
expect 0 "0 of them run now" sweep run array --engine slurm
check "nothing was submitted" test ! -e array/jobs/0003

# What cannot be.
expect 0 "40 points" sweep plan sweep.toml --out fresh --no-estimate
expect 2 "sbatch refused" sweep resume fresh --engine slurm --chunk 1 --slurm-args "--partition=none"
seeds 150 >long.toml
expect 0 "150 points" sweep plan long.toml --out long --no-estimate
expect 2 "an array may have 100: --chunk has to be 2 or more" \
  sweep run long --engine slurm --chunk 1
expect 0 "#SBATCH --array=1-75" sweep run long --engine slurm --chunk 2 --dry-run
finish
