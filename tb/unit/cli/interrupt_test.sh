# Ctrl-C ends the program and everything that it has started.
. "$(dirname "$0")/expect.sh"

echo 'behaviour = "hang"' >hang.toml
# A background job of a script ignores SIGINT; a shell with job control starts it as a user would.
set -m
"$program" run hang.toml --jobs 2 >stdout 2>stderr &
pid=$!
for _ in $(seq 100); do
  children=$(cat /proc/$pid/task/$pid/children 2>/dev/null)
  [ "$(echo $children | wc -w)" = 2 ] && break
  sleep 0.05
done
check "two runs at the same time" test "$(echo $children | wc -w)" = 2
interrupt $pid
check "says so" grep -q interrupted stderr
for child in $children; do check "child $child is gone" test ! -e /proc/$child/exe; done
finish
