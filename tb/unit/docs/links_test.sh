# Relative links of all pages lead to something, also to headings; and every page of docs/ can be
# reached from README.md.
# Usage: links_test.sh ROOT
set -u
root=$1
failures=0

links() {  # of page $1, outside code blocks
  awk '/^```/ { code = !code } !code' "$1" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' |
    grep -vE '^(https?|mailto):'
}

# Names of the headings of page $1, as they are written in links.
anchors() {
  awk '/^```/ { code = !code } !code && /^#+ /' "$1" |
    sed 's/^#* //' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

broken() {
  echo "${1#"$root"/}: $2"
  failures=$((failures + 1))
}

check() {  # every link of page $1
  local page=$1 link target anchor
  for link in $(links "$page"); do
    target=${link%%#*}
    anchor=${link#"$target"}
    target=$(realpath -m "$(dirname "$page")/${target:-$(basename "$page")}")
    if [ ! -e "$target" ]; then
      broken "$page" "$link leads nowhere"
    elif [ -n "$anchor" ] && ! anchors "$target" | grep -qxF -- "${anchor#\#}"; then
      broken "$page" "$link: no such heading"
    fi
  done
}

while IFS= read -r page; do check "$page"; done < <(
  find "$root" -name '*.md' -not -path "$root/build/*" -not -path "$root/out/*" -not -path '*/.git/*'
)

# Breadth first from the front page.
reached=$(realpath "$root/README.md")
fresh=$reached
while [ -n "$fresh" ]; do
  next=$(for page in $fresh; do
    for link in $(links "$page"); do
      [ "${link%%#*}" = "" ] || realpath -m "$(dirname "$page")/${link%%#*}"
    done
  done | grep '\.md$' | sort -u)
  fresh=$(comm -23 <(echo "$next") <(echo "$reached" | sort -u))
  reached=$(printf '%s\n%s\n' "$reached" "$fresh" | sed '/^$/d' | sort -u)
done
for page in "$root"/docs/*.md; do
  grep -qxF "$(realpath "$page")" <<<"$reached" || broken "$page" "cannot be reached from README.md"
done
[ "$failures" = 0 ]
