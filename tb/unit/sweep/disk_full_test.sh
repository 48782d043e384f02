# A full disk, which is a small tmpfs in a mount namespace of its own: one clear message, nothing
# that was computed is lost, and with more room the sweep goes on to the same table.
if [ "${2-}" != inside ]; then
  for options in -m -Urm; do
    unshare $options mount -t tmpfs none /mnt 2>/dev/null || continue
    exec unshare $options bash "$0" "$1" inside
  done
  echo "skipped: no tmpfs can be mounted here, neither as root nor in a user namespace"
  exit 77
fi
. "$(dirname "$0")/../cli/expect.sh"
. "$(dirname "$0")/sweeps.sh"
trap 'umount "$folder/small"; rm -rf "$folder"' EXIT

seeds 60 >sweep.toml
undisturbed sweep.toml calm 60

mkdir small
mount -t tmpfs -o size=160k none small
expect 0 "60 points" sweep plan sweep.toml --out small/sweep --no-estimate
expect 2 "No space left on device; what was computed is kept: go on with vctoe sweep resume small/sweep" \
  sweep run small/sweep --jobs 2
check "one message" test "$(wc -l <stderr)" = 1
done=$(ls small/sweep/results/000 | wc -l)
check "some points are done: $done" test "$done" -ge 10 -a "$done" -lt 60
expect 0 "ok        $done" sweep status small/sweep
cp -r small/sweep/results before
expect 2 "No space left on device" sweep resume small/sweep
expect 2 "cannot write small/sweep/results.csv: No space left on device" sweep collect small/sweep
check "a table is there as a whole or not at all" test ! -e small/sweep/results.csv
check "what was computed is as it was" diff -r before small/sweep/results
expect 2 "No space left on device" sweep plan sweep.toml --out small/other --no-estimate
check "so is a plan" test ! -e small/other/plan.jsonl

mount -o remount,size=10m small
expect 0 "$((60 - done)) of them run now" sweep resume small/sweep
for old in before/000/*; do
  check "$old is as it was" cmp "$old" "small/sweep/results/000/${old##*/}"
done
# Room for results.csv, but not for the database.
room=$(($(stat -f -c '%a * %S / 1024' small)))
head -c $(((room - 24) * 1024)) /dev/zero >small/filler
expect 2 "cannot write small/sweep/results.sqlite: " sweep collect small/sweep
check "the table without it is there" cmp calm/results.csv small/sweep/results.csv
rm small/filler
expect 0 "60 points, 60 ok" sweep collect small/sweep
check "the same table" cmp calm/results.csv small/sweep/results.csv
check "nothing is left aside" test -z "$(ls -A small/sweep/parts)"
finish
