#include "sw/app/iscsi_target.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::app {

using socket::Status;
using socket::VirtualRange;

namespace {
/// Headers of one command's answer, and zeros to pad its data with.
std::uint64_t slot_bytes(const iscsi::Params& params) {
  return params.answers() * iscsi::kHeaderBytes + 16;
}
}  // namespace

void IscsiTarget::Stats::declare(sim::StatList& list) const {
  list.add("commands", commands, "1", "SCSI commands served");
  list.add("data_pdus", data_pdus, "1", "Data-In PDUs sent");
  list.add("responses", responses, "1", "SCSI responses sent");
}

std::uint64_t IscsiTarget::header_bytes(const iscsi::Params& params) {
  return params.depth * slot_bytes(params);
}

Status IscsiTarget::serve(const Disk& disk, socket::SocketObject& socket,
                          const std::function<void()>& posted) {
  Session session{disk, socket, std::vector<socket::PostId>(params_.depth), 0, 0};
  for (;;) {
    iscsi::Header header;
    Status status = read_command(session, header);
    if (status == Status::kEndOfStream) break;
    if (status != Status::kOk) return status;
    iscsi::Command command;
    if (!decode(header, command)) sim::check_failed("iscsi target: this is no command to read");
    posted();
    status = answer(session, command);
    if (status != Status::kOk) return status;
  }
  for (const socket::PostId post : session.posts) {
    if (post == 0) continue;
    const Status status =
        disk.transport.wait(disk.process, socket, post, socket::Until::kBufferReusable);
    if (status != Status::kOk) return status;
  }
  return Status::kOk;
}

/// A command may lie in pieces, as its segments came.
Status IscsiTarget::read_command(Session& s, iscsi::Header& header) {
  for (std::size_t have = 0; have < header.size();) {
    const socket::Received got = s.disk.transport.recv(s.disk.process, s.socket);
    if (got.status != Status::kOk) {
      if (have != 0) sim::check_failed("iscsi target: the stream ends inside a command");
      return got.status;
    }
    const std::uint64_t n = std::min<std::uint64_t>(header.size() - have, got.bytes.length);
    sim::ensure(load_(s.disk.process, got.bytes.address, header.data() + have, n),
                "iscsi target: its receive memory is not mapped");
    s.disk.transport.consumed(s.disk.process, s.socket, n);
    have += n;
  }
  return Status::kOk;
}

std::vector<iscsi::Header> IscsiTarget::headers_of(Session& s,
                                                   const iscsi::Command& command) const {
  const std::uint32_t next = command.cmd_sn + 1;
  const auto window = static_cast<std::uint32_t>(next + params_.depth - 1);
  std::vector<iscsi::Header> headers;
  iscsi::DataIn data;
  data.task = command.task;
  data.exp_cmd_sn = next;
  data.max_cmd_sn = window;
  for (; data.offset < command.expected; data.offset += data.length, ++data.data_sn) {
    const std::uint64_t left = command.expected - data.offset;
    data.length = static_cast<std::uint32_t>(std::min(params_.segment.n, left));
    data.last = data.length == left;
    headers.push_back(encode(data));
  }
  iscsi::Response response;
  response.task = command.task;
  response.stat_sn = ++s.stat_sn;
  response.exp_cmd_sn = next;
  response.max_cmd_sn = window;
  response.exp_data_sn = data.data_sn;
  response.overflow =
      static_cast<std::uint32_t>(command.blocks * iscsi::kBlockBytes - command.expected);
  headers.push_back(encode(response));
  return headers;
}

/// Headers come from memory of the application, data from where it lies: one call, one list,
/// nothing copied or pinned by the application.
Status IscsiTarget::answer(Session& s, const iscsi::Command& command) {
  const std::uint64_t at = command.lba * iscsi::kBlockBytes;
  if (at + command.expected > s.disk.data.length || command.expected > params_.command.n ||
      command.blocks * iscsi::kBlockBytes < command.expected) {
    sim::check_failed("iscsi target: a command reads beyond the disk or its blocks");
  }
  ++stats_.commands;
  ++stats_.responses;
  const std::size_t slot = s.served++ % params_.depth;
  socket::PostId& post = s.posts[slot];
  if (post != 0) {
    const Status status =
        s.disk.transport.wait(s.disk.process, s.socket, post, socket::Until::kBufferReusable);
    if (status != Status::kOk) return status;
  }
  const std::vector<iscsi::Header> headers = headers_of(s, command);
  std::uint64_t va = s.disk.headers + slot * slot_bytes(params_);
  const std::uint64_t bytes = headers.size() * iscsi::kHeaderBytes;
  sim::ensure(store_(s.disk.process, va, headers.data(), bytes),
              "iscsi target: its memory for headers is not mapped");
  const std::uint64_t zeros = va + params_.answers() * iscsi::kHeaderBytes;
  std::vector<VirtualRange> ranges;
  std::uint64_t done = 0;
  for (std::size_t i = 0; i < headers.size(); ++i, va += iscsi::kHeaderBytes) {
    ranges.push_back({va, iscsi::kHeaderBytes});
    if (i + 1 == headers.size()) break;
    ++stats_.data_pdus;
    const std::uint64_t n = std::min(params_.segment.n, command.expected - done);
    ranges.push_back({s.disk.data.address + at + done, n});
    const std::uint32_t pad = iscsi::padding(static_cast<std::uint32_t>(n));
    if (pad != 0) ranges.push_back({zeros, pad});
    done += n;
  }
  const socket::PostOutcome outcome =
      socket::so_sendmsg(s.disk.transport, s.disk.process, s.socket, ranges);
  post = outcome.id;
  return outcome.status;
}

}  // namespace vctoe::app
