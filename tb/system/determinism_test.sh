# The same scenario twice, and its written final configuration: the same bytes each time.
. "$(dirname "$0")/in_folder.sh"

lossy fig3,fig8+fig9,fig11+fig10,fig12+fig10 "2 MiB" >lossy.toml

"$vctoe" run lossy.toml --trace --out first >/dev/null
"$vctoe" run lossy.toml --trace --out second >/dev/null
"$vctoe" run first/config.toml --trace --out third >/dev/null
"$vctoe" run lossy.toml --seed 8 --trace --out other >/dev/null
for file in stats.json fig3/trace.txt fig8+fig9/trace.txt fig11+fig10/trace.txt \
  fig12+fig10/trace.txt; do
  test -s "first/$file"
  cmp "first/$file" "second/$file"
  cmp "first/$file" "third/$file"
  if cmp -s "first/$file" "other/$file"; then
    echo "$file does not depend on the seed: the comparison shows nothing"
    exit 1
  fi
done
