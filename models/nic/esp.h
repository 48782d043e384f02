// IPsec ESP in transport mode with AES-GCM (RFC 4303, RFC 4106): what the transport layer encrypts
// before it leaves, and decrypts on arrival (specification [0020], [0021]). docs/esp.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/net/drop_reason.h"
#include "models/net/frame.h"
#include "models/nic/toe/segment.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"

struct evp_cipher_ctx_st;  // OpenSSL's EVP_CIPHER_CTX

namespace vctoe::nic {

struct EspParams {
  bool enabled = false;
  std::string key = "000102030405060708090a0b0c0d0e0f";
  std::string salt = "10111213";
  std::string receive_key;
  std::uint64_t spi = 0x1001;
  std::uint64_t records = 4096;
  sim::BitRate rate = sim::BitRate::gbps(32);
  sim::Time latency = sim::Time::from_ns(64);
  void declare(sim::ParamList& list);
};

/// One cipher engine for what is sent and one for what is received, each taking frames one behind
/// the other.
class Esp {
 public:
  /// `local_ip` keeps the nonces of two hosts with one key apart. Keys that are no hexadecimal
  /// text of 16, 24 or 32 bytes are a user error.
  Esp(const EspParams& params, std::uint32_t local_ip);
  ~Esp();

  struct Stats {
    std::uint64_t sealed = 0;
    std::uint64_t repeated = 0;
    std::uint64_t anew = 0;
    std::uint64_t changed = 0;
    std::uint64_t opened = 0;
    std::uint64_t rejected = 0;
    std::uint64_t unprotected = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  using Icv = std::array<std::uint8_t, 16>;
  /// What has to be the same again for a retransmission to be the same packet.
  struct Sent {
    toe::Segment header;
    std::uint32_t number = 0;  ///< ESP sequence number, and low half of the IV
    std::uint16_t ip_id = 0;
    Icv icv{};
  };

  /// Largest TCP MSS whose segments fit, sealed, where those of `mss` fit unsealed (bytes, RFC 9293
  /// section 3.7.1: options count as payload).
  static std::uint64_t mss(std::uint64_t mss);

  /// The first transmission of exactly this segment, if it can be repeated: same bounds and flags,
  /// and an acknowledgment number that the peer still takes (RFC 5961 section 5.2). Null: it has to
  /// be sealed under a new number.
  const Sent* sent_before(std::uint32_t connection, std::uint64_t offset,
                          const toe::Segment& segment) const;
  /// Encrypts a complete TCP frame in place as it was before. False, and the frame is spoiled, if
  /// its bytes are not those of then: it must not leave under that number.
  bool seal_again(net::Frame& frame, const Sent& before);
  /// Encrypts a complete TCP frame in place under a new number.
  Sent seal(net::Frame& frame);
  /// Keeps what seal() gave for the payload at `offset` of the stream, until it is acknowledged.
  /// `again`: it was sent before, otherwise.
  void remember(std::uint32_t connection, std::uint64_t offset, const Sent& sent, bool again);
  void acknowledged(std::uint32_t connection, std::uint64_t offset);
  void forget(std::uint32_t connection);

  /// Decrypts a frame into `plain`, a complete TCP frame. Otherwise why it is dropped.
  net::DropReason open(const net::Frame& sealed, net::Frame& plain);

  /// When the engine is through with a frame of `bytes` that is given to it now.
  sim::Time sealed_at(std::uint32_t bytes) { return through(sealer_free_, bytes); }
  sim::Time opened_at(std::uint32_t bytes) { return through(opener_free_, bytes); }

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;
  /// Sent segments of a connection by their offset in the stream.
  using Records = std::map<std::uint64_t, Sent>;

  Context make_context(const std::string& key, bool encrypt) const;
  Icv encrypt(net::Frame& frame, std::uint32_t number);
  net::DropReason layout(const net::Frame& frame, std::uint32_t& header,
                         std::uint32_t& length) const;
  bool decrypt(const std::uint8_t* esp, std::uint32_t length, std::uint8_t* out);
  sim::Time through(sim::Time& free, std::uint32_t bytes) const;

  EspParams params_;
  std::uint32_t local_ip_;
  std::vector<std::uint8_t> salt_;
  Context sealer_;
  Context opener_;
  std::uint32_t number_ = 0;
  sim::Time sealer_free_;
  sim::Time opener_free_;
  std::vector<Records> records_;  ///< by connection
  Stats stats_;
};

}  // namespace vctoe::nic
