# GTKWave shows every signal that the save file names, enumerations by their names, and the present
# values at a marker. Needs gtkwave 3.3.x (version 4 has no Tcl), xvfb and xauth; else it is skipped.
. "$(dirname "$0")/in_folder.sh"
for tool in gtkwave xvfb-run xauth; do
  command -v $tool >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
version=$(dpkg-query -W -f '${Version}' gtkwave 2>/dev/null || gtkwave --version 2>&1)
case $version in *3.3.*) ;; *) echo "skipped: not GTKWave 3.3 but $version"; exit 77 ;; esac
"$vctoe" run "$root/traces/waves.toml" --vcd --vcd-connections 0,1 --out out >/dev/null
waves=$folder/out/fig8+fig9

# A time at which a retransmission is on the line.
at=$(awk '$1 == "$var" && $5 == "frame" && code == "" { code = $4 }
          /^#/ { now = substr($1, 2) }
          $2 == code && /^sRETX/ { print now + 1000; exit }' "$waves/waves.vcd")
cat >check.tcl <<'END'
set out [open $env(RESULTS) w]
foreach name [gtkwave::getDisplayedSignals] { puts $out "displayed $name" }
gtkwave::setMarker $env(MARKER)
set n [gtkwave::getTotalNumTraces]
for {set i 0} {$i < $n} {incr i} {
  set name [gtkwave::getTraceNameFromIndex $i]
  if {$name != ""} { puts $out "value $name [gtkwave::getTraceValueAtMarkerFromIndex $i]" }
}
close $out
gtkwave::/File/Grab_To_File $env(PICTURE)
gtkwave::/File/Quit
END
export RESULTS=$folder/results MARKER=$at PICTURE=$folder/picture.png NO_AT_BRIDGE=1
cd / # the paths in the save file are its own
timeout 60 xvfb-run -a -s "-screen 0 1400x900x24" \
  gtkwave "$waves/waves.vcd" "$waves/waves.gtkw" -S "$folder/check.tcl" >"$folder/log" 2>&1 ||
  { cat "$folder/log"; exit 1; }
cd "$folder"

sed -n 's/^+{[^}]*} //p' "$waves/waves.gtkw" >named
sed -n 's/^displayed //p' results >displayed
test -s named
diff named displayed
test "$(wc -l <named)" = "$(grep -c '^\$var' "$waves/waves.vcd")"

shown() { grep -qE "^value $1\$" results || { echo "not shown: $1"; cat results; exit 1; }; }
shown "state ESTAB"
shown "state (idle|walking|waiting_fetch|waiting_translation)"
shown "state (idle|busy|waiting_channel|waiting_limit)"
shown "code none"
shown "why (first|retransmit)"
shown "busy 1"
shown "frame RETX seq=[0-9]* len=1448 txn=[0-9]*"
shown "posted 524288"
if grep -E '^value state [0-9]' results; then
  echo "a state is shown as a number"
  exit 1
fi
# A PNG of at least the size of the window.
test "$(head -c 4 picture.png | tail -c 3)" = PNG
test "$(stat -c %s picture.png)" -gt 10000

# With the walker in RTL: the system, the pins and the engines, a save file each.
cd "$folder"
"$vctoe" run "$root/traces/waves.toml" --vcd --set nic.walker.impl=lockstep --out rtl >/dev/null
waves=$folder/rtl/fig8+fig9
# A time at which a block is on the output: engines emit one a cycle, so half of a cycle later.
at=$(awk '$1 == "$var" && $5 == "beat" { beat = $4; if (out == "" && scope == "out") out = beat }
          $1 == "$scope" { scope = $3 }
          /^#/ { now = substr($1, 2) }
          out != "" && $2 == out && /^skind=0/ { print now + 2000; exit }' "$waves/waves.vcd")
test -n "$at"
view() {
  export RESULTS=$folder/results_$1 MARKER=$at PICTURE=$folder/picture_$1.png
  cd /
  timeout 60 xvfb-run -a -s "-screen 0 1400x900x24" \
    gtkwave "$waves/waves.vcd" "$waves/$1.gtkw" -S "$folder/check.tcl" >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
  cd "$folder"
  sed -n 's/^+{[^}]*} //p' "$waves/$1.gtkw" >named
  sed -n 's/^displayed //p' "results_$1" >displayed
  test -s named
  diff named displayed
  cp "results_$1" results
}
view waves
shown "state (idle|walking|waiting_fetch|waiting_translation)"
shown "kind block"
view walker_pins
shown "kind block"
shown "code none"
shown "txn [0-9]+"
shown "beat kind=0.*"
shown "valid 1"
view walker_engines
shown "state (idle|start|place|lookup|check|read|wait|record|note|emit|done|forget|fault)"
