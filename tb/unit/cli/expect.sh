# For the tests of the command line. Sourced with the program as $1; works in a folder of its own.
set -u
export NO_COLOR=1
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0

# expect CODE NEEDLE ARGUMENTS...: the exit code is CODE and stdout or stderr contains NEEDLE.
expect() {
  local code=$1 needle=$2 got=0
  shift 2
  "$program" "$@" >stdout 2>stderr </dev/null || got=$?
  if [ "$got" != "$code" ]; then
    fail "exit code $got instead of $code: $*"
  elif ! grep -qF -- "$needle" stdout stderr; then
    fail "\"$needle\" not printed by: $*"
  fi
}

fail() {
  echo "FAILED: $1"
  sed 's/^/  /' stdout stderr 2>/dev/null
  failures=$((failures + 1))
}

check() {
  local what=$1
  shift
  "$@" || fail "$what"
}

# interrupt PID: Ctrl-C at a program in the background, which ends with the exit code of that.
interrupt() {
  local code=0
  kill -INT "$1"
  wait "$1" || code=$?
  check "exit code 130 instead of $code" test $code = 130
}

finish() {
  [ "$failures" = 0 ] || exit 1
  echo "all as expected"
}
