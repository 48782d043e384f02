// Packet captures for Wireshark: a small pcapng writer with nanosecond stamps (IETF draft
// draft-ietf-opsawg-pcapng), and a tap that feeds it.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "models/net/frame_tap.h"
#include "models/sim/units.h"

namespace vctoe::net {

/// One packet of a capture. Time 0 of the simulation is the epoch, 1970-01-01.
struct CapturedPacket {
  std::uint32_t interface = 0;
  sim::Time at;  ///< written in nanoseconds, rounded down
  Heading heading{};
  const std::uint8_t* data = nullptr;
  std::uint32_t length = 0;  ///< on the wire; at most the snap length of it is kept
  std::string_view comment;  ///< shown by Wireshark; empty for none
};

/// One section, any number of interfaces. Bytes gather in 1 MB and are written when it is full, at
/// flush() and at the end.
class PcapngWriter {
 public:
  /// `snap_length` 0 keeps packets whole. A file that cannot be opened or written is a user error.
  explicit PcapngWriter(const std::string& path, std::uint32_t snap_length = 0);
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  /// Returns its number. `fcs_bytes`: 4 when packets come with their FCS, 0 without.
  std::uint32_t add_interface(std::string_view name, std::uint32_t fcs_bytes);
  void write(const CapturedPacket& packet);
  void flush();

 private:
  /// Room for `length` bytes, not longer than the buffer.
  std::uint8_t* reserve(std::uint32_t length);
  bool drain();
  std::uint32_t kept(std::uint32_t length) const {
    return snap_length_ == 0 || length < snap_length_ ? length : snap_length_;
  }

  std::string path_;
  std::FILE* file_;
  std::uint32_t snap_length_;
  std::uint32_t interfaces_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::size_t used_ = 0;
};

struct PcapTapOptions {
  bool keep_fcs = false;  ///< the FCS is cut off otherwise, as capture cards do
  /// Each packet of a transaction has a comment "txn 123", and " retransmission" if it is one.
  bool transactions = false;
};

/// One interface of a capture: everything a MAC sends and receives.
class PcapTap : public FrameTap {
 public:
  PcapTap(PcapngWriter& writer, std::string_view name, PcapTapOptions options = {});
  void frame_seen(const Frame& frame, sim::Time at, Heading heading) override;

 private:
  std::string_view comment_on(const Frame& frame);

  PcapngWriter& writer_;
  PcapTapOptions options_;
  std::uint32_t interface_;
  std::array<char, 48> comment_{};
};

}  // namespace vctoe::net
