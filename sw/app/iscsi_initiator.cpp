#include "sw/app/iscsi_initiator.h"

#include <algorithm>
#include <cstring>

#include "models/sim/error.h"

namespace vctoe::app {

using socket::Status;

IscsiInitiator::IscsiInitiator(socket::Transport& transport, socket::SocketObject& socket,
                               const iscsi::Params& params, const Setup& setup, Store store)
    : transport_(transport),
      socket_(socket),
      params_(params),
      setup_(setup),
      store_(std::move(store)),
      posts_(params.depth) {}

/// An empty disk is not asked for anything, but a post of nothing waits until the connection is
/// open.
void IscsiInitiator::begin() {
  if (setup_.disk_bytes == 0) socket::so_sendmsg(transport_, setup_.process, socket_, {});
  issue();
}

/// As many commands as may be outstanding; none left to send and none to wait for: the end.
void IscsiInitiator::issue() {
  while (asked_ < setup_.disk_bytes && open_.size() < params_.depth) {
    const std::uint64_t bytes = std::min(params_.command.n, setup_.disk_bytes - asked_);
    Open open;
    open.command.task = open.command.cmd_sn = cmd_sn_;
    open.command.exp_stat_sn = stat_sn_;
    open.command.lba = asked_ / iscsi::kBlockBytes;
    open.command.blocks =
        static_cast<std::uint32_t>((bytes + iscsi::kBlockBytes - 1) / iscsi::kBlockBytes);
    open.command.expected = static_cast<std::uint32_t>(bytes);
    open.overflow = static_cast<std::uint32_t>(open.command.blocks * iscsi::kBlockBytes - bytes);
    const std::size_t slot = cmd_sn_++ % params_.depth;
    // Its response has come, so it was received; the acknowledgment may still be gathered.
    if (posts_[slot] != 0) {
      transport_.wait(setup_.process, socket_, posts_[slot], socket::Until::kBufferReusable);
    }
    const std::uint64_t va = setup_.headers + slot * iscsi::kHeaderBytes;
    const iscsi::Header header = encode(open.command);
    sim::ensure(store_(setup_.process, va, header.data(), header.size()),
                "iscsi initiator: its memory for commands is not mapped");
    open_.push_back(open);
    asked_ += bytes;
    posts_[slot] =
        socket::so_send(transport_, setup_.process, socket_, {va, iscsi::kHeaderBytes}).id;
  }
  if (complete()) transport_.shutdown(setup_.process, socket_);
}

void IscsiInitiator::take(const std::uint8_t* bytes, std::uint64_t length, const Give& give) {
  while (length > 0) {
    const std::uint64_t n = std::min(left_, length);
    if (part_ == Part::kHeader) {
      std::memcpy(header_.data() + (iscsi::kHeaderBytes - left_), bytes, n);
    } else if (part_ == Part::kData) {
      received_ += n;
      give(bytes, n);
    } else if (std::any_of(bytes, bytes + n, [](std::uint8_t b) { return b != 0; })) {
      fail("padding is not zero");
    }
    bytes += n;
    length -= n;
    left_ -= n;
    if (left_ == 0) next_part();
  }
}

void IscsiInitiator::next_part() {
  if (part_ == Part::kHeader) return finish_header();
  const bool pad = part_ == Part::kData && padding_ != 0;
  part_ = pad ? Part::kPadding : Part::kHeader;
  left_ = pad ? padding_ : iscsi::kHeaderBytes;
}

void IscsiInitiator::finish_header() {
  left_ = iscsi::kHeaderBytes;
  if (open_.empty()) fail("a PDU although no command is outstanding");
  iscsi::DataIn data;
  iscsi::Response answer;
  if (decode(header_, data)) {
    data_in(data);
  } else if (decode(header_, answer)) {
    response(answer);
  } else {
    fail("neither data nor a response");
  }
}

/// Commands are answered in their order.
void IscsiInitiator::data_in(const iscsi::DataIn& pdu) {
  Open& open = open_.front();
  if (pdu.task != open.command.task) fail("data of a command that is not the oldest");
  if (pdu.data_sn != open.data_sn || pdu.offset != open.received) fail("data out of order");
  const std::uint64_t left = open.command.expected - open.received;
  if (open.last || pdu.length == 0 || pdu.length > left || pdu.length > params_.segment.n) {
    fail("data of an impossible length");
  }
  open.received += pdu.length;
  open.last = pdu.last;
  ++open.data_sn;
  if (open.last != (open.received == open.command.expected)) fail("a wrong F bit");
  part_ = Part::kData;
  left_ = pdu.length;
  padding_ = iscsi::padding(pdu.length);
}

void IscsiInitiator::response(const iscsi::Response& pdu) {
  const Open& open = open_.front();
  if (pdu.task != open.command.task) fail("a response to a command that is not the oldest");
  if (pdu.response != 0 || pdu.status != 0) fail("a command that failed");
  if (pdu.stat_sn != stat_sn_ || pdu.exp_data_sn != open.data_sn) {
    fail("wrong sequence numbers in a response");
  }
  if (!open.last || pdu.overflow != open.overflow) fail("a response with a wrong residual count");
  if (pdu.exp_cmd_sn != open.command.cmd_sn + 1) fail("a response with a wrong ExpCmdSN");
  ++stat_sn_;
  open_.pop_front();
  issue();
}

void IscsiInitiator::fail(const std::string& what) const {
  sim::check_failed("iscsi initiator: " + what + ", after " + std::to_string(received_) +
                    " B of data on the connection from port " +
                    std::to_string(socket_.remote_port));
}

}  // namespace vctoe::app
