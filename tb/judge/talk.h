// Writes captures for the tests of the judge: two hosts that say what they are told, right by
// themselves and with any fault on demand. Shares nothing with models/ nor with the judge.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vctoe::judge {

using Bytes = std::vector<std::uint8_t>;

/// A segment about to be written.
struct Words {
  unsigned side = 0;  ///< who sends
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = 0x10;
  std::uint32_t window = 0;  ///< as written
  std::optional<std::uint16_t> mss;
  std::optional<std::uint8_t> scale;
  bool sack_permitted = false;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> timestamps;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sack;
  Bytes more_options;
  Bytes payload;
  std::function<void(Bytes& frame)> spoil;  ///< the frame when it is complete
};

/// What a host offers and asks for.
struct Offer {
  std::optional<std::uint16_t> mss = 1460;
  std::optional<std::uint8_t> scale = 2;
  bool sack = true;
  bool timestamps = true;
};

class Talk {
 public:
  static constexpr const char* kHosts[2] = {"10.0.0.1:40000", "10.0.0.2:80"};
  static constexpr std::uint32_t kWindow = 10000;  ///< as written, also on SYNs

  explicit Talk(std::array<std::uint32_t, 2> isn = {1000, 5000}, std::uint16_t port = 40000);

  /// The handshake, frames 1 to 3.
  void open(const Offer& a = {}, const Offer& b = {});
  /// The next `size` bytes of a side; the frame's number.
  std::uint64_t data(unsigned side, std::size_t size = 100);
  std::uint64_t ack(unsigned side) { return put(words(side)); }
  std::uint64_t fin(unsigned side);
  /// Both FINs and their acknowledgements.
  void close();

  /// What the side would say now, for change. Takes a tick of its clock.
  Words words(unsigned side);
  /// Writes it; the frame's number, from 1. The state of the talk goes on by what it carries.
  std::uint64_t put(const Words& w);
  /// Bytes of the stream of a side from `seq` on.
  Bytes bytes(unsigned side, std::uint32_t seq, std::size_t size) const;
  /// Another connection in the same capture.
  void restart(std::array<std::uint32_t, 2> isn, std::uint16_t port = 40000);

  std::uint32_t next(unsigned side) const { return next_[side]; }
  const std::vector<Bytes>& frames() const { return frames_; }
  /// As a pcap file with nanoseconds.
  void write(const std::string& path) const;

 private:
  Words syn(unsigned side, const Offer& offer) const;

  std::array<std::uint32_t, 2> isn_;
  std::array<std::uint32_t, 2> next_;
  std::array<std::uint32_t, 2> clock_{100, 900};
  std::uint16_t port_;
  bool timestamps_ = false;
  std::vector<Bytes> frames_;
};

}  // namespace vctoe::judge
