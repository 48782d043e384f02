# A parameter outside its range stops the elaboration with a message that says what it must be; the ends
# of its range are taken.
# Usage: elaboration_test.sh ROOT
set -u
root=$1
failures=0

elaborate() {  # NAME=VALUE...
  local arguments=("${@/#/-G}")
  verilator --lint-only -Wno-fatal -Wno-lint -Wno-style -Werror-USERERROR --top-module vctoe_walker \
    "${arguments[@]}" "$root/rtl/vctoe_walker_pkg.sv" \
    $(ls "$root"/rtl/vctoe_walker*.sv | grep -v _pkg.sv) 2>&1
}

refused() {  # PARAMETER=VALUE, what is said
  local said
  if said=$(elaborate "$1"); then
    echo "$1 is taken"
  elif ! grep -qE "^%Error-USERERROR: .*$2" <<<"$said"; then
    echo "$1 is refused without '$2':"
    echo "$said" | head -n 5
  else
    return
  fi
  failures=$((failures + 1))
}

taken() {
  local said
  said=$(elaborate "$@") && return
  echo "$* is refused:"
  echo "$said" | head -n 5
  failures=$((failures + 1))
}

# What no width can be made of is refused by the block that it is handed to.
refused Engines=0 'Engines must be 1 .. 8|Requests must be at least 1'
refused Engines=9 'Engines must be 1 .. 8'
refused Walks=3 'Walks must be Engines .. 256'
refused Walks=257 'Walks must be Engines .. 256'
refused Queue=0 'Queue must be 1 .. 1024'
refused Queue=1025 'Queue must be 1 .. 1024'
refused Tags=0 'Tags must be 1 .. 256'
refused Tags=257 'Tags must be 1 .. 256'
refused Pages=0 'Pages must be 1 .. 256'
refused Pages=257 'Pages must be 1 .. 256'
refused Sets=0 'Sets must be a power of two, 1 .. 16384'
refused Sets=3 'Sets must be a power of two, 1 .. 16384'
refused Sets=32768 'Sets must be a power of two, 1 .. 16384'
refused Cursors=0 'must be a power of two, 1 .. 65536'
refused Cursors=48 'Cursors must be a power of two, 1 .. 65536'
refused Cursors=131072 'Cursors must be a power of two, 1 .. 65536'
refused Anchors=17 'Anchors must be 0 .. 16'
refused Connections=0 'Connections must be 1 .. 65536'
refused Connections=65537 'Connections must be 1 .. 65536'
taken Engines=1 Walks=1 Queue=1 Tags=1 Pages=1 Sets=1 Cursors=1 Anchors=0 Connections=1
taken Engines=8 Walks=8 Queue=2 Tags=256 Pages=256 Sets=64 Cursors=65536 Anchors=16 Connections=16

# And so the build stops.
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
if "$root/rtl/verilate.sh" "$root/rtl" small Bad "$out/bad" -GEngines=9 >"$out/said" 2>&1; then
  echo "verilate.sh builds with nine engines"
  failures=$((failures + 1))
fi
exit "$failures"
