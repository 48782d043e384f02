#!/usr/bin/env bash
# Makes the pictures of docs/waves.md from traces/waves.toml, as GTKWave 3.3 shows them.
#
#   tb/pictures.sh [PROGRAM]      default: build/release/sw/cli/vctoe
#
# Needs gtkwave, xvfb and xauth.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-$root/build/release/sw/cli/vctoe}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# picture NAME HEIGHT MARKER OPTIONS...: MARKER is in picoseconds from the start of the dump.
picture() {
  local name=$1 height=$2 marker=$3
  shift 3
  "$program" run "$root/traces/waves.toml" --vcd "$@" --out "$work/$name" >/dev/null
  cd "$work/$name/fig8+fig9"
  sed -i "s/^\[size\].*/[size] 1400 $height/" waves.gtkw
  cat >take.tcl <<END
gtkwave::setMarker [expr [gtkwave::getMinTime] + $marker]
gtkwave::/File/Grab_To_File $root/docs/pictures/$name.png
gtkwave::/File/Quit
END
  NO_AT_BRIDGE=1 timeout 60 xvfb-run -a -s "-screen 0 1600x1600x24" \
    gtkwave waves.vcd waves.gtkw -S take.tcl >/dev/null 2>&1
  echo "docs/pictures/$name.png"
}

mkdir -p "$root/docs/pictures"
# The first block of a stream from its post to its first frame.
picture waves_block 1330 45000000 --vcd-trigger post --vcd-before "2 us" --vcd-length "118 us" \
  --vcd-scope "sender.link.tx,sender.tcp0.state,sender.tcp0.requested,sender.tcp0.available,sender.nic.walker,sender.nic.request,sender.nic.rings,sender.nic.dma,sender.pinned.agent,sender.pinned.node,sender.memory.fault,sender.memory.swap_reads"
# A loss and its repair.
picture waves_loss 980 252000000 --vcd-trigger tx_retransmit --vcd-before "250 us" --vcd-length "250 us" \
  --vcd-scope "sender.link,sender.tcp0.snd_*,sender.tcp0.cwnd,sender.tcp0.resent,sender.tcp0.acked,sender.nic.walker.state,sender.nic.request.unanswered,sender.nic.request.why,sender.nic.packet_buffer.used,sender.pinned.agent"
# The first DMA reads of a block on the PCIe link, and its first frame.
picture waves_wire 860 500000 --vcd-trigger dma_begin --vcd-length "1150 ns" \
  --vcd-scope "sender.link.tx,sender.pcie,sender.nic.dma,sender.nic.packet_buffer.used"
