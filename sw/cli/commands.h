// The commands of the program, each with what its options say. All throw sim::Error on failure; the
// returned number is the exit code of what went through.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sw/cli/scenario_port.h"
#include "sw/cli/wave_request.h"

namespace vctoe::cli {

struct RunRequest {
  std::string scenario;  ///< file, or the name of one in traces/; empty: the default scenario
  std::optional<std::string> file;
  std::vector<std::string> sets;
  std::optional<std::string> seed;
  std::vector<std::string> schemes;
  std::string out_dir;  ///< empty: out/<name of the scenario>
  bool json = false;
  bool pcap = false;
  bool trace = false;
  bool timeline = false;
  std::string record_walker;  ///< file; empty: none
  WaveRequest waves;
  std::uint32_t snaplen = 0;
  unsigned jobs = 0;           ///< runs at the same time; 0: as many as there are cores
  double time_limit_s = 3600;  ///< real time for one scheme
};

/// All schemes in turn, each in a process of its own; then the table (or the JSON document).
int run(const RunRequest& request, ScenarioPort& scenario);

struct RunOneRequest {
  std::string scheme;
  scenario::RunOptions options;
  int progress_fd = -1;  ///< where to write "<fraction> <simulated seconds>" lines; -1: nowhere
};

/// One scheme in this process, which can do so once; leaves result.json in options.out_dir. What
/// goes wrong is written to stderr; the returned number is the exit code. The parameters are those
/// that `scenario` has been given.
int run_one(const RunOneRequest& request, ScenarioPort& scenario);

/// Calls `body` inside SystemC's frame, which is possible once a process; an exception is written
/// to stderr. The returned number is the exit code.
int in_simulation(const std::function<int()>& body);
/// For RunOptions::progress; none for -1.
std::function<void(double fraction, double sim_seconds)> progress_to(int fd);

enum class ParamsFormat { kText, kJson, kMarkdown };
int params(const std::string& prefix, ParamsFormat format, ScenarioPort& scenario);

int config_check(const std::string& file, const std::vector<std::string>& sets,
                 ScenarioPort& scenario);

struct ExplainRequest {
  std::string run;     ///< folder of a run, or of one scheme of it
  std::string id;      ///< a transaction, or "seq=N"
  std::string scheme;  ///< empty: the only one
  std::optional<std::uint32_t> connection;
};

/// What one transaction of a run with --trace went through.
int explain(const ExplainRequest& request);

/// The bench of the RTL walker with these words as its command line, and with a recording; the
/// proofs of its blocks. None returns unless it throws.
int verify_walker(std::vector<std::string> words);
int verify_replay(std::vector<std::string> words);
int verify_formal(std::vector<std::string> words);
int verify_mutate(std::vector<std::string> words);
int verify_coverage(std::vector<std::string> words);

/// The TCP core against published laws (docs/validation.md). Does not return unless it throws.
int validate_tcp(std::vector<std::string> words);
/// The modelled NIC on a TAP device, with these words as its command line. Does not return unless
/// it throws.
int bridge(std::vector<std::string> words);

/// Latencies of the RTL walker, as parameters of the model; `out`: also into this file.
int calibrate_walker(const std::vector<std::string>& sets, const std::string& out,
                     ScenarioPort& scenario);

struct ReportRequest {
  std::string folder;  ///< of a sweep or of a run
  std::string out;     ///< file; empty: report.html in the folder
};

/// One HTML file of all that is in the folder.
int report_of(const ReportRequest& request, ScenarioPort& scenario);

/// What is installed, and what that is good for.
int doctor(bool json);

}  // namespace vctoe::cli
