# Runs every ```sh block of README.md and the pages below docs/ that calls ./vctoe, the blocks of a page in order
# and in one folder, with the program in place of the script. A block succeeds, or ends with N if it
# has a line "# exits with N". Commands that are not to be run stand in ```text blocks.
# Usage: commands_test.sh ROOT PROGRAM
set -u
export NO_COLOR=1
root=$1
program=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
blocks=0

# Writes the blocks of page $1 to $2/0, $2/1, ...
extract() {
  awk -v to="$2" '
    /^```sh$/ { file = to "/" n++; inside = 1; next }
    /^```/ { inside = 0 }
    inside { print > file }' "$1"
}

try() {  # try PAGE BLOCK-FILE
  local page=$1 block=$2 expected got=0
  # The script builds and tests; only what the program itself does is tried here.
  sed -i '/^\.\/vctoe test/d' "$block"
  expected=$(sed -n 's/^# exits with \([0-9]*\)$/\1/p' "$block")
  bash -euo pipefail "$block" >"$scratch/output" 2>&1 </dev/null || got=$?
  blocks=$((blocks + 1))
  [ "$got" = "${expected:-0}" ] && return
  failures=$((failures + 1))
  echo "${page#"$root"/}: exit code $got instead of ${expected:-0}:"
  cat "$block" "$scratch/output"
}

for page in "$root"/README.md "$root"/docs/*.md "$root"/docs/*/*.md; do
  [[ $page == */docs/studies/* ]] && continue # tb/studies runs them and looks at the numbers
  folder=$scratch/$(echo "${page#"$root"/}" | tr / _)
  mkdir -p "$folder/blocks" "$folder/work"
  extract "$page" "$folder/blocks"
  grep -qs '\./vctoe' "$folder"/blocks/* || continue
  ln -s "$program" "$folder/work/vctoe"
  ln -s "$root/rtl" "$folder/work/rtl"
  cd "$folder/work" || exit 1
  for block in $(find "$folder/blocks" -type f | sort -V); do try "$page" "$block"; done
done

echo "$blocks blocks, $failures of them failed"
[ "$blocks" -ge 8 ] && [ "$failures" = 0 ]
