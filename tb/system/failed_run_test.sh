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
finish
