// The sending application: posts streams that lie in its memory and waits until its buffers are its
// own again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/sim/stats.h"
#include "sw/driver/sync.h"
#include "sw/socket/transport.h"

namespace vctoe::app {

/// One stream of the sender.
struct SendJob {
  kernel::Asid process = 0;
  socket::Endpoint remote;
  std::vector<socket::VirtualRange> ranges;  ///< mapped in the process, filled beforehand
  sim::Time start;                           ///< connect not before
  std::uint16_t listen = 0;                  ///< not 0: the peer connects, to this port
  socket::Transport* transport = nullptr;    ///< null: the sender's
  sim::Time retry = sim::Time::from_ms(1);   ///< between attempts while the peer refuses
  std::uint64_t attempts = 100;              ///< to connect, at most
};

/// What became of it.
struct SendResult {
  bool done = false;  ///< nothing more will happen
  socket::Status status = socket::Status::kOk;
  std::uint16_t local_port = 0;  ///< tells the streams apart at the receiver
  std::uint64_t bytes = 0;       ///< posted
  std::uint64_t refused = 0;     ///< attempts to connect that came to nothing
  sim::Time posted;              ///< post() was called
  sim::Time handed_over;         ///< post() came back
  sim::Time reusable;            ///< everything acknowledged
};

class Sender : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t streams = 0;
    std::uint64_t streams_failed = 0;
    std::uint64_t bytes = 0;
    sim::Histogram hold_ps;        ///< how long the application could not touch its buffer
    double held_byte_seconds = 0;  ///< the same times the bytes of the buffer
    void declare(sim::StatList& list) const;
  };

  /// One thread a job. `finished` is called when the last stream has ended.
  Sender(const sc_core::sc_module_name& name, socket::Transport& transport,
         std::vector<SendJob> jobs, std::function<void()> finished = {});

  /// What is done on an open connection instead of posting the ranges in one call: an upper layer
  /// that answers its peer. It returns when all is acknowledged, and calls `posted` before each
  /// post.
  using Serve = std::function<socket::Status(std::size_t stream, const SendJob&,
                                             socket::SocketObject&, const std::function<void()>&)>;
  void set_upper_layer(Serve serve) { serve_ = std::move(serve); }

  bool done() const { return left_ == 0; }
  const std::vector<SendResult>& results() const { return results_; }
  std::string describe() const;
  const Stats& stats() const { return stats_; }

 private:
  void run(std::size_t i);
  socket::Status listen(const SendJob& job);
  socket::SocketObject* open(const SendJob& job);
  socket::Transport& of(const SendJob& job) {
    return job.transport != nullptr ? *job.transport : transport_;
  }
  socket::Status send(std::size_t i, const SendJob& job, SendResult& result);
  socket::PostOutcome start(std::size_t i, const SendJob& job, SendResult& result,
                            socket::SocketObject*& socket);
  socket::PostOutcome post(std::size_t i, const SendJob& job, SendResult& result,
                           socket::SocketObject& socket);

  socket::Transport& transport_;
  std::vector<SendJob> jobs_;
  std::vector<SendResult> results_;
  std::vector<std::unique_ptr<driver::Thread>> threads_;
  std::function<void()> finished_;
  Serve serve_;
  std::size_t left_;
  Stats stats_;
};

}  // namespace vctoe::app
