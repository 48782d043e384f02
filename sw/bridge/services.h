// Programs for the modelled host that people can talk to: HTTP, and an echo for nc.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sw/app/digest.h"
#include "sw/bridge/bridge.h"

namespace vctoe::bridge {

/// Accepts connections at a port and keeps one Talk for each.
template <class Talk>
class Server : public Service {
 public:
  /// Throws std::runtime_error when the port cannot be had.
  Server(toe_tb* host, std::uint16_t port, int backlog = 128);
  bool step(toe_tb* host) override;

  std::uint64_t accepted() const { return accepted_; }
  std::size_t open() const { return talks_.size(); }
  std::size_t most_open() const { return most_open_; }

 private:
  int listener_;
  std::map<int, Talk> talks_;  ///< by handle
  std::uint64_t accepted_ = 0;
  std::size_t most_open_ = 0;
};

/// What a Talk's step() says.
enum class Next : std::uint8_t { kWait, kAgain, kOver };

/// RFC 862: what arrives goes back; the end of the one direction ends the other.
class EchoTalk {
 public:
  Next step(toe_tb* host, int handle);

 private:
  std::string pending_;
  bool over_ = false;
};

/// HTTP/1.1 (RFC 9112), a connection for one request: GET and HEAD of / (a page about the
/// connection) and of /bytes/N (N bytes that count up by a seeded rule), POST to /sha256 (the
/// hash of the body).
class HttpTalk {
 public:
  Next step(toe_tb* host, int handle);

 private:
  enum class State : std::uint8_t { kHead, kBody, kAnswer, kEnd };
  Next read(toe_tb* host, int handle);
  void take_head(toe_tb* host, int handle);
  void take_body(const std::string& bytes);
  void answer(int status, const std::string& type, const std::string& body);
  Next write(toe_tb* host, int handle);

  State state_ = State::kHead;
  std::string head_, out_;
  bool head_only_ = false;
  std::uint64_t body_left_ = 0;       ///< of the request
  std::uint64_t at_ = 0, until_ = 0;  ///< of /bytes/N
  app::Digest digest_;                ///< of the body
};

using HttpServer = Server<HttpTalk>;
using EchoServer = Server<EchoTalk>;

/// Byte `at` of /bytes/N.
std::uint8_t page_byte(std::uint64_t at);

}  // namespace vctoe::bridge
