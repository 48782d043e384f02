# For tests on a real Slurm of two virtual nodes. Sourced with the program as $1 and perhaps "user"
# as $2: then all is done as an ordinary user, which only root can arrange.
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
for tool in munged slurmctld slurmd sbatch; do
  command -v $tool >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
id -un >/dev/null 2>&1 || { echo "skipped: this user has no name"; exit 77; }
if [ "${2-}" = user ]; then
  [ "$(id -u)" = 0 ] || { echo "skipped: this is an ordinary user already"; exit 77; }
  private=$(mktemp -d)
  cp "$1" "$here"/*.sh "$here/../../cli/expect.sh" "$here/../sweeps.sh" "$private"
  chown -R 65534:65534 "$private"
  cd /
  TMPDIR=$private HOME=$private setpriv --reuid=65534 --regid=65534 --clear-groups \
    bash "$private/$(basename "$0")" "$private/$(basename "$1")"
  code=$?
  rm -rf "$private"
  exit $code
fi
if [ -e "$here/expect.sh" ]; then  # where all lie in one folder
  . "$here/expect.sh"
  . "$here/sweeps.sh"
else
  . "$here/../../cli/expect.sh"
  . "$here/../sweeps.sh"
fi
cp "$program" "$folder/vctoe"  # by this path its processes are known
program=$folder/vctoe
trap clear_up EXIT
trap 'exit 1' TERM
clear_up() {
  local left
  left=$(tasks_and_points 0)  # of a test that failed
  [ -z "$left" ] || kill -9 $left
  "$here/cluster.sh" down "$folder/cluster"
  rm -rf "$folder"
}
mkdir cluster
"$here/cluster.sh" up "$folder/cluster" || { echo "FAILED: no cluster"; exit 1; }
export SLURM_CONF=$folder/cluster/slurm.conf

# Processes of the program, the driver excepted: tasks and their points.
tasks_and_points() {
  local p
  for p in /proc/[0-9]*; do
    [ "$(readlink "$p/exe")" = "$program" ] && [ "${p#/proc/}" != "$1" ] && echo "${p#/proc/}"
  done
}

# wait_until SECONDS COMMAND...
wait_until() {
  local tries=$(($1 * 10))
  shift
  for _ in $(seq $tries); do
    "$@" && return 0
    sleep 0.1
  done
  return 1
}
results() { find "$1/results" -name '*.json' 2>/dev/null | wc -l; }
has_results() { [ "$(results "$1")" -ge "$2" ]; }
