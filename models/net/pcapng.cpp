#include "models/net/pcapng.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "models/net/ethernet.h"
#include "models/sim/error.h"

namespace vctoe::net {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxComment = 1024;

// Block types and option codes, draft-ietf-opsawg-pcapng sections 3.5, 4.1, 4.2 and 4.3.
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kLinkEthernet = 1;
constexpr std::uint16_t kOptEnd = 0;
constexpr std::uint16_t kOptComment = 1;
constexpr std::uint16_t kIfName = 2;
constexpr std::uint16_t kIfTimeResolution = 9;
constexpr std::uint16_t kIfFcsLength = 13;
constexpr std::uint16_t kEpbFlags = 2;
constexpr std::uint32_t kInbound = 1;
constexpr std::uint32_t kOutbound = 2;

constexpr std::uint32_t padded(std::size_t n) {
  return static_cast<std::uint32_t>(n + 3) & ~3u;
}

/// Writes fields one behind the other in the byte order of this machine, which the magic number in
/// the section header declares.
class Cursor {
 public:
  explicit Cursor(std::uint8_t* at) : at_(at) {}
  template <class T>
  Cursor& put(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
    return *this;
  }
  /// With padding to a multiple of four.
  Cursor& bytes(const void* data, std::uint32_t length) {
    if (length == 0) return *this;
    std::uint8_t* const end = at_ + padded(length);
    std::memset(end - 4, 0, 4);
    std::memcpy(at_, data, length);
    at_ = end;
    return *this;
  }
  Cursor& option(std::uint16_t code, const void* data, std::uint32_t length) {
    put(code).put(static_cast<std::uint16_t>(length));
    return bytes(data, length);
  }

 private:
  std::uint8_t* at_;
};

}  // namespace

PcapngWriter::PcapngWriter(const std::string& path, std::uint32_t snap_length)
    : path_(path),
      file_(std::fopen(path.c_str(), "wb")),
      snap_length_(snap_length),
      buffer_(kBufferBytes) {
  if (file_ == nullptr) sim::user_error("cannot open " + path + ": " + std::strerror(errno));
  std::setvbuf(file_, nullptr, _IONBF, 0);
  constexpr std::uint32_t kLength = 28;
  Cursor(reserve(kLength))
      .put(kSectionHeader)
      .put(kLength)
      .put(kByteOrderMagic)
      .put(std::uint16_t{1})  // version 1.0
      .put(std::uint16_t{0})
      .put(std::int64_t{-1})  // length of the section: not known
      .put(kLength);
}

PcapngWriter::~PcapngWriter() {
  // A destructor may not throw; whoever wants to know of a full disk calls flush() before.
  drain();
  std::fclose(file_);
}

std::uint32_t PcapngWriter::add_interface(std::string_view name, std::uint32_t fcs_bytes) {
  sim::ensure(name.size() <= kMaxComment, "pcapng: interface name is too long");
  const auto name_length = static_cast<std::uint32_t>(name.size());
  const std::uint32_t length = 16 + 4 + padded(name_length) + 8 + 8 + 4 + 4;
  const std::uint8_t resolution = 9;  // 10^-9 s
  const auto fcs = static_cast<std::uint8_t>(fcs_bytes);
  Cursor(reserve(length))
      .put(kInterfaceDescription)
      .put(length)
      .put(kLinkEthernet)
      .put(std::uint16_t{0})
      .put(snap_length_)
      .option(kIfName, name.data(), name_length)
      .option(kIfTimeResolution, &resolution, 1)
      .option(kIfFcsLength, &fcs, 1)
      .option(kOptEnd, nullptr, 0)
      .put(length);
  return interfaces_++;
}

void PcapngWriter::write(const CapturedPacket& packet) {
  const std::uint32_t captured = kept(packet.length);
  const auto comment = static_cast<std::uint32_t>(
      packet.comment.size() < kMaxComment ? packet.comment.size() : kMaxComment);
  const std::uint32_t comment_bytes = comment == 0 ? 0 : 4 + padded(comment);
  const std::uint32_t length = 28 + padded(captured) + 8 + comment_bytes + 4 + 4;
  const std::uint64_t ns = packet.at.ps / 1000;
  Cursor out(reserve(length));
  out.put(kEnhancedPacket)
      .put(length)
      .put(packet.interface)
      .put(static_cast<std::uint32_t>(ns >> 32))
      .put(static_cast<std::uint32_t>(ns))
      .put(captured)
      .put(packet.length)
      .bytes(packet.data, captured)
      .put(kEpbFlags)
      .put(std::uint16_t{4})
      .put(packet.heading == Heading::kSent ? kOutbound : kInbound);
  if (comment != 0) out.option(kOptComment, packet.comment.data(), comment);
  out.put(std::uint32_t{kOptEnd}).put(length);
}

void PcapngWriter::flush() {
  if (!drain()) sim::user_error("cannot write " + path_ + ": " + std::strerror(errno));
}

std::uint8_t* PcapngWriter::reserve(std::uint32_t length) {
  sim::ensure(length <= kBufferBytes, "pcapng: packet is longer than the buffer");
  if (used_ + length > buffer_.size()) flush();
  std::uint8_t* at = buffer_.data() + used_;
  used_ += length;
  return at;
}

bool PcapngWriter::drain() {
  const std::size_t written = std::fwrite(buffer_.data(), 1, used_, file_);
  const bool all = written == used_;
  used_ = 0;
  return all;
}

PcapTap::PcapTap(PcapngWriter& writer, std::string_view name, PcapTapOptions options)
    : writer_(writer),
      options_(options),
      interface_(writer.add_interface(name, options.keep_fcs ? kFcsBytes : 0)) {}

void PcapTap::frame_seen(const Frame& frame, sim::Time at, Heading heading) {
  CapturedPacket packet{interface_, at, heading, frame.bytes.data(), frame.size, {}};
  if (!options_.keep_fcs) packet.length -= kFcsBytes;
  if (options_.transactions && frame.txn != 0) packet.comment = comment_on(frame);
  writer_.write(packet);
}

std::string_view PcapTap::comment_on(const Frame& frame) {
  constexpr std::string_view kTxn = "txn ", kAgain = " retransmission";
  char* end = std::copy(kTxn.begin(), kTxn.end(), comment_.data());
  end = std::to_chars(end, comment_.data() + comment_.size(), frame.txn).ptr;
  if (frame.again) end = std::copy(kAgain.begin(), kAgain.end(), end);
  return {comment_.data(), static_cast<std::size_t>(end - comment_.data())};
}

}  // namespace vctoe::net
