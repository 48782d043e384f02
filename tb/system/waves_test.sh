# A dump changes nothing of the run, is the same each time, and has what was asked for.
. "$(dirname "$0")/in_folder.sh"

lossy fig8+fig9,fig11+fig10 "1 MiB" >lossy.toml

"$vctoe" run lossy.toml --trace --out plain >/dev/null
"$vctoe" run lossy.toml --trace --vcd --vcd-connections 0-2 --out first >/dev/null
"$vctoe" run lossy.toml --trace --vcd --vcd-connections 0-2 --out second >/dev/null
cmp plain/stats.json first/stats.json
for scheme in fig8+fig9 fig11+fig10; do
  cmp plain/$scheme/trace.txt first/$scheme/trace.txt
  for file in waves.vcd waves.gtkw waves.tcp.filter; do
    test -s first/$scheme/$file
    cmp first/$scheme/$file second/$scheme/$file
  done
done
grep -q 'scope module tcp2' first/fig8+fig9/waves.vcd

# Only a scope, around an event.
"$vctoe" run lossy.toml --scheme fig8 --vcd --vcd-scope 'receiver,*.cwnd' --vcd-trigger tx_retransmit \
  --vcd-before "1 us" --vcd-length "10 us" --out part >/dev/null
part=part/fig8+fig9/waves.vcd
test "$(grep -c '\$scope module sender' $part)" = 1
test "$(sed -n '/module sender/,/module receiver/p' $part | grep -c '\$var')" = 1
# Emitted when the last bit of the frame has left the MAC.
at=$(awk '$2 == "tx_retransmit" { print $1; exit }' plain/fig8+fig9/trace.txt)
test "$(grep -m1 '^#' $part)" = "#$((at - 1000000))"
test "$(grep '^#' $part | tail -n 1)" = "#$((at + 10000000))"

# Several cards have scopes of their own; answers by page leave nothing behind in the driver.
"$vctoe" run lossy.toml --scheme fig8 --set host.nics=2 --set driver.reply=page --vcd \
  --vcd-connections 0,1024 --out cards >/dev/null
cards=cards/fig8+fig9/waves.vcd
for scope in link1 nic1 pcie1 tcp1024; do grep -q "scope module $scope " $cards; done
awk '/^\$scope/ { path = path "/" $3 } /^\$upscope/ { sub("/[^/]*$", "", path) }
     $1 == "$var" { name[$4] = path "/" $5 }
     /^b/ { value[$2] = $1; if ($1 != "b0") moved[name[$2]] = 1 }
     END { for (code in name) {
             if (name[code] ~ /sender.*in_driver$/) {
               ++found
               if (value[code] != "b0") bad = name[code] " ends with " value[code]
               if (!moved[name[code]]) bad = name[code] " never moved"
             } }
           if (found != 2) bad = "in_driver of two cards expected"
           if (bad != "") { print bad; exit 1 } }' $cards

# A limit ends it, and that is told.
"$vctoe" run lossy.toml --scheme fig8 --vcd --vcd-limit "100 kB" --out short >/dev/null 2>told
grep -q "size limit of 100000 B" told
test "$(stat -c %s short/fig8+fig9/waves.vcd)" -le 100000
tail -n 1 short/fig8+fig9/waves.vcd | grep -q '^\$comment.*size limit'
