// A whole run: hardware, kernels, drivers, applications, monitors, and what is recorded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/net/pcapng.h"
#include "sw/app/digest.h"
#include "sw/app/iscsi_target.h"
#include "sw/app/receiver.h"
#include "sw/app/sender.h"
#include "sw/scenario/attribution.h"
#include "sw/scenario/monitors.h"
#include "sw/scenario/outputs_timeline.h"
#include "sw/scenario/outputs_trace.h"
#include "sw/scenario/params.h"
#include "sw/scenario/run.h"
#include "sw/scenario/schemes.h"
#include "sw/scenario/software.h"
#include "sw/scenario/timeline_taps.h"
#include "sw/scenario/waves.h"

namespace vctoe::scenario {

class Scenario : public sc_core::sc_module {
 public:
  Scenario(const sc_core::sc_module_name& name, const ScenarioParams& params,
           const RunOptions& options, const Scheme& scheme);
  ~Scenario() override;

  /// Runs to the end and says how it went.
  outputs::RunSummary run();

 private:
  static constexpr unsigned kSender = 0;
  static constexpr unsigned kReceiver = 1;

  /// Written aside, and named when the run ends.
  struct Capture {
    std::string path;
    std::unique_ptr<net::PcapngWriter> writer;
    std::string aside() const { return path + ".part"; }
  };

  void load_streams();
  void load_piece(const std::uint8_t* bytes, std::uint64_t offset, std::uint64_t length);
  bool large_tier(std::size_t stream, std::uint64_t at);
  void start_applications();
  void frame_by_iscsi(kernel::Asid receiver);
  bool iscsi() const { return params_.stream.framing == Framing::kIscsi; }
  void watch();
  void attribute(kernel::Asid receiver);
  void watch(system::Host& host, Software& software, const std::string& side);
  void capture(system::Host& host, const std::string& side);
  void record();
  void close_records();
  void drop_records();
  template <class F>
  void each_walker(F f);
  void leave_evidence();
  void watch_lines(system::Host& host);
  void dump_waves();
  void evict_contexts();
  bool finished() const;
  bool all_sent() const;
  bool busy();
  std::string describe() const;
  /// Host of the receiving application.
  unsigned destination() const {
    return params_.stream.destination == Destination::kLocal ? kSender : kReceiver;
  }
  void run_applications();
  void run_until_quiet();
  std::string what_is_missing() const;
  void compare_digests(outputs::RunSummary& summary) const;
  void summarise_streams(outputs::RunSummary& summary) const;
  void summarise_costs(outputs::RunSummary& summary);
  outputs::RunSummary summarise();

  ScenarioParams params_;
  RunOptions options_;
  Scheme scheme_;
  sim::Context context_;
  std::unique_ptr<outputs::TraceWriter> trace_;
  std::unique_ptr<outputs::TimelineWriter> timeline_;
  std::vector<std::unique_ptr<FrameLanes>> frame_lanes_;
  std::vector<std::unique_ptr<TlpLane>> tlp_lanes_;
  std::unique_ptr<Monitors> monitors_;
  std::unique_ptr<Attribution> attribution_;
  std::vector<std::unique_ptr<net::FrameTap>> line_taps_;
  std::unique_ptr<system::TwoHosts> hardware_;
  std::array<std::unique_ptr<Software>, 2> software_;
  std::unique_ptr<app::Sender> sender_;
  std::unique_ptr<app::Receiver> receiver_;
  std::unique_ptr<app::IscsiTarget> target_;  ///< null without that framing
  std::vector<std::unique_ptr<app::Pressure>> victims_;
  std::unique_ptr<waves::Waves> waves_;
  std::vector<Capture> captures_;
  std::vector<std::unique_ptr<net::PcapTap>> taps_;

  std::vector<app::SendJob> jobs_;
  std::uint64_t stream_bytes_ = 0;
  std::vector<bool> large_swapped_;    ///< by stream: of the 2 MiB that are being loaded
  std::uint64_t resident_budget_ = 0;  ///< pages of streams that may still be loaded into DRAM
  std::string sha256_;
  std::uint64_t activations_before_ = 0;
};

}  // namespace vctoe::scenario
