# studies.py on a page and a sweep that are made up: what it finds right, and each thing that it finds wrong.
# Usage: check_test.sh STUDIES.PY
set -u
studies=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0
mkdir -p root/docs/studies ran/made ran/other
cat >root/docs/studies/made.md <<'T'
**Question.** How fast is
`it`?

<!-- numbers: full -->
| figure | points | value |
|---|---|---|
| mean goodput | all | 3 Gb/s |
| share time.wire | `scheme=a` | 75 % |
<!-- end -->
<!-- numbers: reduced -->
| figure | points | value |
|---|---|---|
| most goodput | `scheme=b` | 4 Gb/s |
<!-- end -->
<!-- numbers: other -->
| figure | points | value |
|---|---|---|
| least goodput | all | 7 Gb/s |
<!-- end -->
<!-- gaps: full 1 -->
<!-- gaps: reduced 1 -->
T
echo '{"question":"How fast is it?"}' | tee ran/made/plan.jsonl >ran/other/plan.jsonl
names=index,state,scheme,goodput,completion,time.wire,time.host
twin=gap.goodput,gap.completion,gap.pinned_integral,twin.bound,twin.pinned_bound
printf '%s\n' "$names,$twin" 0,ok,a,2e9,4,3,1,0.1,,,0.2,0.2 1,ok,b,4e9,4,3,1,0.3,,,0.2,0.2 >ran/made/results.csv
printf '%s\n' "$names,$twin" 0,ok,a,7e9,4,3,1,,,,, >ran/other/results.csv

# try EXIT-CODE TEXT OPTION...: on the page and the sweeps as they are, which are then as before
try() {
  local expected=$1 text=$2 got=0
  python3 "$studies" root /bin/true --ran ran "${@:3}" >output 2>&1 || got=$?
  if [ "$got" != "$expected" ] || ! grep -qF -- "$text" <(cat output; echo); then
    failures=$((failures + 1))
    echo "studies.py ${*:3}: exit code $got instead of $expected, or no '$text' in"
    cat output
  fi
}
# with FILE EXPRESSION EXIT-CODE TEXT OPTION...: after an edit by sed
with() {
  cp "$1" before
  sed -i "$2" "$1"
  cmp -s "$1" before && { failures=$((failures + 1)); echo "nothing to edit: $2"; }
  try "${@:3}"
  cp before "$1"
}
page=root/docs/studies/made.md
try 0 ""
try 0 "" --full
try 1 "no such page" --page none
with $page 's/3 Gb/3.1 Gb/' 1 "mean goodput of all is 3 Gb/s, not 3.1 Gb/s" --full
with $page 's/3 Gb/3.1 Gb/' 0 ""
with $page 's/3 Gb/3.1 Gb/' 0 "" --full --tolerance 0.05
with $page 's/75 %/70 %/' 1 "is 75 %, not 70 %" --full
with $page 's/4 Gb/5 Gb/' 1 "is 4 Gb/s, not 5 Gb/s"
with $page 's/7 Gb/6 Gb/' 1 "is 7 Gb/s, not 6 Gb/s"
with $page 's/numbers: full/numbers: reduced/' 1 "no number of the full grid" --full
with $page 's/How fast/How slow/' 1 "the sweep's question is 'How fast is it?'"
with $page 's/full 1/full 0/' 1 "1 points of the full grid have a gap beyond" --full
with ran/made/results.csv 's/4,3,1,0.3/4,3,2,0.3/' 1 "the parts of point 1 do not add up"
sed -i 's/3 Gb/9 Gb/' $page
try 0 "" --full --update
try 0 "" --full
[ "$failures" = 0 ]
