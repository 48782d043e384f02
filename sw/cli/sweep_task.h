// What slurm and script have in common: how large a task is, and the command that it runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sw/cli/sweep_engine.h"

namespace vctoe::cli {

/// The variable in which run-task finds its number.
constexpr char kTaskVariable[] = "VCTOE_TASK";

/// Points a task: as stated, or by the mean time of those that ran, by the estimate of the plan, or
/// by running two.
std::size_t task_chunk(const Work& work, const std::vector<std::size_t>& points,
                       std::size_t most_tasks, ScenarioPort& scenario);

/// "/usr/bin/vctoe sweep run-task /data/dir --job 0001 --time-limit 60": for a shell, and without
/// the number of the task.
std::string task_command(const Work& work, const std::string& job);

std::string slurm_text(const Work& work, const std::string& job, const std::string& name,
                       std::size_t tasks, std::size_t points, std::size_t chunk);

/// Real seconds that a point takes, where `sweep plan` leaves them: DIR/estimate. 0: unknown.
double read_estimate(const std::string& folder);
void write_estimate(const std::string& folder, double seconds);

}  // namespace vctoe::cli
