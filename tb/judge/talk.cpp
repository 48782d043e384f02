#include "tb/judge/talk.h"

#include <algorithm>
#include <cstdio>

namespace vctoe::judge {
namespace {

void put16(Bytes& b, std::uint32_t v) {
  b.push_back(static_cast<std::uint8_t>(v >> 8));
  b.push_back(static_cast<std::uint8_t>(v));
}
void put32(Bytes& b, std::uint32_t v) {
  put16(b, v >> 16);
  put16(b, v);
}
void set16(Bytes& b, std::size_t at, std::uint32_t v) {
  b[at] = static_cast<std::uint8_t>(v >> 8);
  b[at + 1] = static_cast<std::uint8_t>(v);
}

/// RFC 1071, one word at a time.
std::uint32_t sum(const Bytes& b, std::size_t begin, std::size_t end, std::uint32_t start) {
  for (std::size_t at = begin; at < end; at += 2) {
    start += (std::uint32_t{b[at]} << 8) + (at + 1 < end ? b[at + 1] : 0);
    start = (start & 0xffff) + (start >> 16);
  }
  return start;
}

Bytes options_of(const Words& w) {
  Bytes o;
  if (w.mss) o.insert(o.end(), {2, 4}), put16(o, *w.mss);
  if (w.scale) o.insert(o.end(), {3, 3, *w.scale});
  if (w.sack_permitted) o.insert(o.end(), {4, 2});
  if (w.timestamps) {
    o.insert(o.end(), {8, 10});
    put32(o, w.timestamps->first);
    put32(o, w.timestamps->second);
  }
  if (!w.sack.empty()) {
    o.insert(o.end(), {5, static_cast<std::uint8_t>(2 + 8 * w.sack.size())});
    for (const auto& [left, right] : w.sack) put32(o, left), put32(o, right);
  }
  o.insert(o.end(), w.more_options.begin(), w.more_options.end());
  while (o.size() % 4 != 0) o.push_back(1);
  return o;
}

constexpr std::size_t kIp = 14;
constexpr std::size_t kTcp = 34;

void put_ip(Bytes& f, unsigned side, std::size_t length) {
  f.insert(f.end(), {0x45, 0});
  put16(f, static_cast<std::uint32_t>(length));
  f.insert(f.end(), {0, 0, 0x40, 0, 64, 6, 0, 0});
  put32(f, 0x0a000001 + side);
  put32(f, 0x0a000002 - side);
  set16(f, kIp + 10, ~sum(f, kIp, kTcp, 0));
}

Bytes frame_of(const Words& w, std::uint16_t port) {
  const Bytes options = options_of(w);
  Bytes f(12, 2);
  put16(f, 0x0800);
  put_ip(f, w.side, 40 + options.size() + w.payload.size());
  put16(f, w.side == 0 ? port : 80);
  put16(f, w.side == 0 ? 80 : port);
  put32(f, w.seq);
  put32(f, w.ack);
  f.push_back(static_cast<std::uint8_t>((20 + options.size()) / 4 << 4));
  f.push_back(w.flags);
  put16(f, w.window);
  put32(f, 0);
  f.insert(f.end(), options.begin(), options.end());
  f.insert(f.end(), w.payload.begin(), w.payload.end());
  const std::size_t length = f.size() - kTcp;
  const auto pseudo = sum(f, kIp + 12, kIp + 20, 6 + static_cast<std::uint32_t>(length));
  set16(f, kTcp + 16, ~sum(f, kTcp, f.size(), pseudo));
  f.resize(std::max<std::size_t>(f.size(), 60));
  if (w.spoil) w.spoil(f);
  return f;
}

}  // namespace

Talk::Talk(std::array<std::uint32_t, 2> isn, std::uint16_t port)
    : isn_(isn), next_(isn), port_(port) {}

void Talk::restart(std::array<std::uint32_t, 2> isn, std::uint16_t port) {
  isn_ = next_ = isn;
  port_ = port;
  timestamps_ = false;
}

Words Talk::syn(unsigned side, const Offer& offer) const {
  Words w;
  w.side = side;
  w.seq = isn_[side];
  w.flags = 0x02;
  w.window = kWindow;
  w.mss = offer.mss;
  w.scale = offer.scale;
  w.sack_permitted = offer.sack;
  if (offer.timestamps) w.timestamps = {clock_[side], 0};
  return w;
}

void Talk::open(const Offer& a, const Offer& b) {
  put(syn(0, a));
  Words answer = syn(1, b);
  answer.flags = 0x12;
  answer.ack = next_[0];
  if (answer.timestamps) answer.timestamps->second = clock_[0];
  put(answer);
  timestamps_ = a.timestamps && b.timestamps;
  ack(0);
}

Words Talk::words(unsigned side) {
  Words w;
  w.side = side;
  w.seq = next_[side];
  w.ack = next_[1 - side];
  w.window = kWindow;
  ++clock_[side];
  if (timestamps_) w.timestamps = {clock_[side], clock_[1 - side]};
  return w;
}

std::uint64_t Talk::data(unsigned side, std::size_t size) {
  Words w = words(side);
  w.payload = bytes(side, w.seq, size);
  return put(w);
}

std::uint64_t Talk::fin(unsigned side) {
  Words w = words(side);
  w.flags = 0x11;
  return put(w);
}

void Talk::close() {
  fin(0);
  fin(1);
  ack(0);
}

std::uint64_t Talk::put(const Words& w) {
  const auto places = static_cast<std::uint32_t>(w.payload.size()) + (w.flags >> 1 & 1) +
                      static_cast<std::uint32_t>(w.flags & 1);
  const std::uint32_t end = w.seq + places;
  if (static_cast<std::int32_t>(end - next_[w.side]) > 0) next_[w.side] = end;
  frames_.push_back(frame_of(w, port_));
  return frames_.size();
}

Bytes Talk::bytes(unsigned side, std::uint32_t seq, std::size_t size) const {
  Bytes b;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t at = seq - isn_[side] + static_cast<std::uint32_t>(i);
    b.push_back(static_cast<std::uint8_t>(at * 7 + (at >> 8) + side));
  }
  return b;
}

void Talk::write(const std::string& path) const {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return;
  const auto words = [file](std::initializer_list<std::uint32_t> list) {
    for (const std::uint32_t w : list) std::fwrite(&w, 4, 1, file);
  };
  words({0xa1b23c4d, 0x00040002, 0, 0, 65535, 1});  // version 2.4, Ethernet
  std::uint32_t at = 0;
  for (const Bytes& f : frames_) {
    const auto size = static_cast<std::uint32_t>(f.size());
    words({0, at += 1000000, size, size});
    std::fwrite(f.data(), 1, f.size(), file);
  }
  std::fclose(file);
}

}  // namespace vctoe::judge
