# Runs every ```bash block of docs/bridge.md, in order and in one folder, where a TAP device can be had.
# Usage: tutorial_test.sh PROGRAM ROOT
set -u
program=$1
root=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

why=$("$program" doctor | sed -n 's/^TAP device *missing; optional: //p')
if [ -n "$why" ]; then
  echo "skipped: no TAP device here: $why"
  exit 77
fi
ln -s "$program" vctoe
awk '/^```bash$/ { file = "block" n++; inside = 1; next } /^```/ { inside = 0 } inside { print > file }' \
  "$root/docs/bridge.md"
failures=0
for block in block*; do
  timeout 60 bash -euo pipefail "$block" >output 2>&1 </dev/null && continue
  failures=$((failures + 1))
  echo "docs/bridge.md:"
  cat "$block" output
done
echo "$(ls block* | wc -l) blocks, $failures of them failed"
[ -e block3 ] && [ "$failures" = 0 ]
