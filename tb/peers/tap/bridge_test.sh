# vctoe bridge in a network namespace of its own: ping, curl both ways, nc, 64 connections at once, its
# files, and a clean end on SIGINT.
# Usage: bridge_test.sh PROGRAM ROOT
set -u
program=$1
# shellcheck disable=SC2034  # the other scripts of this kind have it too
root=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
export SC_COPYRIGHT_MESSAGE=DISABLE

why=$("$program" doctor | sed -n 's/^TAP device *missing; optional: //p')
if [ -n "$why" ]; then
  echo "skipped: no TAP device here: $why"
  exit 77
fi
for tool in ping curl nc; do
  command -v $tool >/dev/null && continue
  echo "skipped: no $tool here"
  exit 77
done

failures=0
check() {  # check WHAT CONDITION...
  local what=$1
  shift
  "$@" && return
  echo "failed: $what"
  failures=$((failures + 1))
}

cat >talk.sh <<'END'
ping -c 3 -i 0.2 -W 2 10.0.0.1 >ping
curl -sf -m 10 http://10.0.0.1/ >page
curl -sf -m 20 http://10.0.0.1/bytes/3000000 >bytes
head -c 2000000 /dev/urandom >up
curl -sf -m 20 --data-binary @up http://10.0.0.1/sha256 >hash
curl -s -m 10 -o /dev/null -w '%{http_code}' http://10.0.0.1/nothing >nothing
head -c 100000 up | nc -N -w 10 10.0.0.1 7 >echoed
for i in $(seq 64); do
  curl -sf -m 40 --limit-rate 100k http://10.0.0.1/bytes/300000 -o part$i &
done
wait
exit 7
END
"$program" bridge --pcap talk.pcapng --vcd . --delay-ms 1 --run 'sh talk.sh' 2>log
check "the exit code is that of the command" [ $? = 7 ]
check "three answers to ping" grep -q '3 received' ping
check "a page" grep -q 'simulated time' page
check "three million bytes" [ "$(stat -c %s bytes)" = 3000000 ]
check "hash of what was sent" [ "$(cat hash)" = "$(sha256sum <up | cut -d' ' -f1)" ]
check "404" [ "$(cat nothing)" = 404 ]
check "echo" cmp -s echoed <(head -c 100000 up)
check "64 downloads" [ "$(cat part* | wc -c)" = 19200000 ]
check "all alike" [ "$(sha256sum part* | cut -d' ' -f1 | sort -u | wc -l)" = 1 ]
at_once=$(sed -n 's/.* \([0-9]*\) at once.*/\1/p' log)
check "64 connections at once, not ${at_once:-none}" [ "${at_once:-0}" -ge 64 ]
check "a capture" [ -s talk.pcapng ]
check "waves" grep -q 'cwnd' ./*.vcd

"$program" bridge --run 'sleep 20' 2>stopped &
pid=$!
sleep 1.5
kill -INT $pid
begin=$(date +%s)
wait $pid
check "SIGINT ends it in order" [ $? != 130 ]
check "at once" [ $(($(date +%s) - begin)) -le 3 ]
check "and it says what it did" grep -q 'bridge: .* frames' stopped
check "a wrong option is a usage error" sh -c "\"$program\" bridge --nonsense 2>/dev/null; [ \$? = 2 ]"
check "a wrong parameter is named" sh -c \
  "\"$program\" bridge --set nic.mac.rat=1 --run true 2>&1 | grep -q nic.mac.rat"
[ "$failures" = 0 ] || cat log stopped
[ "$failures" = 0 ]
