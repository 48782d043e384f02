# The wave pictures of rtl/README.md are what rtl/pictures.sh draws, and all of them are shown there.
# Usage: pictures_test.sh ROOT TEST     TEST: the program of the latency tests
set -u
root=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$root/rtl/pictures.sh" "$2" "$out" >/dev/null || exit 1
diff -rq "$out" "$root/rtl/pictures" || {
  echo "draw them anew: rtl/pictures.sh"
  exit 1
}
for picture in "$out"/*.svg; do
  grep -qF "(pictures/$(basename "$picture"))" "$root/rtl/README.md" || {
    echo "rtl/README.md does not show $(basename "$picture")"
    exit 1
  }
done
