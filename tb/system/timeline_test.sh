# The timeline of a real run against its schema, and against the trace of the same run.
# Needs python3-jsonschema; else it is skipped.
. "$(dirname "$0")/in_folder.sh"
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: no python3-jsonschema"; exit 77; }
for scheme in fig8+fig9 fig11+fig10; do
  "$vctoe" run "$root/traces/waves.toml" --scheme $scheme --set stream.size="64 KiB" --set net.loss.probability=0.03 \
    --timeline --trace --out out >/dev/null
  python3 "$root/tb/system/timeline_check.py" "$root/tb/timeline.schema.json" \
    out/$scheme/timeline.json out/$scheme/trace.txt
done
"$vctoe" run "$root/traces/waves.toml" --set stream.size="64 KiB" --set host.nics=2 \
  --set driver.reply=page --timeline --trace --out cards >/dev/null
python3 "$root/tb/system/timeline_check.py" "$root/tb/timeline.schema.json" \
  cards/fig8+fig9/timeline.json cards/fig8+fig9/trace.txt
grep -q '"name":"sent 2"' cards/fig8+fig9/timeline.json
cat out/*/trace.txt | grep -q tx_retransmit # else nothing is shown of retransmissions
# Looking on changes nothing, and the same run gives the same bytes.
"$vctoe" run out/config.toml --timeline --out again >/dev/null
"$vctoe" run out/config.toml --out plain >/dev/null
cmp again/stats.json plain/stats.json
cmp again/fig11+fig10/timeline.json out/fig11+fig10/timeline.json
