// The walker's RTL alone: a test drives its pins, counts its cycles and may leave a dump. Cycle N
// ends with the rising edge N; a beat passes in cycle N when valid and ready are high before that
// edge.
#pragma once

#include <verilated.h>
#include <verilated_vcd_c.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "VWalkerStandard.h"

namespace vctoe::test {

/// A record in the memory of the host; the fields of nic::ContextRecord.
struct Record {
  std::uint64_t next = 0;
  std::uint32_t sequence = 0;
  std::uint32_t size = 0;
  std::uint64_t address = 0;
};

/// What is asked of the walker with a walk; what is not named is 0 or the rig's.
struct Walk {
  std::uint64_t head = 0;
  std::uint32_t sequence = 0;
  std::uint32_t length = 1;
  std::uint16_t connection = 0;
  std::uint32_t txn = 1;
  bool retransmit = false;
};

enum class Port { kWalk, kFill, kInvalidate, kCancel, kFetch, kCompletion, kOut };

/// Kinds of output, as out_kind_o.
enum Kind { kBlock, kNode, kRelease, kFault, kDone };

/// A beat that has passed.
struct Beat {
  Port port;
  std::uint64_t cycle;        ///< in which it passed
  std::uint64_t shown;        ///< first cycle in which its valid was high
  unsigned kind = 0;          ///< of an output
  std::uint32_t txn = 0;      ///< of an output or a fetch
  std::uint64_t address = 0;  ///< of an output or a fetch
  unsigned code = 0;          ///< of a fault
  unsigned tag = 0;           ///< of a fetch
};

class Rig {
 public:
  static constexpr std::uint16_t kAsid = 7;
  /// Physical page = virtual page + this, where the host is asked by the rig itself.
  static constexpr std::uint64_t kFrameOffset = 0x100;

  /// Configured with what the standard set has; in reset for two cycles. `name` is the dump's,
  /// which is written when the environment variable VCTOE_RTL_DUMPS names a folder.
  explicit Rig(const std::string& name = "");
  ~Rig();

  VWalkerStandard& pins() { return *pins_; }
  std::uint64_t cycle() const { return cycle_; }
  const std::vector<Beat>& beats() const { return beats_; }

  /// One cycle; beats are noted. With `clocked` false there is no edge: the clock stands.
  void step(bool clocked = true);
  void steps(int count);
  /// What the host offers in this cycle goes to the pins; step() does it too.
  void drive_host();
  /// Until a beat of `port` (and, of outputs, `kind`) passes, from the next cycle on. Fails the
  /// test after 2000 cycles.
  Beat until(Port port, int kind = -1);
  /// Nothing more happens: quiet for some cycles.
  void settle();

  // Requests: valid until taken; return the cycle in which they were.
  std::uint64_t walk(const Walk& walk);
  std::uint64_t fill(std::uint64_t address, bool failed = false);
  std::uint64_t invalidate(std::uint64_t address);
  std::uint64_t cancel(std::uint16_t connection);
  /// Completes the fetch with what `memory` has at its address.
  std::uint64_t complete(const Beat& fetch, bool error = false);

  /// Asserts that row `figure` of the latency tables of rtl/README.md says what was measured, and
  /// draws it into the picture.
  void figure(const std::string& name, std::uint64_t from, std::uint64_t to);
  /// With a dump: the cycles and signals that rtl/pictures.py draws. NAME, NAME[HIGH:LOW], and with
  /// :state or :kind behind it by names.
  void picture(std::uint64_t from, std::uint64_t to, const std::string& signals);

  /// A list of `count` records of `size` bytes, 32 bytes apart from `at` on; returns `at`.
  std::uint64_t list(std::uint64_t at, unsigned count, std::uint32_t size);

  /// Answers fetches and requests for pages by itself, `fetch_delay` cycles after they passed.
  bool host = true;
  unsigned host_delay = 2;
  std::map<std::uint64_t, Record> memory;  ///< by virtual address

 private:
  void put_data(const Record& record);
  void note();
  void note_valid(Port port, bool valid, bool ready, Beat beat);
  void edge(bool clocked);

  VerilatedContext context_;
  std::unique_ptr<VWalkerStandard> pins_;
  VerilatedVcdC dump_;
  std::ofstream drawing_;
  std::uint64_t cycle_ = 0;
  std::vector<Beat> beats_;
  std::map<Port, std::uint64_t> shown_;
  std::vector<Beat> to_complete_, to_fill_;
  bool completes_ = false, fills_ = false;  ///< the rig's own completion, fill is on the pins
};

}  // namespace vctoe::test
