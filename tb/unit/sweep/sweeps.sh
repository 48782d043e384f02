# Sweeps that several tests have. Sourced after ../cli/expect.sh.

# schemes NAMES...: the text of an axis of schemes.
schemes() {
  local names="$*"
  printf '[[axis]]\nparameter = "schemes"\nvalues = ["%s"]\n' "${names// /\", \"}"
}

# seeds LAST [SCHEMES...]: the text of a sweep over the seeds 1 to LAST of these schemes, else of fig3.
seeds() {
  local last=$1
  shift
  schemes "${@:-fig3}"
  printf '[[axis]]\nparameter = "seed"\nfrom = 1\nto = %s\nstep = 1\n' "$last"
}

# waiting_seeds LAST: the same sweep of fig3, of points that take their time.
waiting_seeds() {
  printf '[set]\nbehaviour = "wait"\n'
  seeds "$1"
}

# good_and_hang: the text of a sweep whose second point never ends.
good_and_hang() {
  schemes fig3
  printf '[[axis]]\nparameter = "behaviour"\nvalues = ["good", "hang"]\n'
}

# undisturbed SWEEP OUT POINTS [OPTIONS...]: the sweep of the file SWEEP is planned, run with OPTIONS and
# collected in OUT, to compare with.
undisturbed() {
  local sweep=$1 out=$2 points=$3
  shift 3
  expect 0 "$points points" sweep plan "$sweep" --out "$out" --no-estimate
  expect 0 "$points ok" sweep run "$out" "$@"
  expect 0 "$points points, $points ok" sweep collect "$out"
}
