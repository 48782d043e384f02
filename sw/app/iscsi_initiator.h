// The receiving side of iSCSI: reads a disk from its first to its last byte by SCSI commands.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sw/app/iscsi.h"
#include "sw/app/upper_layer.h"

namespace vctoe::app {

/// Checks every PDU against the commands that are outstanding: task, sequence numbers, offsets,
/// lengths, padding, status.
class IscsiInitiator : public ReceivingLayer {
 public:
  /// What an initiator has to know.
  struct Setup {
    kernel::Asid process = 0;
    std::uint64_t disk_bytes = 0;
    std::uint64_t headers = 0;  ///< memory for `depth` commands, mapped
  };

  IscsiInitiator(socket::Transport& transport, socket::SocketObject& socket,
                 const iscsi::Params& params, const Setup& setup, Store store);

  void begin() override;
  void take(const std::uint8_t* bytes, std::uint64_t length, const Give& give) override;
  bool complete() const override { return received_ == setup_.disk_bytes && open_.empty(); }

 private:
  enum class Part : std::uint8_t { kHeader, kData, kPadding };
  struct Open {
    iscsi::Command command;
    std::uint32_t received = 0;
    std::uint32_t data_sn = 0;
    std::uint32_t overflow = 0;
    bool last = false;  ///< its last data PDU has come
  };

  void issue();
  void finish_header();
  void data_in(const iscsi::DataIn& pdu);
  void response(const iscsi::Response& pdu);
  void next_part();
  [[noreturn]] void fail(const std::string& what) const;

  socket::Transport& transport_;
  socket::SocketObject& socket_;
  iscsi::Params params_;
  Setup setup_;
  Store store_;
  std::deque<Open> open_;
  std::vector<socket::PostId> posts_;  ///< by slot of headers; 0: none yet
  std::uint64_t asked_ = 0;            ///< bytes of the disk
  std::uint64_t received_ = 0;
  std::uint32_t cmd_sn_ = 1;
  std::uint32_t stat_sn_ = 1;  ///< of the next response
  Part part_ = Part::kHeader;
  std::uint64_t left_ = iscsi::kHeaderBytes;  ///< of the part
  std::uint32_t padding_ = 0;                 ///< behind the data
  iscsi::Header header_{};
};

}  // namespace vctoe::app
