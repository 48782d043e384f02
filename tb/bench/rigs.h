// Micro-benchmarks of single parts. SystemC builds its modules before the simulation starts and
// runs once a process, so each file makes its rig here, before the first benchmark.
#pragma once

namespace vctoe::bench {

/// Makes the rigs of one part, which then live as long as the program, and registers its
/// benchmarks.
void add_event_benchmarks();
void add_frame_benchmarks();
void add_pcie_benchmarks();

}  // namespace vctoe::bench
