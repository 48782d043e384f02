#include "models/nic/esp.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

#include "models/net/byte_order.h"
#include "models/net/checksum.h"
#include "models/net/ethernet.h"
#include "models/net/headers.h"
#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {

using net::DropReason;
using net::load_be16;
using net::load_be32;
using net::store_be16;
using net::store_be32;

namespace {

constexpr std::uint32_t kIpAt = net::kEthernetHeaderBytes;
constexpr std::uint32_t kIpHeader = net::kIpHeaderBytes;
constexpr std::uint32_t kFront = 16;   ///< SPI, sequence number, IV
constexpr std::uint32_t kAad = 8;      ///< SPI, sequence number (RFC 4106 section 5)
constexpr std::uint32_t kTrailer = 2;  ///< pad length, next header
constexpr std::uint32_t kIcv = 16;
constexpr std::uint8_t kProtocolEsp = 50;
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint32_t kLastNumber = ~0u;

std::vector<std::uint8_t> bytes_of(const std::string& hex, const char* what) {
  std::vector<std::uint8_t> bytes;
  const auto digit = [&](char c) -> std::uint8_t {
    const std::string digits = "0123456789abcdef";
    const auto at = digits.find(static_cast<char>(c | 0x20));
    if (at == std::string::npos) sim::user_error(std::string(what) + " is not hexadecimal");
    return static_cast<std::uint8_t>(at);
  };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  if (hex.size() % 2 != 0) sim::user_error(std::string(what) + " has an odd number of digits");
  return bytes;
}

const EVP_CIPHER* cipher_for(std::size_t key_bytes) {
  switch (key_bytes) {
    case 16:
      return EVP_aes_128_gcm();
    case 24:
      return EVP_aes_192_gcm();
    case 32:
      return EVP_aes_256_gcm();
    default:
      sim::user_error("nic.esp.key has to be 16, 24 or 32 bytes, as 32, 48 or 64 digits");
  }
}

void worked(int result) {
  sim::ensure(result == 1, "esp: OpenSSL refuses to work");
}

/// Completes an IP header for `total` bytes of `protocol` behind it.
void finish_ip(std::uint8_t* ip, std::uint32_t header, std::uint32_t total, std::uint8_t protocol) {
  store_be16(ip + 2, total);
  ip[9] = protocol;
  store_be16(ip + 10, 0);
  store_be16(ip + 10, static_cast<std::uint16_t>(~net::fold_sum(net::ones_sum(ip, header))));
}

void finish_frame(net::Frame& frame, std::uint32_t end) {
  const std::uint32_t padded = std::max(end, net::kMinFrameBytes - net::kFcsBytes);
  std::memset(frame.bytes.data() + end, 0, padded - end);
  frame.size = padded + net::kFcsBytes;
  net::set_fcs(frame);
}

}  // namespace

void EspParams::declare(sim::ParamList& list) {
  list.add("enabled", enabled, "encrypt every segment: ESP in transport mode with AES-GCM",
           "specification [0020], [0021]; RFC 4303, RFC 4106");
  list.add("key", key,
           "AES key, 16, 24 or 32 bytes in hexadecimal; of a simulation, never a real one",
           "RFC 4106 section 8.1");
  list.add("salt", salt, "first four bytes of every nonce, in hexadecimal", "RFC 4106 section 8.1");
  list.add("receive_key", receive_key, "key for what arrives; empty: the same",
           "own choice: to see what a wrong key does");
  list.add("spi", spi, {256, 0xffff'ffff}, "security parameters index, in both directions",
           "RFC 4303 section 2.1: 1 to 255 are reserved");
  list.add("records", records, {1, 1 << 20},
           "sent segments of a connection that can be repeated as they were",
           "own choice: above window / MSS");
  list.add("rate", rate, {1e9, 1e12}, "what a cipher engine takes, one each way",
           "own choice: a block of 16 B a cycle of 4 ns");
  list.add("latency", latency, sim::time_range(sim::Time::zero(), sim::Time::from_us(100)),
           "from the end of a frame in a cipher engine to its use",
           "own choice: 16 cycles, ten rounds of AES-128 and the end of GHASH");
}

void Esp::Stats::declare(sim::StatList& list) const {
  list.add("sealed", sealed, "1", "packets encrypted under a number of their own");
  list.add("repeated", repeated, "1", "retransmissions that are the first packet again");
  list.add("anew", anew, "1", "retransmissions under a new number: cut otherwise, or no record");
  list.add("changed", changed, "1", "of those, whose payload was no longer the same");
  list.add("opened", opened, "1", "packets decrypted");
  list.add("rejected", rejected, "1", "packets dropped: wrong key, damaged, or not for this SPI");
  list.add("unprotected", unprotected, "1", "packets dropped: not encrypted");
}

Esp::Esp(const EspParams& params, std::uint32_t local_ip)
    : params_(params),
      local_ip_(local_ip),
      salt_(bytes_of(params.salt, "nic.esp.salt")),
      sealer_(make_context(params.key, true)),
      opener_(make_context(params.receive_key.empty() ? params.key : params.receive_key, false)) {
  if (salt_.size() != 4) sim::user_error("nic.esp.salt has to be 4 bytes, as 8 digits");
}

Esp::~Esp() = default;

void Esp::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Esp::Context Esp::make_context(const std::string& key, bool encrypt) const {
  const auto bytes = bytes_of(key, "nic.esp.key");
  const EVP_CIPHER* cipher = cipher_for(bytes.size());
  Context context(EVP_CIPHER_CTX_new());
  worked(EVP_CipherInit_ex(context.get(), cipher, nullptr, bytes.data(), nullptr, encrypt ? 1 : 0));
  return context;
}

// The room behind the IP header, less front and check value, holds segment, padding and trailer: a
// multiple of four (RFC 4303 section 2.4).
std::uint64_t Esp::mss(std::uint64_t mss) {
  const std::uint64_t room = (mss + net::kTcpHeaderBytes - kFront - kIcv) / 4 * 4;
  return room - kTrailer - net::kTcpHeaderBytes;
}

// ---- sending ------------------------------------------------------------------------------------

const Esp::Sent* Esp::sent_before(std::uint32_t connection, std::uint64_t offset,
                                  const toe::Segment& s) const {
  if (connection >= records_.size()) return nullptr;
  const auto found = records_[connection].find(offset);
  if (found == records_[connection].end()) return nullptr;
  const toe::Segment& then = found->second.header;
  const bool same = then.length == s.length && then.seq == s.seq && then.tuple == s.tuple &&
                    (then.flags & ~toe::kPsh) == (s.flags & ~toe::kPsh);
  // The peer drops what acknowledges too little, by its largest window; the unscaled field is at
  // most that.
  const bool in_time = s.ack - then.ack >= 0 && s.ack - then.ack <= then.window;
  return same && in_time ? &found->second : nullptr;
}

Esp::Sent Esp::seal(net::Frame& frame) {
  // One more and the nonce would be one that was used.
  if (number_ == kLastNumber) sim::user_error("nic.esp.key is worn out: 2^32 packets");
  Sent sent;
  sent.number = ++number_;
  sent.icv = encrypt(frame, sent.number);
  ++stats_.sealed;
  return sent;
}

/// Equal check values mean equal plaintexts: the check value is a MAC over them.
bool Esp::seal_again(net::Frame& frame, const Sent& before) {
  if (encrypt(frame, before.number) == before.icv) {
    ++stats_.repeated;
    return true;
  }
  ++stats_.changed;
  return false;
}

/// A segment that is encoded anew carries a new timestamp. What lies behind it must then not come
/// with an older one: the peer would take it for a duplicate from the past (PAWS).
void Esp::remember(std::uint32_t connection, std::uint64_t offset, const Sent& sent, bool again) {
  stats_.anew += again ? 1 : 0;
  if (connection >= records_.size()) records_.resize(connection + std::size_t{1});
  Records& records = records_[connection];
  records.erase(records.lower_bound(offset), records.end());
  if (records.size() < params_.records) records[offset] = sent;
}

void Esp::acknowledged(std::uint32_t connection, std::uint64_t offset) {
  if (connection >= records_.size()) return;
  Records& records = records_[connection];
  while (!records.empty()) {
    const auto first = records.begin();
    if (first->first + first->second.header.length > offset) return;
    records.erase(first);
  }
}

void Esp::forget(std::uint32_t connection) {
  if (connection < records_.size()) records_[connection].clear();
}

Esp::Icv Esp::encrypt(net::Frame& frame, std::uint32_t number) {
  std::uint8_t* ip = frame.bytes.data() + kIpAt;
  const std::uint32_t tcp = load_be16(ip + 2) - kIpHeader;
  const std::uint32_t pad = (4 - (tcp + kTrailer) % 4) % 4;
  const std::uint32_t text = tcp + pad + kTrailer;
  std::uint8_t* esp = ip + kIpHeader;
  std::memmove(esp + kFront, esp, tcp);
  store_be32(esp, static_cast<std::uint32_t>(params_.spi));
  store_be32(esp + 4, number);
  store_be32(esp + 8, local_ip_);
  store_be32(esp + 12, number);
  std::uint8_t* end = esp + kFront + tcp;
  for (std::uint32_t i = 1; i <= pad; ++i) *end++ = static_cast<std::uint8_t>(i);
  *end++ = static_cast<std::uint8_t>(pad);
  *end++ = kProtocolTcp;
  std::uint8_t nonce[12];
  std::memcpy(nonce, salt_.data(), 4);
  std::memcpy(nonce + 4, esp + 8, 8);
  Icv icv;
  int n = 0;
  EVP_CIPHER_CTX* c = sealer_.get();
  worked(EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, nonce));
  worked(EVP_EncryptUpdate(c, nullptr, &n, esp, kAad));
  worked(EVP_EncryptUpdate(c, esp + kFront, &n, esp + kFront, static_cast<int>(text)));
  worked(EVP_EncryptFinal_ex(c, end, &n));
  worked(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, kIcv, icv.data()));
  std::memcpy(end, icv.data(), kIcv);
  const std::uint32_t total = kIpHeader + kFront + text + kIcv;
  finish_ip(ip, kIpHeader, total, kProtocolEsp);
  finish_frame(frame, kIpAt + total);
  return icv;
}

// ---- receiving ----------------------------------------------------------------------------------

/// Length of the IP header and of what is behind it, of a sound ESP packet for our SPI.
DropReason Esp::layout(const net::Frame& frame, std::uint32_t& header,
                       std::uint32_t& length) const {
  if (frame.size < net::kMinFrameBytes || frame.size > net::Frame::kCapacity) {
    return DropReason::kTruncated;
  }
  const std::uint8_t* p = frame.bytes.data();
  const std::uint32_t covered = frame.size - net::kFcsBytes;
  if (net::crc32(p, covered) != net::load_le32(p + covered)) return DropReason::kBadFcs;
  const std::uint8_t* ip = p + kIpAt;
  header = (ip[0] & 0xfu) * 4;
  const std::uint32_t total = load_be16(ip + 2);
  if (load_be16(p + 12) != 0x0800 || ip[0] >> 4 != 4) return DropReason::kNotIpv4;
  if (header < kIpHeader || header > covered - kIpAt) return DropReason::kBadIpHeader;
  if (total < header || total > covered - kIpAt) return DropReason::kTruncated;
  if ((load_be16(ip + 6) & 0x3fff) != 0) return DropReason::kFragment;
  if (ip[9] != kProtocolEsp) return DropReason::kUnprotected;
  length = total - header;
  if (length < kFront + kTrailer + kIcv || length % 4 != 0) return DropReason::kBadEsp;
  return load_be32(ip + header) == params_.spi ? DropReason::kNone : DropReason::kBadEsp;
}

DropReason Esp::open(const net::Frame& sealed, net::Frame& plain) {
  std::uint32_t header = 0, length = 0;
  DropReason why = layout(sealed, header, length);
  if (why == DropReason::kNone) {
    const std::uint8_t* ip = sealed.bytes.data() + kIpAt;
    std::uint8_t* out = plain.bytes.data() + kIpAt;
    std::memcpy(plain.bytes.data(), sealed.bytes.data(), kIpAt + header);
    const std::uint32_t text = length - kFront - kIcv;
    if (decrypt(ip + header, length, out + header)) {
      const std::uint32_t pad = out[header + text - kTrailer];
      const bool tcp = out[header + text - 1] == kProtocolTcp && pad + kTrailer <= text;
      if (tcp) {
        const std::uint32_t total = header + text - kTrailer - pad;
        finish_ip(out, header, total, kProtocolTcp);
        finish_frame(plain, kIpAt + total);
        plain.txn = sealed.txn;
        ++stats_.opened;
        return DropReason::kNone;
      }
    }
    why = DropReason::kBadEsp;
  }
  stats_.rejected += why == DropReason::kBadEsp ? 1 : 0;
  stats_.unprotected += why == DropReason::kUnprotected ? 1 : 0;
  return why;
}

bool Esp::decrypt(const std::uint8_t* esp, std::uint32_t length, std::uint8_t* out) {
  const auto text = static_cast<int>(length - kFront - kIcv);
  std::uint8_t nonce[12];
  std::memcpy(nonce, salt_.data(), 4);
  std::memcpy(nonce + 4, esp + 8, 8);
  Icv icv;
  std::memcpy(icv.data(), esp + length - kIcv, kIcv);
  int n = 0;
  EVP_CIPHER_CTX* c = opener_.get();
  worked(EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, nonce));
  worked(EVP_DecryptUpdate(c, nullptr, &n, esp, kAad));
  worked(EVP_DecryptUpdate(c, out, &n, esp + kFront, text));
  worked(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, kIcv, icv.data()));
  return EVP_DecryptFinal_ex(c, out + text, &n) == 1;
}

sim::Time Esp::through(sim::Time& free, std::uint32_t bytes) const {
  free = sim::max(free, sim::now()) + params_.rate.time_for(bytes);
  return free + params_.latency;
}

}  // namespace vctoe::nic
