# vctoe explain, against the trace it reads: every step has the time of its event.
. "$(dirname "$0")/in_folder.sh"
"$vctoe" run "$root/traces/waves.toml" --trace --out run >/dev/null
trace=run/fig8+fig9/trace.txt

us() { awk -v ps="$1" 'BEGIN { printf "%.3f us", ps / 1e6 }'; }
# at KIND TXN [first|last]: when the first or last such event was, as explain writes it
at() {
  us "$(awk -v k="$1" -v t="$2" -v w="${3-first}" '$2 == k && $6 == t { x = $1; if (w == "first") exit }
        END { print x }' $trace)"
}
# has TIME TEXT: a step of this time says so
has() { grep -qE "^ *$1 .*$2" story || { echo "missing: $1 $2"; cat story; exit 1; }; }

# A block with pages on swap, from the post to the unpin.
block=$(awk '$2 == "page_fault" && $10 == 1 && $6 != 0 { print $6; exit }' $trace)
"$vctoe" explain --run run "$block" >story
has "$(at block_request "$block")" "asks the host for the block"
has "$(at serve "$block")" "driver takes the request"
has "$(at pin "$block" last)" "pinned: 16 pages"
has "$(at reply_physical "$block")" "physical addresses"
has "$(at dma_begin "$block")" "first DMA read begins"
has "$(at dma_begin "$block" last)" "last DMA read begins"
has "$(at dma_read "$block")" "reached memory"
has "$(at block_retrieved "$block")" "in the NIC"
has "$(at tx_first "$block" last)" "last segment has left"
has "$(at block_sent "$block")" "may unpin"
has "$(at unpin "$block" last)" "unpinned"
grep -q "post [0-9]* hands 524288 B" story
grep -q "walk [0-9]* begins" story
for reason in swap-in "the request ring and its interrupt" "the driver and the reply ring" "DMA reads" \
  "TCP's windows" "the acknowledgment"; do
  grep -q "waited for $reason" story || { echo "no reason: $reason"; cat story; exit 1; }
done
# 65536 bytes are 45 full segments and a short one.
test "$(sed -n '/segments:/,$p' story | grep -cE "^ *[0-9]+ +[0-9]+ +$block ")" = 46

# What was lost and sent again, from the block, from the second request and from the segment.
read -r again seq <<END
$(awk '$2 == "block_request" && $10 == 1 { print $6, $9; exit }' $trace)
END
lost=$(awk -v s="$seq" '$2 == "frame_drop" && $9 == s { print $6; exit }' $trace)
"$vctoe" explain --run run "$lost" >story
grep -qE "^ *$seq +[0-9]+ +$lost .*dropped: lost" story
grep -qE "^ *$seq +[0-9]+ +$again .*sent again" story
grep -q "loss recovery: request $again for" story
"$vctoe" explain --run run/fig8+fig9 "$again" >story
has "$(at walk "$(awk -v s="$seq" '$2 == "walk" && $9 == s && $10 == 1 { print $6; exit }' $trace)")" \
  "acknowledgments tell of a loss"
has "$(at tx_retransmit "$again")" "last segment has left"
"$vctoe" explain --run run seq="$seq" >story
has "$(at tx_retransmit "$again")" "last bit has left, transaction $again"
grep -q "dropped: lost" story
grep -q "part of request $lost" story

# Posts, walks, pages of records.
post=$(awk '$2 == "post" { print $6; exit }' $trace)
"$vctoe" explain --run run "$post" >story
has "$(at stream_acked "$post")" "all of it is acknowledged"
test "$(grep -c '^  request ' story)" -ge 8
walk=$(awk '$2 == "walk" { print $6; exit }' $trace)
"$vctoe" explain --run run "$walk" >story
has "$(at walk_done "$walk")" "found everything"
grep -q "led to request" story
page=$(awk '$2 == "serve" && $10 == 2 { print $6; exit }' $trace)
"$vctoe" explain --run run "$page" >story
has "$(at pin "$page")" "pinned: 1 pages"

# What cannot be told is one clear error.
refused() {
  local needle=$1 code=0
  shift
  "$vctoe" explain "$@" >out 2>err || code=$?
  test "$code" = 2 && test ! -s out && test "$(wc -l <err)" = 1 && grep -qF -- "$needle" err ||
    { echo "exit code $code, \"$needle\" expected of: explain $*"; cat out err; exit 1; }
}
refused "no post, walk or request 999999" --run run 999999
refused "neither a transaction" --run run twelve
refused "neither a transaction" --run run seq=
refused "no segment" --run run seq=1
refused "no folder" --run elsewhere 1
"$vctoe" run "$root/traces/waves.toml" --out untraced >/dev/null
refused "--trace" --run untraced 1
"$vctoe" run "$root/traces/waves.toml" --scheme fig3,fig8 --trace --out two >/dev/null
refused "--scheme" --run two 1
refused "no trace of fig9" --run two --scheme fig9 1
sed -i 's/ block_request / blok_request /' run/fig8+fig9/trace.txt
refused "trace.txt:" --run run 1

# Bytes that came with the post have no request: the segments are found by their numbers.
"$vctoe" explain --run two --scheme fig3 "$(awk '$2 == "post" { print $6; exit }' two/fig3/trace.txt)" >story
grep -q "its pages are unpinned" story
"$vctoe" explain --run two --scheme fig3 seq="$(awk '$2 == "tx_first" { print $9; exit }' two/fig3/trace.txt)" >story
grep -q "taken by the receiver" story
