#include "sw/scenario/timeline_taps.h"

#include "models/net/ethernet.h"
#include "sw/scenario/wire_text.h"

namespace vctoe::scenario {

namespace {
/// Slices of one colour have one name: the first word.
std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find(' '));
}
}  // namespace

FrameLanes::FrameLanes(outputs::TimelineWriter& timeline, std::uint8_t node, std::uint64_t card,
                       nic::Mac& mac)
    : timeline_(timeline), node_(node), card_(card), mac_(mac) {
  mac.add_tap(*this);
}

void FrameLanes::frame_seen(const net::Frame& frame, sim::Time at, net::Heading heading) {
  outputs::WireText text;
  outputs::describe(frame, text);
  const std::string_view what = outputs::view(text);
  const bool sent = heading == net::Heading::kSent;
  // The network may deliver frames closer to each other than the line would take them.
  sim::Time& free = free_[static_cast<std::size_t>(heading)];
  const sim::Time from = sim::max(at - mac_.time_for(net::kPreambleBytes + frame.size), free);
  free = at;
  const outputs::Lane lane = sent ? outputs::Lane::kSent : outputs::Lane::kReceived;
  const outputs::TimelineWriter::Slice slice{node_, lane, first_word(what), from, at, frame.txn,
                                             what,  card_};
  timeline_.add(slice);
  if (sent) timeline_.add_arrow(slice);
}

TlpLane::TlpLane(outputs::TimelineWriter& timeline, std::uint8_t node, std::uint64_t card,
                 outputs::Lane lane, pcie::Channel& channel)
    : timeline_(timeline), node_(node), card_(card), lane_(lane) {
  channel.add_tap(*this);
}

void TlpLane::tlps_sent(const pcie::TlpSlice& slice) {
  outputs::WireText text;
  outputs::describe(slice, text);
  const std::string_view what = outputs::view(text);
  timeline_.add({node_, lane_, first_word(what), slice.from, slice.to, slice.txn, what, card_});
}

}  // namespace vctoe::scenario
