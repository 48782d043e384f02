# --engine script: what the templates become, and the ones that can be run here.
engines=$(cd "$(dirname "$0")/../../../traces/sweeps/engines" && pwd)
. "$(dirname "$0")/../cli/expect.sh"
. "$(dirname "$0")/sweeps.sh"

seeds 12 >sweep.toml
undisturbed sweep.toml calm 12
expect 0 "12 points" sweep plan sweep.toml --out dry --no-estimate

# becomes TEMPLATE LINE...: each stands in what is made of the template.
becomes() {
  local template=$1 line
  shift
  expect 0 "" sweep run dry --engine script --template "$engines/$template" --chunk 5 \
    --time-limit 60 --dry-run
  for line in "$@"; do check "$template: $line" grep -qxF -- "$line" stdout; done
  check "$template: nothing is left to fill in" test -z "$(grep -E '\{(command|first|last|index_env)\}' stdout)"
}
command="$program sweep run-task $folder/dry --job NNNN --time-limit 60"
becomes lsf.sh '#BSUB -J "vctoe[1-3]%8"' 'export VCTOE_TASK="$LSB_JOBINDEX"' "exec $command"
becomes pbs.sh '#PBS -J 1-3' 'export VCTOE_TASK="$PBS_ARRAY_INDEX"' "exec $command"
becomes sge.sh '#$ -t 1-3' 'export VCTOE_TASK="$SGE_TASK_ID"' "exec $command"
becomes htcondor.sub "arguments            = \"-c '$command'\"" \
  'environment          = "VCTOE_TASK=$(task)"' 'queue task from seq 1 3 |'
becomes parallel.sh "seq 1 3 | parallel --will-cite -q env VCTOE_TASK={} $command"
becomes xargs.sh "seq 1 3 | xargs -P 2 -I @@ env VCTOE_TASK=@@ $command"
check "a dry run writes nothing" test "$(ls dry)" = plan.jsonl

# Really run: xargs, and GNU parallel where it is installed.
for tool in xargs parallel; do
  command -v $tool >/dev/null || { echo "$tool is not installed: tested by text only"; continue; }
  expect 0 "12 points" sweep plan sweep.toml --out with_$tool --no-estimate
  expect 0 "12 points: 12 ok" sweep run with_$tool --engine script --chunk 5 \
    --template "$engines/$tool.sh" --submit sh
  check "three tasks" test "$(wc -l <with_$tool/jobs/0001/tasks)" = 3
  expect 0 "12 ok" sweep collect with_$tool
  check "the same table as the local engine" cmp calm/results.csv with_$tool/results.csv
done

# What stands for LSF: runs the tasks of the array in turn.
cat >bsub <<'T'
cat >job.sh
last=$(sed -n 's/^#BSUB -J "vctoe\[1-\([0-9]*\)\]%8"$/\1/p' job.sh)
for i in $(seq "$last"); do LSB_JOBINDEX=$i sh job.sh; done
T
# Only what is missing is handed over; a folder with odd letters is quoted.
mkdir "it's odd"
cp -r with_xargs "it's odd/dir"
rm "it's odd/dir/results/000/000003.json" "it's odd/dir/results/000/000007.json"
expect 0 "12 points: 12 ok" sweep resume "it's odd/dir" --engine script --chunk 1 \
  --template "$engines/lsf.sh" --submit 'sh bsub <'
check "just these" test "$(tr '\n' ' ' <"it's odd/dir/jobs/0002/tasks")" = "3 7 "

# Without --submit the script is only written, with its name.
expect 0 "1 tasks in $folder/dry/jobs/0001/script" sweep run dry --engine script \
  --template "$engines/sge.sh" --chunk 100
expect 0 "12 of them run now" sweep run-task dry --job 0001 --task 1
expect 2 "there is no task 2" sweep run-task dry --job 0001 --task 2
expect 2 "cannot read dry/jobs/0009/tasks" sweep run-task dry --job 0009 --task 1
VCTOE_TASK=1 expect 0 "0 of them run now" sweep run-task dry --job 0001

echo 'exec {command}' >bad.sh
expect 2 "bad.sh does not contain {last}" sweep run dry --engine script --template bad.sh
expect 2 "needs --template" sweep run dry --engine script
expect 2 "cannot read none.sh" sweep run dry --engine script --template none.sh
expect 2 "--template has no meaning with --engine slurm" \
  sweep run dry --engine slurm --template bad.sh
expect 2 "--max-tasks has no meaning with --engine local" sweep run dry --max-tasks 3
expect 2 "legal: local, slurm, script" sweep run dry --engine lsf
finish
