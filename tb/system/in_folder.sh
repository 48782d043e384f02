# For tests of the whole program. Sourced with the program as $1 and the root of the sources as $2; works
# in a folder of its own, and ends at the first command that fails.
set -eu
export NO_COLOR=1
vctoe=$1
# shellcheck disable=SC2034  # for those who source it
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# lossy SCHEMES SIZE: the text of a scenario with loss, page faults and pressure.
lossy() {
  cat <<END
seed = 7
schemes = "$1"
[stream]
size = "$2"
swapped = 0.5
connections = 3
[nic.toe]
rto_min = "5 ms"
[net.loss]
kind = "bernoulli"
probability = 0.01
[pressure]
instances = 1
END
}

# small_sweep: runs the default scenario with 512 KiB as a sweep in the folder small. What is set besides,
# and the axes, are read from stdin.
small_sweep() {
  {
    printf 'base = "%s"\n[set]\nstream.size = "512 KiB"\n' "$root/traces/default.toml"
    cat
  } >small.toml
  "$vctoe" sweep plan small.toml --out small --no-estimate >/dev/null
  "$vctoe" sweep run small >/dev/null
}
