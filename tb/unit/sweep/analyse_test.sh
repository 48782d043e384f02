# Looking at results: analyse, compare, keep; what they print, write and refuse.
. "$(dirname "$0")/../cli/expect.sh"

cat >seeds.toml <<'T'
title = "seeds and delays"
repeats = 3
[[axis]]
parameter = "schemes"
values = ["fig3", "fig8"]
[[axis]]
parameter = "link.delay"
values = ["10 us", "20 us", "30 us"]
[[objective]]
metric = "goodput"
direction = "max"
at_least = 1e9
[[objective]]
metric = "completion"
direction = "min"
T
expect 0 "18 points" sweep plan seeds.toml --out seeds --no-estimate
expect 2 "no point of the sweep has a result that is ok" sweep analyse seeds
check "nothing is written" test ! -e seeds/analysis.json
expect 0 "18 ok" sweep run seeds
expect 0 "front: 2 points that no other one beats" sweep analyse seeds
check "what was done" grep -q "written: seeds/analysis.json" stdout
check "the mean over the seeds" grep -q "^0 *2.000 Gb/s *10.00 us *fig3 *10 us" stdout
check "effects" grep -q "^link.delay *10 us *10.00 us *6" stdout
check "sensitivities" grep -q "^completion *link.delay *100.0 %" stdout
check "intervals" grep -q "^0 *3 *goodput *2.000 Gb/s *+- 2.484 Gb/s" stdout
check "the document" python3 -c '
import json
d = json.load(open("seeds/analysis.json"))
assert d["front"] == [0, 9] and d["knee"] is None and d["ranking"] == [0, 3, 6, 9, 12, 15], d
assert [o["metric"] for o in d["objectives"]] == ["goodput", "completion"]
assert list(d) == ["objectives", "front", "knee", "ranking", "effects", "sensitivity", "interactions",
                   "intervals", "limit_of", "regions", "next_unit", "assumes"], list(d)
assert len(d["limit_of"]) == 18'
cp seeds/analysis.json before
expect 0 '"front": [' sweep analyse seeds --json
check "the same document" cmp stdout seeds/analysis.json
expect 0 "effects on segments" sweep analyse seeds --metric segments
expect 2 "hold was measured at no point" sweep analyse seeds --metric hold
check "one metric writes nothing" cmp before seeds/analysis.json
expect 2 'unknown metric "godput"; did you mean "goodput"?' sweep analyse seeds --metric godput
expect 2 "cannot read nowhere/plan.jsonl" sweep analyse nowhere
expect 2 "cannot read nowhere/plan.jsonl" sweep compare seeds nowhere
expect 2 "cannot read nowhere/plan.jsonl" sweep keep nowhere
expect 2 "there is no point 18: the plan ends with point 17" sweep keep seeds 3 18
expect 2 "INDEX" sweep keep seeds three
check "nothing is kept then" test ! -e seeds/kept

# A sweep that is not whole: what there is, and what takes no part.
expect 0 "18 points" sweep plan seeds.toml --out part --no-estimate
expect 0 "3 of them run now" sweep run part --points 0..2
expect 0 "15 of 18 points have no result that is ok and take no part" sweep analyse part
expect 2 "point 5 has measured nothing (missing)" sweep keep part 5

# Two sweeps.
expect 0 "equal" sweep compare seeds seeds
expect 1 "point 3 of A is ok, point 3 of B missing" sweep compare seeds part
sed 's/30 us/40 us/; s/^repeats.*//' seeds.toml >one.toml
expect 0 "6 points" sweep plan one.toml --out one --no-estimate
expect 0 "6 ok" sweep run one
expect 1 "4 configurations stand in both sweeps" sweep compare seeds one
check "points of one only" grep -q "6 points only in A, the first is 6" stdout
sed -e 's/^\[\[axis/[set]\nlink.mps = "128 B"\nhost.mps = "1 KiB"\n[[axis/;t;' one.toml | awk '/^\[set\]/ && seen++ {skip=3} skip {skip--; next} 1' >mps.toml
expect 0 "6 points" sweep plan mps.toml --out mps --no-estimate
expect 0 "6 ok" sweep run mps
expect 0 "set up differently: link.mps = 256 B and 128 B" sweep compare one mps
sed 's/"10 us", "20 us", "40 us"/"15 us"/' one.toml >other.toml
expect 0 "2 points" sweep plan other.toml --out other --no-estimate
expect 2 "no point of one sweep has the parameters of a point of the other" sweep compare one other
expect 2 'metric "godput"' sweep compare one one --metric godput
expect 2 "--tolerance" sweep compare one one --tolerance 2

# Kept is what comes out as it did; a changed result is not.
expect 0 "point 9 is kept in seeds/kept/000009" sweep keep seeds
check "the front and no more" test "$(ls seeds/kept)" = "000000
000009"
expect 0 "point 4 is kept" sweep keep seeds 4 4
check "nothing is left aside" test -z "$(ls seeds/parts)"
python3 - <<'P'
import hashlib, json
path = "seeds/results/000/000004.json"
head, body = open(path).read().splitlines()
body = body.replace('"goodput":2000000000.0', '"goodput":2000000001.0')
head = json.loads(head)
head["sha256"], head["size"] = hashlib.sha256(body.encode()).hexdigest(), len(body)
open(path, "w").write(json.dumps(head) + "\n" + body + "\n")
P
touch seeds/kept/000004/mine
expect 1 "point 4 did not come out as in the sweep and is not kept: goodput was 2000000001 and is 2000000000" \
  sweep keep seeds 4
check "what was kept stays" test -e seeds/kept/000004/mine
finish
