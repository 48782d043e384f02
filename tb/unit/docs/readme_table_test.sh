# The table in README.md is what the default scenario prints: heading, rows and digests, all but the
# real time, which is the last column. With --update, README.md is written anew.
# Usage: readme_table_test.sh ROOT PROGRAM [--update]
set -eu
root=$1
program=$2
readme=$root/README.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$program" run "$root/traces/default.toml" --out "$scratch/out" >"$scratch/printed"
# The last paragraph says where the files are.
sed -i '/^written: /d' "$scratch/printed"
sed -i -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$scratch/printed"

# The ```text block that holds the table: extract prints it, replace puts another in its place.
extract() {
  awk '/^```text$/ { block = ""; inside = 1; next }
    /^```$/ && inside { inside = 0; if (block ~ /\nscheme /) printf "%s", block; next }
    inside { block = block $0 "\n" }' "$readme"
}
replace() {
  awk -v with="$1" '/^```text$/ { fence = $0; block = ""; inside = 1; next }
    /^```$/ && inside {
      inside = 0
      print fence
      if (block ~ /\nscheme /) while ((getline line < with) > 0) print line
      else printf "%s", block
    }
    inside { block = block $0 "\n"; next }
    { print }' "$readme"
}

if [ "${3-}" = --update ]; then
  replace "$scratch/printed" >"$scratch/readme"
  cat "$scratch/readme" >"$readme"
  exit
fi

# Widths depend on the real time, so blanks are squeezed; heading and rows lose their last column.
comparable() {
  awk '/^$/ { digests = 1 }
    { gsub(/ +/, " ") }
    !digests { sub(/ [^ ]+$/, "") }
    { print }' "$1"
}

extract >"$scratch/shown"
rows=$(grep -c ' equal$' "$scratch/shown" || true)
if [ "$rows" -lt 7 ]; then
  echo "README.md shows $rows schemes with equal digests"
  exit 1
fi
if ! diff -u --label README.md --label printed \
  <(comparable "$scratch/shown") <(comparable "$scratch/printed"); then
  echo "the table in README.md is stale; docs/testing.md says how to write it anew"
  exit 1
fi
