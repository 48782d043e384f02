# Planning: what is written, and what is refused before anything runs.
. "$(dirname "$0")/../cli/expect.sh"

cat >base.toml <<'T'
seed = 3
schemes = "fig3,fig8"
T
cat >sweep.toml <<'T'
title = "small"
question = "how small?"
base = "base.toml"
repeats = 2
[[axis]]
parameter = "link.delay"
values = ["1 us", "2 us"]
[subset.one]
link.delay = ["1 us"]
repeats = 1
T
expect 0 "8 points in plan" sweep plan sweep.toml --out plan
check "head and eight points" test "$(wc -l <plan/plan.jsonl)" = 9
check "the question" grep -q '"question":"how small?"' plan/plan.jsonl
check "seeds count up" grep -q '"index":1,"scheme":"fig3","seed":"4"' plan/plan.jsonl
cp plan/plan.jsonl before
expect 0 "were already in" sweep plan sweep.toml --out plan --no-estimate
expect 2 "holds the plan of another sweep" sweep plan sweep.toml --out plan --subset one
check "the plan is never changed" cmp before plan/plan.jsonl
expect 0 "2 points" sweep plan sweep.toml --check --subset one
expect 2 "where to? give --out DIR" sweep plan sweep.toml
expect 2 "no subset is called" sweep plan sweep.toml --check --subset two
expect 2 "legal: one" sweep plan sweep.toml --check --subset two

cat >cannot.toml <<'T'
base = "base.toml"
[[axis]]
parameter = "link.mps"
values = ["256 B", "1024 B", "2048 B"]
T
expect 2 "points 1, 4: error: link.mps 1024 B is above the partner's host.mps" \
  sweep plan cannot.toml --out cannot
expect 2 "points 2, 5: error: link.mps 2048 B" sweep plan cannot.toml --out cannot
check "nothing was written" test ! -e cannot

cat >many.toml <<'T'
[[axis]]
parameter = "seed"
from = 1
to = 1000000
step = 1
[[axis]]
parameter = "link.mps"
from = "128 B"
to = "500 B"
step = "1 B"
T
expect 2 "with --yes more than a million are planned" sweep plan many.toml --out many
sed 's/fig8/fig99/' base.toml >bad_base.toml
echo 'base = "bad_base.toml"' >bad.toml
expect 2 "unknown scheme" sweep plan bad.toml --check
echo 'base = "nowhere.toml"' >bad.toml
expect 2 "cannot read nowhere.toml" sweep plan bad.toml --check


# What is wrong with a file; each is tested more closely in messages_test.cpp. Nothing is written.
axis() { printf '[[axis]]\n%s\n' "$1" >wrong.toml; }
axis 'parameter = "link.dealy"
values = ["1 us"]'
expect 2 "wrong.toml:2:" sweep plan wrong.toml --out wrong
expect 2 "did you mean link.delay?" sweep plan wrong.toml --out wrong
axis 'parameter = "seed"
from = 8
to = 4
step = 1'
expect 2 "the range is empty: 8 is above 4" sweep plan wrong.toml --out wrong
axis 'parameters = ["seed", "link.delay"]
values = [[1, "1 us"], [2]]'
expect 2 "wrong.toml:3:" sweep plan wrong.toml --out wrong
axis 'parameters = ["seed", "link.delay"]
values = [[1, "1 us"]]
[[axis]]
parameter = "seed"
values = [1]'
expect 2 "seed is an axis already" sweep plan wrong.toml --out wrong
check "nothing was written for a wrong file" test ! -e wrong

sed 's/"version":1/"version":2/' plan/plan.jsonl >other; mkdir v; mv other v/plan.jsonl
expect 2 "is a plan of version 2, this program reads version 1" sweep run v
sed 's/vctoe [0-9.]*"/vctoe 0.0.1"/' plan/plan.jsonl >v/plan.jsonl
expect 2 "was made by another version of the program" sweep run v

# The plan of another build: not run unless that is meant, and every result names its build.
check "the build is in the plan" grep -qE '"build":"[0-9a-f]{16,}"' plan/plan.jsonl
sed -E 's/"build":"[0-9a-f]+"/"build":"0123456789abcdef"/' plan/plan.jsonl >other
mkdir b; cp other b/plan.jsonl
expect 2 "the plan was made by another build of vctoe" sweep run b
expect 2 "(0123456789ab, this is " sweep resume b
check "nothing was run" test ! -e b/results
expect 0 "missing   8" sweep status b
expect 2 "holds this plan, made by another build of the program" \
  sweep plan sweep.toml --out b --no-estimate
expect 0 "8 ok" sweep run b --other-build
expect 0 "8 points, 8 ok" sweep collect b
check "one build ran all: no warning" test ! -s stderr
sed -i -E 's/"build":"[0-9a-f]+"/"build":"0123456789abcdef"/' b/results/000/000003.json
expect 0 "warning: 2 builds of the program ran these points" sweep collect b

head -4 plan/plan.jsonl >v/plan.jsonl
expect 2 "is damaged" sweep run v
expect 2 "vctoe sweep plan FILE --out DIR writes one" sweep run nothing
finish
