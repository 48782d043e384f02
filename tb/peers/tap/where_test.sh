#!/usr/bin/env bash
# Where no TAP device can be had, the tests against the kernel are skipped and say why, and so does
# doctor: without /dev/net/tun, and without namespaces. An ordinary user with user namespaces needs
# nothing else.
# Usage: where_test.sh PROGRAM PEERS_TAP SCRIPTS
set -u
program=$1
peers=$2
scripts=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 777 "$scratch"
export TEST_TMPDIR="$scratch/" SC_COPYRIGHT_MESSAGE=DISABLE
failures=0

fail() {
  echo "failed: $1"
  sed 's/^/  /' "$scratch/out" | tail -15
  failures=$((failures + 1))
}

# Runs its words in a place without TAP devices, and looks for what everything says there.
expect_skipped() {  # expect_skipped WHAT REASON PLACE...
  local what=$1 reason=$2
  shift 2
  if ! "$@" true >"$scratch/out" 2>&1; then
    echo "not tried, cannot be made here: $what: $(head -c 200 "$scratch/out")"
    return
  fi
  "$@" "$program" doctor >"$scratch/out" 2>&1
  grep -q "^TAP device *missing; optional: .*$reason" "$scratch/out" || fail "$what: doctor does not say why"
  "$@" "$peers" --gtest_filter=Kernel.SendsAStreamWhileItGetsNothing >"$scratch/out" 2>&1 ||
    fail "$what: the test against the kernel fails"
  grep -q "SKIPPED" "$scratch/out" && grep -q "no TAP device in a network namespace here: .*$reason" \
    "$scratch/out" || fail "$what: the test against the kernel does not say that it is skipped and why"
  "$@" bash "$scripts/bridge_test.sh" "$program" . >"$scratch/out" 2>&1
  [ $? -eq 77 ] || fail "$what: the test of vctoe bridge is not skipped"
  grep -q "skipped: no TAP device here: .*$reason" "$scratch/out" ||
    fail "$what: the test of vctoe bridge does not say why"
  "$@" "$program" bridge --run true >"$scratch/out" 2>&1
  [ $? -eq 2 ] && grep -q "^bridge: .*$reason" "$scratch/out" || fail "$what: vctoe bridge does not say why"
}

without_device() {
  # shellcheck disable=SC2016  # for the shell inside
  unshare -Urm sh -c 'mount -t tmpfs none /dev/net && exec "$@"' sh "$@"
}
without_namespaces() {
  # shellcheck disable=SC2016  # for the shell inside
  unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&
    exec setpriv --bounding-set=-all --inh-caps=-all "$@"' sh "$@"
}
expect_skipped "without /dev/net/tun" "/dev/net/tun: No such file" without_device
expect_skipped "without namespaces" "user and network namespace: No space left" without_namespaces

# The small exchanges, as an ordinary user.
as_user=()
[ "$(id -u)" -eq 0 ] && as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if ! "${as_user[@]}" unshare -Urn test -w /dev/net/tun 2>"$scratch/out"; then
  echo "not tried as an ordinary user: no user namespace or no /dev/net/tun: $(cat "$scratch/out")"
elif ! "${as_user[@]}" "$peers" --gtest_list_tests >"$scratch/out" 2>&1; then
  echo "not tried as an ordinary user: he may not read the tests: $(head -c 200 "$scratch/out")"
else
  "${as_user[@]}" "$program" doctor >"$scratch/out" 2>&1
  grep -q "^TAP device *can be had" "$scratch/out" || fail "an ordinary user is refused by doctor"
  "${as_user[@]}" "$peers" --gtest_filter='Kernel.*Nothing' >"$scratch/out" 2>&1 ||
    fail "an exchange of an ordinary user"
  # One that is void, because this machine is too busy, is another matter.
  grep -q "no TAP device" "$scratch/out" && fail "the exchanges of an ordinary user are skipped"
  "${as_user[@]}" "$program" bridge --run 'ping -c 1 -W 5 10.0.0.1' >"$scratch/out" 2>&1 ||
    fail "vctoe bridge of an ordinary user"
fi
exit $((failures > 0))
