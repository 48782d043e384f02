// The judge of captures: holds what a file shows of every TCP connection against the rules of
// rules.h. For what tshark does not see; tshark_filters asks tshark for the rest.
//
// Nothing is shared with models/: what both had misread would not be found.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tb/judge/conversation.h"
#include "tb/judge/expectations.h"
#include "tb/judge/packet.h"
#include "tb/judge/rules.h"

namespace vctoe::judge {

/// One direction of a connection.
struct StreamReport {
  std::string from, to;     ///< "address:port"
  std::uint64_t bytes = 0;  ///< of payload, without a gap from the first on
  std::string sha256;       ///< of these, in hex
  bool complete = false;    ///< SYN, FIN and all between
};

struct Report {
  std::uint64_t frames = 0;
  std::uint64_t segments = 0;     ///< frames with TCP over IPv4 among them
  std::uint64_t corrupted = 0;    ///< left out for a bad checksum
  std::uint64_t connections = 0;  ///< reused ports count anew
  std::vector<StreamReport> streams;
  std::vector<Finding> findings;  ///< in the order of frames
};

class Judge {
 public:
  explicit Judge(Expectations expected) : expected_(std::move(expected)) {}
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  /// The next frame of the capture. `ethernet`: with that header, or IPv4 at once.
  void see(const std::uint8_t* data, std::size_t captured, std::size_t length, bool ethernet);
  /// After the last frame.
  Report finish();

 private:
  using Ports = std::pair<Endpoint, Endpoint>;  ///< the lower one first
  /// All connections between two ports, the latest at the end.
  struct Chain {
    std::deque<Conversation> all;
    /// A SYN that begins another one if it is answered; its bytes may be gone, it has no payload.
    std::optional<Packet> pending;
  };

  bool sound(const Packet& p);
  void assign(const Packet& p);
  bool begin_pending(Chain& chain, const Packet& p);
  void finish_conversation(const Conversation& c, Report& report) const;
  void report(std::vector<Finding>& out, Finding finding) const;

  Expectations expected_;
  std::map<Ports, Chain> chains_;
  std::vector<Finding> findings_;
  std::uint64_t frames_ = 0;
  std::uint64_t segments_ = 0;
  std::uint64_t corrupted_ = 0;
};

/// All of a pcap or pcapng file. Throws std::runtime_error when it cannot be read.
Report judge_file(const std::string& path, const Expectations& expected);

/// The report for people, or as JSON: {"file", "frames", "segments", "corrupted", "connections",
/// "streams": [{"from", "to", "bytes", "sha256", "complete"}], "findings": [{"rule", "frame",
/// "host", "detail", "text"}]}.
std::string to_text(const Report& report);
std::string to_json(const Report& report, const std::string& file);

}  // namespace vctoe::judge
