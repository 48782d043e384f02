// HTTP of the modelled host: just what curl and a browser need.
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "sw/bridge/services.h"

namespace vctoe::bridge {

namespace {

constexpr std::size_t kPiece = 32768;
constexpr std::size_t kLongestHead = 16384;
constexpr std::size_t kGathered = 65536;  // of an answer, before it is given to the socket

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return text;
}

bool number(const std::string& text, std::uint64_t& n) {
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, n);
  return error == std::errc() && at == end;
}

/// Value of a header field, without the blanks around it; empty: not there.
std::string field(const std::string& head, const std::string& name) {
  const std::string all = lower(head);
  const std::size_t at = all.find("\r\n" + name + ":");
  if (at == std::string::npos) return "";
  const std::size_t from = head.find_first_not_of(' ', at + name.size() + 3);
  if (from == std::string::npos) return "";
  return head.substr(from, head.find("\r\n", from) - from);
}

const char* reason(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Bad Request";
  }
}

std::string row(toe_tb* host, int handle, const char* key) {
  long value = 0;
  if (toe_tb_getopt(host, handle, key, &value) < 0) return "";
  return "<tr><td>" + std::string(key) + "</td><td>" + std::to_string(value) + "</td></tr>\n";
}

std::string page(toe_tb* host, int handle) {
  std::string rows;
  for (const char* key : {"cwnd", "ssthresh", "srtt_us", "rttvar_us", "rto_us", "mss", "snd_wnd",
                          "rcv_wnd", "rexmits", "dupacks"}) {
    rows += row(host, handle, key);
  }
  char now[32];
  std::snprintf(now, sizeof now, "%.6f", static_cast<double>(toe_tb_now(host)) * 1e-9);
  return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>vctoe</title></head><body>\n"
         "<h1>A modelled NIC</h1>\n<p>This page lay in the virtual memory of a modelled host and "
         "was "
         "sent by its NIC as virtual contexts, at " +
         std::string(now) + " s of simulated time.</p>\n<table>\n" + rows +
         "</table>\n<p><a href=\"/bytes/1000000\">a million bytes</a></p>\n</body></html>\n";
}

}  // namespace

std::uint8_t page_byte(std::uint64_t at) {
  return static_cast<std::uint8_t>(at * 131 + (at >> 8) * 31 + (at >> 16) * 7);
}

Next HttpTalk::step(toe_tb* host, int handle) {
  if (state_ == State::kHead || state_ == State::kBody) return read(host, handle);
  return write(host, handle);
}

Next HttpTalk::read(toe_tb* host, int handle) {
  std::string piece(kPiece, '\0');
  const long n = toe_tb_recv(host, handle, piece.data(), piece.size(), 0);
  if (n == -EAGAIN) return Next::kWait;
  if (n <= 0) return Next::kOver;
  piece.resize(static_cast<std::size_t>(n));
  if (state_ == State::kBody) {
    take_body(piece);
  } else {
    head_ += piece;
    take_head(host, handle);
  }
  return Next::kAgain;
}

void HttpTalk::take_head(toe_tb* host, int handle) {
  const std::size_t end = head_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (head_.size() > kLongestHead) answer(400, "text/plain", "too long\n");
    return;
  }
  const std::string rest = head_.substr(end + 4);
  head_.resize(end + 2);
  const std::size_t blank = head_.find(' ');
  const std::string method = head_.substr(0, blank);
  std::string path = blank == std::string::npos ? "" : head_.substr(blank + 1);
  path.resize(std::min(path.size(), path.find_first_of(" \r\n")));
  head_only_ = method == "HEAD";
  if (method == "POST" && path == "/sha256") {
    if (!number(field(head_, "content-length"), body_left_)) {
      return answer(400, "text/plain", "a body needs Content-Length\n");
    }
    if (lower(field(head_, "expect")) == "100-continue") {
      const std::string go = "HTTP/1.1 100 Continue\r\n\r\n";
      toe_tb_send(host, handle, go.data(), go.size(), 1);
    }
    state_ = State::kBody;
    return take_body(rest);
  }
  if (method != "GET" && !head_only_) return answer(405, "text/plain", "GET, HEAD or POST\n");
  if (path == "/") return answer(200, "text/html; charset=utf-8", page(host, handle));
  if (path.rfind("/bytes/", 0) == 0 && number(path.substr(7), until_)) {
    return answer(200, "application/octet-stream", "");
  }
  until_ = 0;
  answer(404, "text/plain", "there is /, /bytes/N and, for POST, /sha256\n");
}

void HttpTalk::take_body(const std::string& bytes) {
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), body_left_));
  digest_.add(bytes.data(), n);
  body_left_ -= n;
  if (body_left_ != 0) return;
  answer(200, "text/plain", digest_.hex() + "\n");
}

void HttpTalk::answer(int status, const std::string& type, const std::string& body) {
  const std::uint64_t length = body.size() + until_;
  out_ = "HTTP/1.1 " + std::to_string(status) + " " + reason(status) +
         "\r\nServer: vctoe\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(length) + "\r\nConnection: close\r\n\r\n";
  if (head_only_) {
    until_ = 0;
  } else {
    out_ += body;
  }
  state_ = State::kAnswer;
}

Next HttpTalk::write(toe_tb* host, int handle) {
  if (state_ == State::kEnd) {  // the peer reads up to our FIN and then closes
    char rest[1024];
    const long n = toe_tb_recv(host, handle, rest, sizeof rest, 0);
    if (n == -EAGAIN) return Next::kWait;
    return n > 0 ? Next::kAgain : Next::kOver;
  }
  while (out_.size() < kGathered && at_ < until_) out_ += static_cast<char>(page_byte(at_++));
  if (out_.empty()) {
    toe_tb_shutdown_wr(host, handle);
    state_ = State::kEnd;
    return Next::kAgain;
  }
  const long n = toe_tb_send(host, handle, out_.data(), out_.size(), 1);
  if (n == -EAGAIN) return Next::kWait;
  if (n < 0) return Next::kOver;
  out_.erase(0, static_cast<std::size_t>(n));
  return Next::kAgain;
}

}  // namespace vctoe::bridge
