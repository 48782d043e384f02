# vctoe report: what it writes, and what it says about folders that are none.
. "$(dirname "$0")/../unit/cli/expect.sh"
root=$2

expect 0 "7 points" sweep plan headline --subset smoke --out swept --no-estimate
expect 0 "7 points" report swept # before anything has run
expect 0 "7 ok" sweep run swept
expect 0 "written: swept/report.html" report swept
check "one file" test "$(find swept -name '*.html' | wc -l)" = 1
check "below two megabytes" test "$(stat -c %s swept/report.html)" -lt 2000000
cp -r swept elsewhere
expect 0 "written: again.html" report elsewhere/ --out again.html
check "the same bytes, wherever the folder is" cmp swept/report.html again.html

# What cannot be shown.
expect 2 "neither plan.jsonl of a sweep nor stats.json of a run" report "$root"
expect 2 "neither plan.jsonl of a sweep nor stats.json of a run" report nowhere
expect 2 "DIR is required" report
mkdir -p elsewhere/kept/000002
echo '{"schema":"vctoe-series","version":2}' >elsewhere/kept/000002/series.json
expect 2 "kept/000002/series.json is no series" report elsewhere
echo '[]' >elsewhere/kept/000002/series.json
expect 2 "kept/000002/series.json is no series" report elsewhere
rm elsewhere/kept/000002/series.json
echo '{' >elsewhere/kept/000002/timeline.json
expect 2 "kept/000002/timeline.json is no timeline" report elsewhere
rm -r elsewhere/kept
echo '{}' >elsewhere/one_more.json
expect 2 "one_more.json" report elsewhere
rm elsewhere/one_more.json
chmod u+w elsewhere/plan.jsonl
sed -i '1s/"version":1/"version":99/' elsewhere/plan.jsonl
expect 2 "is a plan of version 99" report elsewhere
check "the report that was there stays" cmp swept/report.html elsewhere/report.html
mkdir torn && echo '{"schema":' >torn/stats.json
expect 2 "torn/stats.json is no result of a run" report torn
[ "$(id -u)" = 0 ] || { mkdir locked && cp -r swept/* locked && chmod 555 locked && expect 2 "cannot write" report locked; }
expect 2 "cannot write" report swept --out /dev/null/report.html
finish
