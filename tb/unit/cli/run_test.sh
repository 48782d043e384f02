# How runs end, what they leave behind, and that the same run leaves the same bytes.
. "$(dirname "$0")/expect.sh"

mkdir sub
echo hello >sub/data
printf 'seed = 3\nfile = "data"\n' >sub/good.toml

expect 0 "fig8 received" run sub/good.toml --trace
expect 0 "written: out/good/stats.json" run sub/good.toml --trace
check "final configuration names the file" grep -q "^file *= \"$folder/sub/data\"" out/good/config.toml
check "trace has an event" grep -q '^10000000 deliver' out/good/fig8/trace.txt
check "nothing is left between" test ! -e out/good/fig8/result.json

expect 0 "" run sub/good.toml --trace --out again
expect 0 "" run out/good/config.toml --trace --out final
for other in again final; do
  for file in stats.json fig3/trace.txt fig8/trace.txt; do
    check "$file is the same in $other" cmp out/good/$file $other/$file
  done
done
diff <(sed 1d out/good/config.toml) <(sed 1d final/config.toml) >stdout || fail "configurations differ"

expect 0 '"schema": "vctoe-stats"' run sub/good.toml --json --scheme fig12
check "the document is all that is printed" cmp stdout out/good/stats.json
check "one scheme only" test "$(grep -c '"scheme"' stdout)" = 1
expect 0 "" run sub/good.toml --seed 5 --set "link.delay=20 us" --out five
check "options go into the final configuration" grep -q '^seed *= 5' five/config.toml
check "parameters too" grep -q 'delay *= "20 us"' five/config.toml

as() { expect "$1" "$2" run sub/good.toml --set behaviour="$3" "${@:4}"; }
as 1 "fig3 FAILED" differ
as 1 "DIFFERENT" differ
as 1 "bytes differ at 4097" differ
as 1 "a pinned frame was swapped out" monitor
as 2 "fig3, fig8: error: host.dram is too small for the page tables" user
as 3 "two owners of transaction 77" model
as 3 "crashed (Segmentation fault)" crash
as 3 "about to fall over" crash
as 3 "took too long and was stopped" hang --time-limit 0.3
as 3 "going in circles" hang --time-limit 0.3
as 0 "something is odd" warn

# One that falls over does not take the others with it.
as 3 "fig8 received" crash --set spoilt=fig3
check "the other's figures are kept" grep -q '"goodput"' out/good/stats.json
check "a broken run has no figures" test "$(grep -c '"goodput"' out/good/stats.json)" = 1
as 3 "two owners" model --set spoilt=fig3
finish
