// The sending side of iSCSI: a disk whose blocks are the stream, read by the peer's SCSI commands.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sim/stats.h"
#include "sw/app/iscsi.h"
#include "sw/app/upper_layer.h"

namespace vctoe::app {

class IscsiTarget {
 public:
  struct Stats {
    std::uint64_t commands = 0;
    std::uint64_t data_pdus = 0;
    std::uint64_t responses = 0;
    void declare(sim::StatList& list) const;
  };
  /// What lies where in the process that serves a connection.
  struct Disk {
    socket::Transport& transport;
    kernel::Asid process = 0;
    socket::VirtualRange data;  ///< the stream
    std::uint64_t headers = 0;  ///< room for header_bytes(), mapped
  };

  IscsiTarget(const iscsi::Params& params, Load load, Store store)
      : params_(params), load_(std::move(load)), store_(std::move(store)) {}

  /// Memory for the headers of all commands that are being answered.
  static std::uint64_t header_bytes(const iscsi::Params& params);

  /// Answers commands until the peer sends no more, and waits until everything is acknowledged.
  /// `posted` is called before each answer. Blocking.
  socket::Status serve(const Disk& disk, socket::SocketObject& socket,
                       const std::function<void()>& posted);
  const Stats& stats() const { return stats_; }

 private:
  struct Session {
    const Disk& disk;
    socket::SocketObject& socket;
    std::vector<socket::PostId> posts;  ///< by slot of headers; 0: none yet
    std::uint32_t stat_sn = 0;
    std::uint32_t served = 0;
  };
  socket::Status read_command(Session& session, iscsi::Header& header);
  socket::Status answer(Session& session, const iscsi::Command& command);
  std::vector<iscsi::Header> headers_of(Session& session, const iscsi::Command& command) const;

  iscsi::Params params_;
  Load load_;
  Store store_;
  Stats stats_;
};

}  // namespace vctoe::app
