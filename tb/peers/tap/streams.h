// The two ends of the streams of an exchange: made from a seed, hashed where they arrive.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sw/app/digest.h"
#include "sw/bridge/bridge.h"
#include "tb/peers/tap/kernel_peer.h"

namespace vctoe::peers {

/// Bytes that follow from a number; the same at every reading.
class Source {
 public:
  Source(std::uint64_t number, std::uint64_t length) : number_(number), length_(length) {}
  std::uint64_t length() const { return length_; }
  /// Bytes from `at` on, at most `n`; how many.
  std::size_t read(std::uint64_t at, std::uint8_t* to, std::size_t n) const;
  std::string sha256() const;

 private:
  std::uint64_t number_, length_;
};

/// The modelled host's ends.
class ToeEnds : public bridge::Service {
 public:
  ToeEnds(toe_tb* host, const Exchange& exchange);
  bool step(toe_tb* host) override;
  bool over() const { return over_ == ends_.size(); }
  const std::string& error() const { return error_; }
  /// In the order of Outcome, when over().
  std::vector<std::string> received() const;
  std::uint64_t rexmits() const { return rexmits_; }

 private:
  struct End {
    int handle = -1;
    std::unique_ptr<Source> source;
    std::uint64_t sent = 0;
    bool finished_sending = false, finished_receiving = false;
    app::Digest hash;
    std::string hex;
  };
  bool accept(toe_tb* host);
  bool send(toe_tb* host, End& end);
  bool receive(toe_tb* host, End& end);
  void finish(toe_tb* host, End& end);

  Exchange exchange_;
  int listener_ = -1;
  std::vector<End> ends_;
  std::size_t accepted_ = 0, over_ = 0;
  std::uint64_t rexmits_ = 0;
  std::string error_;
};

/// The kernel's, a thread for each.
class KernelEnds {
 public:
  explicit KernelEnds(const Exchange& exchange);
  ~KernelEnds();
  /// Opens its connections; to be called when the modelled host listens.
  void start();
  bool over() const;
  std::string error() const;
  std::vector<std::string> received() const;

 private:
  struct End;
  void talk(End& end) const;
  Exchange exchange_;
  int listener_ = -1;
  std::vector<std::unique_ptr<End>> ends_;
};

/// The k-th connection: first those that the modelled host opens.
Source to_kernel(const Exchange& exchange, std::size_t k);
Source to_toe(const Exchange& exchange, std::size_t k);

constexpr std::uint32_t kToeIp = 0x0a000001, kKernelIp = 0x0a000002;
constexpr std::uint16_t kToePort = 5001, kKernelPort = 5002, kFirstPort = 20000;

}  // namespace vctoe::peers
