# Every format of the context list puts the same bytes on the wire.
# req: I-P0028a, I-P0028b, I-P0029a
. "$(dirname "$0")/in_folder.sh"

# The payload that the sender sends, in order: a fetch that takes longer may cut segments elsewhere.
wire() {
  name=$1
  shift
  "$vctoe" run --scheme fig8+fig9 --pcap --out "$name" --set "stream.size=300000 B" \
    --set stream.swapped=0 --set pressure.instances=0 --set net.loss.kind=none \
    --set "driver.block_size=10000 B" "$@" >/dev/null
  tshark -r "$name/fig8+fig9/sender.pcapng" -Y 'tcp.len > 0 && ip.src == 10.0.0.1' \
    -T fields -e tcp.payload 2>/dev/null | tr -d '\n' >"$name.txt"
  test -s "$name.txt"
}

wire list
wire array --set driver.context_format=array
wire fixed --set driver.block_format=fixed
wire both --set driver.context_format=array --set driver.block_format=fixed
wire offset --set driver.context_offset=123456789
wire shuffled --set driver.context_order=shuffled --set driver.context_offset=1
for name in array fixed both offset shuffled; do
  cmp list.txt "$name.txt"
done
wire other --set seed=2
if cmp -s list.txt other.txt; then
  echo "the captures do not depend on the stream: the comparison shows nothing"
  exit 1
fi
