// The receiving application: accepts streams, reads what arrives, keeps a digest of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/sim/stats.h"
#include "models/sim/trace.h"
#include "sw/app/upper_layer.h"
#include "sw/driver/host_port.h"
#include "sw/driver/sync.h"
#include "sw/socket/transport.h"

namespace vctoe::app {

struct ReceiverParams {
  sim::Bytes piece = sim::Bytes::kib(64);
  sim::BitRate read_rate = sim::BitRate::gbps(80);
  sim::BitRate limit{0};
  bool digest = true;
  void declare(sim::ParamList& list);
};

struct ReceiveSetup {
  kernel::Asid process = 0;
  std::uint16_t port = 0;
  std::uint32_t streams = 1;  ///< connections to accept
  std::uint8_t node = 1;      ///< for the trace
  /// Where the peers listen, stream by stream; empty: they connect to `port`.
  std::vector<socket::Endpoint> peers{};
  sim::Time start{};  ///< connect not before
};

/// One accepted stream, in the order of acceptance.
struct ReceiveResult {
  bool done = false;
  socket::Status status = socket::Status::kOk;  ///< kEndOfStream when it came to its end
  std::uint16_t remote_port = 0;                ///< tells the streams apart
  std::uint64_t bytes = 0;
  sim::Time first;     ///< first byte seen by the application
  sim::Time last;      ///< last byte consumed
  std::string sha256;  ///< hexadecimal, when done and digest is on
};

class Receiver : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t bytes = 0;
    std::uint64_t reads = 0;
    std::uint64_t streams = 0;
    std::uint64_t streams_failed = 0;
    sim::Time paused;  ///< waited on purpose, by `limit`
    void declare(sim::StatList& list) const;
  };
  /// Gets the bytes of a stream in their order: a file, a comparison.
  using Sink = std::function<void(const ReceiveResult&, const std::uint8_t*, std::size_t)>;

  /// The application's time for what `load` looks at is charged by `read_rate`.
  Receiver(const sc_core::sc_module_name& name, sim::Context& context, driver::HostPort& port,
           socket::Transport& transport, Load load, const ReceiverParams& params,
           const ReceiveSetup& setup);
  ~Receiver() override;

  void set_sink(Sink sink) { sink_ = std::move(sink); }
  /// An upper layer between each connection and the data.
  void set_upper_layer(MakeReceivingLayer make) { make_layer_ = std::move(make); }
  /// Called when the last stream has ended.
  void on_finished(std::function<void()> call) { finished_ = std::move(call); }

  bool done() const { return left_ == 0; }
  std::uint64_t delivered() const { return stats_.bytes; }
  const std::vector<ReceiveResult>& results() const { return results_; }
  std::string describe() const;
  const Stats& stats() const { return stats_; }

 private:
  struct Reading;

  void listen();
  socket::SocketObject* open(std::size_t i);
  void run(std::size_t i);
  void receive(socket::SocketObject& socket, ReceiveResult& result, Reading& reading);
  void consume(const socket::VirtualRange& bytes, ReceiveResult& result, Reading& reading);
  void trace(sim::TraceKind kind, std::uint64_t address, std::uint64_t length);
  void deliver(const std::uint8_t* bytes, std::uint64_t length, ReceiveResult& result,
               Reading& reading);

  sim::Context& context_;
  driver::HostPort& port_;
  socket::Transport& transport_;
  Load load_;
  ReceiverParams params_;
  ReceiveSetup setup_;
  Sink sink_;
  std::function<void()> finished_;
  MakeReceivingLayer make_layer_;
  std::vector<ReceiveResult> results_;
  std::vector<std::unique_ptr<driver::Thread>> threads_;
  bool listening_ = false;
  sc_core::sc_event listens_;
  std::size_t left_;
  Stats stats_;
};

}  // namespace vctoe::app
