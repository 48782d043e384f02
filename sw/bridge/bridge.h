// Between a modelled NIC and a device of this machine: simulated time follows real time, and frames
// go both ways over a wire of our own. Knows the model by the C interface of the test bench alone
// (docs/toe_tb.md); the design is described in docs/bridge.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "sw/bridge/device.h"
#include "sw/bridge/wire.h"
#include "sw/toe_tb/include/toe_tb.h"

namespace vctoe::bridge {

/// A program on the modelled host.
class Service {
 public:
  virtual ~Service() = default;
  /// Does what can be done without waiting. True: the simulation has something to do for it.
  virtual bool step(toe_tb* host) = 0;
};

/// Asks the machine to let this process run before others; without the right to, nothing happens.
void hurry();

class Bridge {
 public:
  /// Both have to outlive it. `seed`: of the wire. `speed`: simulated seconds in a real one.
  Bridge(toe_tb* host, Device& device, const net::LinkParams& wire, std::uint64_t seed = 1,
         double speed = 1);

  struct Stats {
    std::uint64_t frames_in = 0;   ///< from the device
    std::uint64_t frames_out = 0;  ///< to it
    std::uint64_t refused = 0;     ///< by the device or the MAC
    std::uint64_t rounds = 0;
    std::uint64_t max_lag_ns = 0;  ///< real time by which something was late, at most
    std::uint64_t max_lag_at_ns = 0;
    Wire::Stats to_host, to_device;
  };

  void add(Service& service) { services_.push_back(&service); }
  /// Until `done` says so, which is asked after every round and after every signal.
  void run(const std::function<bool()>& done);
  Stats stats() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t now() const;
  void round();
  void advance(std::uint64_t to);
  void note_lag(std::uint64_t due);
  bool serve();
  bool read_device();
  void collect();
  void write_device(std::uint64_t now);
  std::uint64_t next_due() const;
  void wait(std::uint64_t until) const;

  toe_tb* host_;
  Device& device_;
  Wire to_host_, to_device_;
  double speed_;
  Clock::time_point start_;
  std::uint64_t first_ = 0;  ///< simulated time at start_
  std::vector<Service*> services_;
  std::vector<std::uint8_t> buffer_;
  bool at_once_ = false;  ///< the simulation has work that was just given to it
  Stats stats_;
};

}  // namespace vctoe::bridge
