#include "tb/fuzz/host.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "models/net/checksum.h"
#include "models/net/icmp.h"

namespace vctoe::fuzz {

namespace {
constexpr std::uint32_t kUs = 0x0a000001, kPeer = 0x0a000002;
constexpr std::uint16_t kListened = 80, kFirstPort = 1000;
constexpr std::size_t kHeld = 64;  // plans out at once
}  // namespace

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

std::uint32_t Script::near() {
  const unsigned kind = pick(8);
  if (kind == 7) return u32();
  if (kind == 6) return static_cast<std::uint32_t>(static_cast<std::int16_t>(u16()));
  if (kind >= 4) return static_cast<std::uint32_t>(static_cast<std::int8_t>(u8()));
  return 0;
}

toe::TcpParams params_of(Script& script) {
  toe::TcpParams p;
  const unsigned bits = script.u8();
  p.sack = (bits & 1) == 0;
  p.timestamps = (bits & 2) == 0;
  p.window_scaling = (bits & 4) == 0;
  p.congestion = (bits & 8) == 0 ? toe::CongestionKind::kReno : toe::CongestionKind::kCubic;
  p.nagle = (bits & 16) == 0;
  p.limited_transmit = (bits & 32) == 0;
  p.isn_fixed = true;
  p.isn = (bits & 64) == 0 ? 1000 : 0xfffffff0;
  const unsigned more = script.u8();
  constexpr std::uint64_t kMss[] = {1460, 536, 88, 8960};
  p.mss = kMss[more & 3];
  constexpr std::uint64_t kBuffers[] = {4096, 65536, 1 << 20, 1 << 26};
  p.receive_buffer = sim::Bytes{kBuffers[more >> 2 & 3]};
  constexpr std::uint64_t kIntervals[] = {256, 1, 2, 5};
  p.reassembly_intervals = kIntervals[more >> 4 & 3];
  p.dupack_threshold = (more & 64) == 0 ? 3 : 1;
  p.data_retries = 3;
  p.syn_retries = 2;
  p.max_connections = (more & 128) == 0 ? 1024 : 2;
  const unsigned last = script.u8();
  p.ecn = (last & 1) != 0;
  p.keepalive = (last & 2) != 0;
  p.keepalive_idle = p.keepalive_interval = sim::Time::from_s(1);
  p.keepalive_probes = 2;
  p.challenge_ack = (last & 4) == 0;
  p.send_buffer = (last & 8) == 0 ? sim::Bytes::gib(1) : sim::Bytes{5000};
  return p;
}

Host::Host(Script& script)
    : script_(script), params_(params_of(script)), stack_(params_, kUs, 1, *this) {
  demand(stack_.listen(kListened, 2, 2), "a port that nobody listens at is refused");
  for (toe::ConnectionId id = 0; id < 2; ++id) {
    records_[id].open = true;
    const auto port = static_cast<std::uint16_t>(kFirstPort + id);
    demand(stack_.connect(id, port, kPeer, kListened, now_), "a connection that is new is refused");
    stack_.set_receive_space(id, records_[id].space = params_.receive_buffer.n, now_);
  }
}

void Host::step() {
  switch (script_.pick(8)) {
    case 4:
      return raw_frame();
    case 5:
      return time();
    case 6:
      return command();
    case 7:
      return pump(script_.pick(16));
    default:
      segment();
      pump(4);
  }
}

void Host::finish() {
  pump(1000);
  for (toe::ConnectionId id = 0; id < kConnections; ++id) stack_.abort(id, now_);
  pump(1000);
  for (const Record& r : records_) demand(!r.open, "an aborted connection lives on");
  demand(stack_.next_timer() == sim::Time::never(), "a timer runs without a connection");
  demand(!stack_.has_work(now_), "work without a connection");
}

// ---- frames -------------------------------------------------------------------------------------

namespace {

void put16(std::vector<std::uint8_t>& out, std::uint32_t v) {
  out.push_back(static_cast<std::uint8_t>(v >> 8));
  out.push_back(static_cast<std::uint8_t>(v));
}
void put32(std::vector<std::uint8_t>& out, std::uint32_t v) {
  put16(out, v >> 16);
  put16(out, v);
}
void set16(std::vector<std::uint8_t>& out, std::size_t at, std::uint32_t v) {
  out[at] = static_cast<std::uint8_t>(v >> 8);
  out[at + 1] = static_cast<std::uint8_t>(v);
}
std::uint16_t sum16(const std::uint8_t* p, std::size_t size, std::uint32_t sum) {
  for (std::size_t i = 0; i < size; ++i) sum += i % 2 == 0 ? std::uint32_t{p[i]} << 8 : p[i];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

constexpr std::size_t kIp = 14, kTcp = 34;

std::vector<std::uint8_t> headers_up_to_tcp() {
  std::vector<std::uint8_t> f;
  for (const std::uint32_t ip : {kUs, kPeer}) {
    const net::MacAddress mac = net::mac_address_of(ip);
    f.insert(f.end(), mac.begin(), mac.end());
  }
  put16(f, 0x0800);
  f.insert(f.end(), {0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0});
  put32(f, kPeer);
  put32(f, kUs);
  return f;
}

/// Length and checksums of IP and TCP as they ought to be.
void repair(std::vector<std::uint8_t>& f) {
  if (f.size() < kTcp + 20) return;
  set16(f, kIp + 2, static_cast<std::uint32_t>(f.size() - kIp));
  set16(f, kIp + 10, 0);
  const std::size_t header = std::max<std::size_t>((f[kIp] & 15) * std::size_t{4}, 20);
  set16(f, kIp + 10, sum16(&f[kIp], std::min(header, f.size() - kIp), 0));
  const std::size_t tcp = kIp + header;
  if (f.size() < tcp + 20) return;
  set16(f, tcp + 16, 0);
  std::uint32_t pseudo = 6 + static_cast<std::uint32_t>(f.size() - tcp);
  for (std::size_t at = kIp + 12; at < kIp + 20; at += 2) pseudo += f[at] * 256u + f[at + 1];
  set16(f, tcp + 16, sum16(&f[tcp], f.size() - tcp, pseudo));
}

}  // namespace

/// A segment for one of the connections, its numbers seen from where that connection is.
void Host::segment() {
  const unsigned bits = script_.u8();
  const toe::ConnectionId id = bits & 3;
  const auto view = stack_.view(id);
  std::vector<std::uint8_t> f = headers_up_to_tcp();
  const std::uint32_t port = kFirstPort + id;
  put16(f, id < 2 ? kListened : port);
  put16(f, id < 2 ? port : kListened);
  const std::uint32_t behind = view ? view->rcv_nxt.v : 5000;
  // Where the window ends is as good a place as where it begins.
  const auto window = static_cast<std::uint32_t>(view ? view->rcv_wnd : 0);
  put32(f, behind + ((bits & 4) != 0 ? window : 0) + script_.near());
  const bool oldest = (bits & 8) != 0;
  put32(f, (view ? (oldest ? view->snd_una.v : view->snd_nxt.v) : 0) + script_.near());
  constexpr std::uint8_t kFlags[] = {toe::kAck,
                                     toe::kAck,
                                     toe::kAck | toe::kPsh,
                                     toe::kSyn,
                                     toe::kSyn | toe::kAck,
                                     toe::kAck | toe::kFin,
                                     toe::kRst,
                                     toe::kRst | toe::kAck};
  const unsigned head = script_.u8();
  const unsigned flags = head % 12;
  f[kIp + 1] = static_cast<std::uint8_t>(head / 12 % 4);  // explicit congestion notification
  f.push_back(0);
  f.push_back(flags < 8 ? kFlags[flags] : script_.u8());
  put16(f, (bits & 16) != 0 ? script_.u16() : 0xffff);
  put32(f, 0);
  put_options(f, view ? &*view : nullptr);
  const std::size_t header = f.size() - kTcp;
  f[kTcp + 12] = static_cast<std::uint8_t>((header / 4) << 4);
  if ((bits & 32) != 0) f[kTcp + 12] = script_.u8();
  const std::size_t payload = (bits & 64) != 0 ? script_.u16() % 1461 : script_.pick(4);
  f.resize(f.size() + payload);
  put_frame(std::move(f), (bits & 128) != 0 ? script_.u8() : 0);
}

/// Up to 40 bytes: options that are right in form, or any bytes.
void Host::put_options(std::vector<std::uint8_t>& out, const toe::ConnectionView* view) {
  const std::size_t begin = out.size();
  const std::uint32_t una = view != nullptr ? view->snd_una.v : 0;
  const auto put = [&](std::initializer_list<std::uint8_t> bytes) { out.insert(out.end(), bytes); };
  for (unsigned more = script_.pick(4); more > 0; --more) {
    switch (script_.pick(7)) {
      case 0:
        put({2, 4}), put16(out, script_.u16());
        break;
      case 1:
        put({1, 3, 3, script_.u8()});
        break;
      case 2:
        put({1, 1, 4, 2});
        break;
      case 3:
        put({1, 1, 8, 10});
        put32(out, script_.near());
        put32(out, static_cast<std::uint32_t>(now_.ps / sim::Time::from_ms(1).ps) + script_.near());
        break;
      case 4: {
        const unsigned blocks = 1 + script_.pick(4);
        put({1, 1, 5, static_cast<std::uint8_t>(2 + 8 * blocks)});
        for (unsigned i = 0; i < 2 * blocks; ++i) put32(out, una + script_.near());
        break;
      }
      default:
        for (unsigned i = script_.pick(12); i > 0; --i) out.push_back(script_.u8());
    }
  }
  while ((out.size() - begin) % 4 != 0) out.push_back(0);
  if (out.size() - begin > 40) out.resize(begin + 40);
}

/// Any bytes behind right or wrong headers.
void Host::raw_frame() {
  const unsigned bits = script_.u8();
  std::vector<std::uint8_t> f;
  if ((bits & 1) != 0) f = headers_up_to_tcp();
  for (unsigned i = script_.pick(100); i > 0; --i) f.push_back(script_.u8());
  if ((bits & 2) != 0) f.resize(std::max<std::size_t>(f.size(), 60));
  put_frame(std::move(f), bits & 12);
}

/// `damage`: 0 every checksum is right; else something in it is not, in bits.
void Host::put_frame(std::vector<std::uint8_t> bytes, unsigned damage) {
  if ((damage & 4) == 0) repair(bytes);
  if ((damage & 16) != 0 && !bytes.empty()) bytes[script_.u16() % bytes.size()] ^= script_.u8();
  if ((damage & 32) != 0) bytes.resize(script_.pick(64));
  net::FramePtr frame = pool_.get();
  bytes.resize(std::max<std::size_t>(bytes.size(), (damage & 32) != 0 ? 0 : 60));
  std::copy(bytes.begin(), bytes.end(), frame->bytes.begin());
  frame->size = static_cast<std::uint32_t>(bytes.size() + 4);
  if ((damage & 8) == 0) net::set_fcs(*frame);
  deliver(*frame);
}

void Host::deliver(net::Frame& frame) {
  const net::ParseResult parsed =
      net::parse_tcp_frame(frame, net::LocalAddresses{net::mac_address_of(kUs), kUs});
  if (!parsed.ok()) return;
  demand(parsed.payload_offset + parsed.segment.length + 4 <= frame.size,
         "payload beyond the frame");
  arriving_ = &parsed.segment;
  stack_.input(parsed.segment, now_);
  arriving_ = nullptr;
}

// ---- the user and time --------------------------------------------------------------------------

void Host::time() {
  constexpr std::uint64_t kSteps[] = {1, 100, 1000, 40'000, 200'000, 1'000'000, 61'000'000};
  const std::uint64_t step = kSteps[script_.pick(7)];
  now_ = now_ + sim::Time::from_us(step);
  for (unsigned i = 0; stack_.next_timer() <= now_; ++i) {
    demand(i < 1000, "a timer that fires for ever");
    stack_.on_timer(now_);
  }
  pump(4);
}

void Host::command() {
  const unsigned bits = script_.u8();
  const toe::ConnectionId id = bits & 3;
  Record& r = records_[id];
  if (!r.open) return;
  switch (bits >> 2 & 7) {
    case 0:
    case 1: {
      if (r.closing) return;
      const std::uint64_t more = std::min<std::uint64_t>(script_.u16() + 1, kPosted - r.posted);
      if (more == 0) return;
      stack_.post(id, more, now_);
      r.posted += more;
      [[fallthrough]];
    }
    case 2:
      r.available = r.posted;
      return stack_.set_available(id, r.available, (bits & 32) != 0);
    case 3:
      r.closing = true;
      return stack_.close(id, now_);
    case 4:
      return rare_command(bits >> 5, id);
    case 5:
      r.space = std::max(r.space, r.received + script_.u16());
      return stack_.set_receive_space(id, r.space, now_);
    case 6:
      return stack_.owe_ack(id, now_);
    default:
      if (held_.empty()) return;
      stack_.drop(held_.back(), now_);  // what is planned behind it would be void
      held_.pop_back();
  }
}

void Host::rare_command(unsigned which, toe::ConnectionId id) {
  switch (which) {
    case 0:
      return stack_.abort(id, now_);
    case 1:
      records_[id].closing = true;
      return stack_.release(id, script_.pick(2), now_);
    case 2:
      return stack_.set_nagle(id, script_.pick(2) != 0, now_);
    case 3:
      return stack_.set_keepalive(id, script_.pick(2) != 0, now_);
    case 4:
      return stack_.set_max_segment(id, 88 + script_.u16() % 9000, now_);
    case 5:
      stack_.unlisten(kListened);
      if (script_.pick(2) != 0) stack_.listen(kListened, 2, 2);
      return;
    default:
      return icmp_error(id);
  }
}

/// About a segment of ours, the way of a frame; a byte of it may be damaged.
void Host::icmp_error(toe::ConnectionId id) {
  toe::IcmpError error;
  toe::Segment segment;
  const auto port = static_cast<std::uint16_t>(kFirstPort + id);
  segment.tuple = {kUs, kPeer, id < 2 ? port : kListened, id < 2 ? kListened : port};
  const auto view = stack_.view(id);
  segment.seq = {(view ? view->snd_una.v : 0) + script_.near()};
  error.tuple = segment.tuple;
  error.seq = segment.seq;
  const unsigned bits = script_.u8();
  error.type = (bits & 1) != 0 ? 3 : static_cast<std::uint8_t>(script_.u8());
  error.code = static_cast<std::uint8_t>(bits >> 4);
  error.next_hop_mtu = script_.u16();
  net::FramePtr quoted = pool_.get(), frame = pool_.get();
  net::encode_tcp_frame(*quoted, {net::mac_address_of(kPeer), net::mac_address_of(kUs)}, segment);
  net::encode_icmp_error(*frame, *quoted, kPeer, error);
  if ((bits & 2) != 0) frame->bytes[script_.u8() % frame->size] ^= script_.u8();
  if ((bits & 4) != 0) frame->size = script_.u8() % (frame->size + 1);
  if (frame->size >= 4) net::set_fcs(*frame);
  const auto parsed =
      net::parse_tcp_frame(*frame, net::LocalAddresses{net::mac_address_of(kUs), kUs});
  if (parsed.error != net::DropReason::kNotTcp) return;
  if (const auto back = net::parse_icmp_error(*frame)) stack_.icmp_error(*back, now_);
}

void Host::pump(unsigned plans) {
  for (; plans > 0 && stack_.has_work(now_); --plans) {
    const auto plan = stack_.next(now_);
    if (!plan) break;
    held_.push_back(*plan);
    if (held_.size() > kHeld || script_.pick(4) != 0 || script_.empty()) {
      leave(held_.front());
      held_.pop_front();
    }
  }
  while (script_.empty() && !held_.empty()) {
    leave(held_.front());
    held_.pop_front();
  }
}

void Host::leave(const toe::TxPlan& plan) {
  const auto segment = stack_.emit(plan, now_);
  if (segment) check_sent(*segment, plan.connection);
}

}  // namespace vctoe::fuzz
