# What a user sees of runs that fail: exit code, words, table, and what is left on disk.
. "$(dirname "$0")/../unit/cli/expect.sh"

# Nothing moves before the sender starts, so this watchdog fires.
expect 1 "fig3, fig8+fig9: error: monitor watchdog: at 0.0000" run --scheme fig3,fig8 \
  --set 'monitor.watchdog="20 us"' --trace --pcap --out fired
for scheme in fig3 fig8+fig9; do
  check "the trace has its last line" bash -c "tail -n 1 fired/$scheme/trace.txt | grep -q '^230000 '"
  check "no file is left half named" test -z "$(ls fired/$scheme | grep part)"
  check "the capture is there" test -s fired/$scheme/sender.pcapng
done
check "the reason is kept" grep -q '"failure": "monitor watchdog' fired/stats.json
check "no figures are" bash -c '! grep -q goodput fired/stats.json'

# One that is not done in its time tells how far it came.
expect 1 "fig3 failed: stream.time_limit = 50 ms was over, when " run --scheme fig3 \
  --set 'stream.time_limit="50 ms"' --out late
check "no digest is called different" bash -c '! grep -q DIFFERENT stdout'
check "the table says how much arrived" grep -Eq '^fig3 received  [0-9]+ of 16777216 B  INCOMPLETE$' stdout
check "goodput, time and hold are dashes" \
  grep -Eq '^fig3 FAILED +- +- +16\.00 +[0-9.]+ +- +[0-9.]+' stdout
for figure in goodput completion hold time.wire; do
  check "and null in the document: $figure" \
    bash -c "grep -A1 '\"$figure\": {' late/stats.json | grep -q '\"value\": null'"
done
check "what was measured is a number" \
  bash -c "grep -A1 '\"pinned_peak\": {' late/stats.json | grep -q '\"value\": [1-9]'"
check "one run is one failure" test "$(grep -c '"complete": false' late/stats.json)" = 1

# One that cannot be sent says why.
expect 1 "fig3 failed: a stream could not be sent, too_large (" run --scheme fig3 \
  --set 'socket.receive_buffer="4 KiB"' --set 'nic.toe.receive_buffer="4 KiB"' \
  --set 'kernel.pin_limit_bytes="68 KiB"' --out unsent
check "nothing arrived" grep -q '^fig3 received  0 of 16777216 B  INCOMPLETE$' stdout
finish
