# Verilator finds nothing to remark at any of the four sets, and Yosys reads the walker and finds no
# latch and no loop.
# Usage: lint_test.sh ROOT
set -u
root=$1
failures=0
sources=("$root/rtl/vctoe_walker_pkg.sv")
for file in "$root"/rtl/vctoe_walker*.sv; do
  [[ $file == *_pkg.sv ]] || sources+=("$file")
done

names=(Engines Walks Queue Tags Pages Sets Cursors Anchors Connections)
sets=0
while read -r set values; do
  read -ra values <<<"$values"
  parameters=()
  for i in "${!names[@]}"; do parameters+=("-G${names[i]}=${values[i]}"); done
  said=$(verilator --lint-only -Wall --top-module vctoe_walker "${parameters[@]}" "${sources[@]}" 2>&1)
  if [ $? != 0 ] || [ -n "$said" ]; then
    echo "lint, $set set:"
    echo "$said"
    failures=$((failures + 1))
  fi
  sets=$((sets + 1))
done < <(sed -nE 's/^ *(small|pair|standard|large)\) values=\(([0-9 ]+)\).*/\1 \2/p' "$root/rtl/parameters.sh")
[ "$sets" = 4 ] || {
  echo "$sets sets in parameters.sh"
  failures=$((failures + 1))
}

said=$(yosys -Q -p "read_verilog -sv ${sources[*]}
  chparam -set Engines 2 -set Walks 4 -set Queue 4 -set Tags 8 -set Pages 4 -set Sets 4 -set Cursors 4 -set Connections 16 vctoe_walker
  hierarchy -check -top vctoe_walker; proc; flatten; opt_clean
  select -assert-none t:\$dlatch t:\$dlatchsr t:\$adlatch
  check -assert" 2>&1) || {
  echo "yosys:"
  echo "$said" | tail -n 5
  failures=$((failures + 1))
}
if grep -E '^Latch inferred|found logic loop|multiple conflicting drivers' <<<"$said"; then
  failures=$((failures + 1))
fi
exit "$failures"
