# Every kind of bad input has one message that says where it is and what is legal, and exit code 2;
# what an earlier run left is still there afterwards, byte for byte.
. "$(dirname "$0")/../unit/cli/expect.sh"
root=$2

contents() { find kept -type f -exec sha256sum {} + | sort -k 2; }

expect 0 "fig3 received" run --scheme fig3,fig8 --set 'stream.size="16 KiB"' --trace --pcap --out kept
contents >before
check "there is something to lose" test "$(wc -l <before)" = 8

# refused NEEDLES... -- ARGUMENTS...: all needles are in the one message, and nothing has changed.
refused() {
  local needles=() needle
  while [ "$1" != -- ]; do needles+=("$1"); shift; done
  shift
  expect 2 "${needles[0]}" run "$@" --trace --pcap --out kept
  for needle in "${needles[@]}"; do
    check "\"$needle\" in the message of: $*" grep -qF -- "$needle" stderr
  done
  check "one message: $*" test "$(grep -cE '(error: |^cannot )' stderr)" = 1
  check "no table: $*" test ! -s stdout
  contents >after
  check "earlier results are kept: $*" cmp before after
}

# wrong TOML NEEDLES...: the same of a scenario file.
wrong() {
  printf '%b\n' "$1" >bad.toml
  shift
  refused "$@" -- bad.toml --scheme fig3,fig8
}

# Files.
refused 'cannot read none.toml: No such file or directory' -- none.toml
refused 'cannot read .: Is a directory' -- .
refused '--file: error: file: cannot read' 'none: No such file or directory' -- --file none
refused '--file: error: file: cannot read /proc/self/mem: Input/output error' -- --file /proc/self/mem
wrong 'file = "none"' 'bad.toml:1:8: error: file: cannot read' 'none: No such file or directory'
wrong '[host.disk]\nkind = "hdd"\n[host.disk.hdd]\nseek_file = "none.seek"' \
  'bad.toml:4:13: error: host.disk.hdd.seek_file: cannot read'

# Keys and values.
wrong '[pcie]\nlane = 8' 'bad.toml:2:1: error: unknown key "lane" in [pcie]' 'did you mean "lanes"?'
wrong '[net]\ndelay = "4 KiB"' 'bad.toml:2:9: error: net.delay: "4 KiB" is a size' \
  'wants a time such as "10 us"'
wrong '[net]\ndelay = "4 lightyears"' 'bad.toml:2:9: error: net.delay: unknown unit "lightyears"' \
  'units of a time: s ms us ns ps'
wrong '[net]\ndelay = 50' 'bad.toml:2:9: error: net.delay is a bare number: the unit is missing' \
  'write a time such as "10 us"'
wrong '[net]\ndelay = "50"' 'bad.toml:2:9: error: net.delay: "50" has no unit'
wrong '[net]\ndelay = "11 s"' 'bad.toml:2:9: error: net.delay = 11 s is out of range' \
  'legal: 0 s to 10 s'
wrong '[stream]\nswapped = 1.5' 'bad.toml:2:11: error: stream.swapped = 1.5 is out of range' \
  'legal: 0.0 to 1.0'

# Pairs.
wrong '[pcie]\nmps = "1 KiB"' 'bad.toml:2:7: error: ' 'pcie.mps' 'pcie.partner_mps'
wrong '[driver]\nblock_size = "4 KiB"\nblock_size_min = "8 KiB"' 'bad.toml:3:18: error: ' \
  'driver.block_size_min is above driver.block_size'

# Memory. The first three are found before anything is built, the others while the hosts are.
wrong '[stream]\nconnections = 64\n[host.dram]\nsize = "1 MiB"\n[socket]\nreceive_buffer = "64 KiB"' \
  'bad.toml:4:8: error: host.dram.size = 1024 KiB is too small' 'needs at least' 'page tables'
wrong '[kernel]\npin_limit_bytes = "512 KiB"' 'bad.toml:2:19: error: kernel.pin_limit_bytes allows' \
  'to pin at least 1024 KiB' 'socket.receive_buffer'
wrong '[host.dram]\nsize = "16 MiB"\n[host.disk]\nkind = "none"' \
  'bad.toml:2:8: error: host.dram.size = 16384 KiB is too small for what lies in it at the start' \
  'stream.swapped'
wrong '[host.dram]\nsize = "4 MiB"\n[host.disk]\ncapacity = "4 MiB"\n[pressure]\nresident = 0' \
  'the swap device, host.disk.capacity = 4096 KiB, is too small'
# And one when trace and captures are being written already.
wrong '[stream]\nconnections = 64\nsize = "4 KiB"\n[pressure]\ninstances = 0
[host.disk]\nkind = "none"\n[host.dram]\nsize = "2550 KiB"\n[kernel]\npin_limit = 1.0
[driver]\nsubmit_entries = 64\nrequest_entries = 64\nreply_entries = 64\ncompletion_entries = 64
list_area = "16 KiB"\nreply_area = "8 KiB"\ncontext_pool = "4 KiB"
[socket]\nreceive_buffer = "8 KiB"\nconnect_buffer = "8 KiB"' \
  'kernel: out of memory' 'nothing of host.dram.size' 'legal: more of it'

# Output directory.
touch occupied
for place in occupied/below /proc/nowhere; do
  expect 2 "cannot write to output directory $place: " run --out $place
  check "one line and no more" test "$(cat stdout stderr | wc -l)" = 1
done

# What comes with the program is accepted.
for scenario in "$root"/traces/*.toml; do
  expect 0 "no errors" config check "$scenario"
done
finish
