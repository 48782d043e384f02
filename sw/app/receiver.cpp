#include "sw/app/receiver.h"

#include <algorithm>
#include <utility>

#include "models/sim/error.h"
#include "sw/app/digest.h"

namespace vctoe::app {

using socket::Status;

/// What one stream is read with.
struct Receiver::Reading {
  std::vector<std::uint8_t> piece;
  Digest digest;
  std::unique_ptr<ReceivingLayer> layer;  ///< null: the bytes are the data
};

void ReceiverParams::declare(sim::ParamList& list) {
  list.add("piece", piece, sim::bytes_range({64}, sim::Bytes::mib(64)),
           "bytes that the application reads in one go", "assumption");
  list.add("read_rate", read_rate, {1e6, 1e15}, "rate at which a core reads received bytes",
           "host.cpu.copy_rate; calibration M8");
  list.add("limit", limit, {0, 1e15},
           "a reader that is slower on purpose, to close the window; 0: as fast as it can",
           "RFC 9293, 3.8.6.1");
  list.add("digest", digest, "keep a SHA-256 of each stream", "vctoe");
}

void Receiver::Stats::declare(sim::StatList& list) const {
  list.add("bytes", bytes, "B", "bytes delivered to the application");
  list.add("reads", reads, "1", "pieces that it read them in");
  list.add("streams", streams, "1", "streams received to their end");
  list.add("streams_failed", streams_failed, "1", "streams that ended otherwise");
  list.add("paused", paused, "s", "time waited on purpose by a slow reader");
}

Receiver::Receiver(const sc_core::sc_module_name& name, sim::Context& context,
                   driver::HostPort& port, socket::Transport& transport, Load load,
                   const ReceiverParams& params, const ReceiveSetup& setup)
    : sc_module(name),
      context_(context),
      port_(port),
      transport_(transport),
      load_(std::move(load)),
      params_(params),
      setup_(setup),
      results_(setup.streams),
      left_(setup.streams) {
  for (std::size_t i = 0; i < results_.size(); ++i) {
    threads_.push_back(std::make_unique<driver::Thread>(("stream" + std::to_string(i)).c_str(),
                                                        [this, i] { run(i); }));
  }
}

Receiver::~Receiver() = default;

/// The first thread listens for all.
void Receiver::listen() {
  const Status status = transport_.listen(setup_.process, setup_.port, setup_.streams);
  if (status != Status::kOk) {
    sim::user_error("receiver: no memory for " + std::to_string(setup_.streams) +
                    " receive buffers (" + std::string(sim::enum_name(status)) +
                    "); legal: a larger host.dram.size, kernel.pin_limit or driver.list_area, or "
                    "smaller socket.receive_buffer");
  }
  listening_ = true;
  sim::notify(listens_);
}

socket::SocketObject* Receiver::open(std::size_t i) {
  if (!setup_.peers.empty()) {
    if (setup_.start > sim::now()) sim::wait(setup_.start - sim::now());
    socket::SocketObject* socket = transport_.connect(setup_.process, setup_.peers[i]);
    if (socket == nullptr) {
      sim::user_error(
          "receiver: no memory for the buffers of its connections; legal: a larger "
          "host.dram.size or kernel.pin_limit, or a smaller socket.receive_buffer");
    }
    return socket;
  }
  if (i == 0) listen();
  while (!listening_) sim::wait(listens_);
  socket::SocketObject* socket = transport_.accept(setup_.process, setup_.port);
  sim::ensure(socket != nullptr, "receiver: fewer sockets than streams");
  return socket;
}

void Receiver::run(std::size_t i) {
  socket::SocketObject* socket = open(i);
  ReceiveResult& result = results_[i];
  result.remote_port = socket->remote_port;
  Reading reading;
  if (make_layer_) {
    reading.layer = make_layer_(i, setup_.process, *socket);
    reading.layer->begin();
  }
  receive(*socket, result, reading);
  if (params_.digest) result.sha256 = reading.digest.hex();
  result.done = true;
  // A layer that has got all that it asked for has closed its side itself.
  const bool complete =
      result.status == Status::kEndOfStream && (!reading.layer || reading.layer->complete());
  ++(complete ? stats_.streams : stats_.streams_failed);
  if (complete && !reading.layer) transport_.shutdown(setup_.process, *socket);
  if (--left_ == 0 && finished_) finished_();
}

void Receiver::receive(socket::SocketObject& socket, ReceiveResult& result, Reading& reading) {
  for (;;) {
    socket::Received got = transport_.recv(setup_.process, socket);
    result.status = got.status;
    if (got.status != Status::kOk) return;
    if (result.bytes == 0) result.first = sim::now();
    while (got.bytes.length > 0) {
      const std::uint64_t n = std::min(got.bytes.length, params_.piece.n);
      consume({got.bytes.address, n}, result, reading);
      transport_.consumed(setup_.process, socket, n);
      got.bytes.address += n;
      got.bytes.length -= n;
    }
  }
}

void Receiver::consume(const socket::VirtualRange& bytes, ReceiveResult& result, Reading& reading) {
  std::vector<std::uint8_t>& piece = reading.piece;
  trace(sim::TraceKind::kTake, bytes.address, bytes.length);
  port_.run(params_.read_rate.time_for(bytes.length), host::Priority::kApp, host::Work::kApp);
  if (params_.limit.bps > 0) {
    const sim::Time pause = params_.limit.time_for(bytes.length);
    stats_.paused += pause;
    sim::wait(pause);
  }
  const bool looked_at = params_.digest || sink_ || reading.layer;
  if (looked_at) {
    piece.resize(bytes.length);
    sim::ensure(load_(setup_.process, bytes.address, piece.data(), piece.size()),
                "receiver: its receive memory is not mapped");
  }
  if (reading.layer) {
    reading.layer->take(piece.data(), bytes.length, [&](const std::uint8_t* at, std::uint64_t n) {
      deliver(at, n, result, reading);
    });
  } else {
    deliver(looked_at ? piece.data() : nullptr, bytes.length, result, reading);
  }
  ++stats_.reads;
  trace(sim::TraceKind::kDeliver, bytes.address, bytes.length);
}

void Receiver::trace(sim::TraceKind kind, std::uint64_t address, std::uint64_t length) {
  context_.trace.emit({{}, kind, setup_.node, setup_.process, 0, 0, address, length, 0, 0});
}

void Receiver::deliver(const std::uint8_t* bytes, std::uint64_t length, ReceiveResult& result,
                       Reading& reading) {
  if (params_.digest) reading.digest.add(bytes, length);
  if (sink_) sink_(result, bytes, length);
  result.bytes += length;
  result.last = sim::now();
  stats_.bytes += length;
  trace(sim::TraceKind::kStreamData, 0, length);
}

std::string Receiver::describe() const {
  return "receiver: " + std::to_string(left_) + " of " + std::to_string(results_.size()) +
         " streams not finished, " + std::to_string(stats_.bytes) + " B delivered";
}

}  // namespace vctoe::app
