# Every bad input has its own message and exit code 2, and nothing is run.
. "$(dirname "$0")/expect.sh"

refuse() {  # refuse NEEDLE TOML-LINE
  printf '%s\n' "$2" >bad.toml
  expect 2 "$1" run bad.toml
  expect 2 "$1" config check bad.toml
  check "nothing was written" test ! -e out
}

echo 'seed = 3' >good.toml
expect 0 "good.toml: no errors" config check good.toml
expect 2 "cannot read none.toml: No such file or directory" run none.toml
expect 2 "cannot read .: Is a directory" run .
expect 2 "cannot read /proc/self/mem: Input/output error" run /proc/self/mem
expect 2 "cannot read $folder/none: No such file or directory" run good.toml --file none
expect 2 "cannot read /proc/self/mem: Input/output error" run good.toml --file /proc/self/mem
expect 2 "Is a directory" run good.toml --file .

refuse 'bad.toml:1:1: error: unknown key "sede" at the top level' 'sede = 3'
refuse '= did you mean "seed"?' 'sede = 3'
refuse 'unknown table [lnik]' '[lnik]'
refuse 'link.delay: "4 KiB" is a size, but this key wants a time' 'link.delay = "4 KiB"'
refuse 'link.delay: unknown unit "lightyears"' 'link.delay = "4 lightyears"'
refuse 'link.delay is a bare number: the unit is missing' 'link.delay = 4'
refuse 'link.delay: "4" has no unit' 'link.delay = "4"'
refuse 'link.delay = 2 s is out of range' 'link.delay = "2 s"'
refuse '= legal: 1 ns to 1 s' 'link.delay = "2 s"'
refuse 'behaviour: unknown value "god"' 'behaviour = "god"'
refuse 'bad.toml:1:12: error: link.mps 1024 B is above the partner' 'link.mps = "1 KiB"'
refuse 'schemes: unknown scheme "fig88"; did you mean "fig8"?' 'schemes = "fig88"'
refuse 'bad.toml:1:' 'seed = = 3'

expect 2 "--set 2: error: link.delay is a bare number" run good.toml --set seed=1 --set link.delay=4
expect 2 "--seed: error: seed is text" run good.toml --seed abc
expect 2 '--scheme: error: schemes: unknown scheme "fig1"' run good.toml --scheme fig8,fig1
expect 2 'schemes: "fig8" is named twice' run good.toml --scheme fig8,fig8

touch occupied
for place in occupied/below /proc/nowhere; do
  expect 2 "cannot write to output directory $place: " run good.toml --out $place
  check "one line and no more" test "$(cat stdout stderr | wc -l)" = 1
done
finish
