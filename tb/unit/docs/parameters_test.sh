# docs/parameters.md is what the program prints. After a change: ./vctoe params --markdown > docs/parameters.md
# Usage: parameters_test.sh ROOT PROGRAM
set -u
if ! diff -u "$1/docs/parameters.md" <("$2" params --markdown); then
  echo "docs/parameters.md is stale; write it anew: ./vctoe params --markdown > docs/parameters.md"
  exit 1
fi
# Each parameter has a sentence and a source.
if grep -nE '^\| `.*\|[[:space:]]*\|[[:space:]]*$|^\| `.*\|[[:space:]]*\|[^|]*\|$' "$1/docs/parameters.md"; then
  echo "a parameter without sentence or source"
  exit 1
fi
