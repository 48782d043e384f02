#include "models/host/cpu.h"

#include <algorithm>

namespace vctoe::host {

void CpuParams::declare(sim::ParamList& list) {
  const auto ns = sim::time_range(sim::Time::zero(), sim::Time::from_ms(10));
  const auto span = sim::time_range(sim::Time::from_ns(100), sim::Time::from_s(1));
  list.add("cores", cores, {1, 1024}, "processor cores",
           "own choice: application and driver in parallel");
  list.add("clock_ghz", clock_ghz, {0.1, 10}, "core clock in GHz",
           "calibration C5 (4 GHz Skylake)");
  list.add("slice", slice, span, "a run gives way to waiting work of its level or above this often",
           "own choice: far below the scheduler's 1-3 ms, as wake-ups preempt");
  list.add("irq_slice", irq_slice, span, "a run gives way to a waiting interrupt this often",
           "own choice: longest stretch with interrupts off");
  list.add("copy_rate", copy_rate, {1e9, 1e13}, "rate at which one core copies memory",
           "own choice: 10 GB/s, between cached and DRAM-bound memcpy");
  list.add("syscall", syscall, ns, "entering and leaving the kernel", "calibration I1");
  list.add("msi_delivery", msi_delivery, ns, "from an MSI write to the first handler instruction",
           "calibration I2");
  list.add("isr", isr, ns, "interrupt handler that defers its work", "calibration I2");
  list.add("deferred_work", deferred_work, ns, "starting the deferred part of a handler",
           "calibration I2");
  list.add("context_switch", context_switch, ns, "waking a thread that slept in the kernel",
           "calibration I3 (lower end)");
  list.add("minor_fault", minor_fault, ns, "page fault that needs no disk", "calibration F1");
  list.add("pin_page", pin_page, ns, "pinning one resident page", "calibration M1");
  list.add("unpin_page", unpin_page, ns, "unpinning one page", "calibration M1");
  list.add("register_page", register_page, ns, "registering one page of a region with a NIC",
           "calibration M3");
  list.add("deregister_page", deregister_page, ns, "taking back the registration of one page",
           "calibration M3");
  list.add("mmio_write", mmio_write, ns, "core time of one posted register write",
           "calibration P28");
  list.add("mmio_read", mmio_read, ns,
           "core time of a register read beside the wait for its completion", "calibration P27");
  list.add("poll", poll, ns, "looking once at a ring in memory",
           "calibration C5 (L3 hit, 10.5 ns)");
}

void Cpu::Stats::declare(sim::StatList& list) const {
  for (std::size_t i = 0; i < busy.size(); ++i) {
    list.add("busy." + std::string(sim::enum_name(static_cast<Work>(i))), busy[i], "s",
             "core time spent so");
  }
  list.add("runs", runs, "1", "pieces of work done");
  list.add("waits", waits, "1", "pieces of work that found no free core");
  list.add("preemptions", preemptions, "1", "times that work was taken off its core");
  list.add("waited", waited, "s", "time that work waited for a core");
  list.add("cores_busy", cores_busy, "1", "cores at work");
}

Cpu::Cpu(const sc_core::sc_module_name& name, sim::Context& /*ctx*/, const CpuParams& params)
    : sc_module(name), params_(params) {
  running_.reserve(params.cores);
}

sim::Time Cpu::cycles(std::uint64_t n) const {
  return sim::Time::from_ns_f(static_cast<double>(n) / params_.clock_ghz);
}

std::size_t Cpu::waiting() const {
  std::size_t n = 0;
  for (const auto& queue : waiting_) n += queue.size();
  return n;
}

void Cpu::run(sim::Time cost, Priority priority, Work who) {
  ++stats_.runs;
  if (cost == sim::Time::zero()) return;
  Task& task = take();
  task.priority = priority;
  task.left = cost;
  acquire(task);
  while (!hold(task, who)) {
    auto& queue = waiting_[static_cast<std::size_t>(priority)];
    if (priority == Priority::kApp) {
      queue.push_back(&task);
    } else {
      queue.push_front(&task);
    }
    hand_over();
    const sim::Time since = sim::now();
    sim::wait(task.granted);
    stats_.waited += sim::now() - since;
  }
  if (waiting() > 0) hand_over();
  free_.push_back(&task);
}

Cpu::Task& Cpu::take() {
  if (free_.empty()) {
    tasks_.push_back(std::make_unique<Task>());
    free_.push_back(tasks_.back().get());
  }
  Task& task = *free_.back();
  free_.pop_back();
  return task;
}

void Cpu::acquire(Task& task) {
  if (running_.size() < params_.cores) {
    start(task);
    return;
  }
  ++stats_.waits;
  waiting_[static_cast<std::size_t>(task.priority)].push_back(&task);
  ask_preemption(task.priority);
  const sim::Time since = sim::now();
  sim::wait(task.granted);
  stats_.waited += sim::now() - since;
}

// Occupies the core until the work is done (true) or somebody else shall have it (false). On return
// the task is no longer among the running.
bool Cpu::hold(Task& task, Work who) {
  for (;;) {
    const sim::Time begin = sim::now();
    sim::wait(task.left, task.preempt);
    const sim::Time ran = sim::now() - begin;
    stats_.busy[static_cast<std::size_t>(who)] += ran;
    task.left -= ran;
    task.preempt.cancel();
    task.preempt_asked = false;
    const bool done = task.left == sim::Time::zero();
    const Task* next = best_waiting();
    if (!done && (next == nullptr || !yields_to(task.priority, next->priority))) continue;
    if (!done) ++stats_.preemptions;
    running_.erase(std::find(running_.begin(), running_.end(), &task));
    stats_.cores_busy.sub(1, sim::now());
    return done;
  }
}

void Cpu::start(Task& task) {
  task.started = sim::now();
  running_.push_back(&task);
  stats_.cores_busy.add(1, sim::now());
}

// Gives a core that has become free to the best waiting task. If others still wait, somebody who
// runs is asked to make room in time.
void Cpu::hand_over() {
  for (std::size_t p = kPriorities; p-- > 0;) {
    if (waiting_[p].empty()) continue;
    Task& next = *waiting_[p].front();
    waiting_[p].pop_front();
    start(next);
    sim::notify_immediately(next.granted);
    break;
  }
  if (const Task* left = best_waiting()) ask_preemption(left->priority);
}

const Cpu::Task* Cpu::best_waiting() const {
  for (std::size_t p = kPriorities; p-- > 0;) {
    if (!waiting_[p].empty()) return waiting_[p].front();
  }
  return nullptr;
}

sim::Time Cpu::next_boundary(const Task& task, Priority newcomer) const {
  const sim::Time slice = newcomer == Priority::kIrq ? params_.irq_slice : params_.slice;
  const std::uint64_t slices = (sim::now() - task.started).ps / slice.ps + 1;
  return task.started + slice * slices;
}

// Asks the lowest running task, and of equals the one longest on its core that was not asked yet,
// to look for better work at its next boundary. A task that ends before that makes room anyhow.
void Cpu::ask_preemption(Priority newcomer) {
  Task* victim = nullptr;
  for (Task* task : running_) {
    if (!yields_to(task->priority, newcomer)) continue;
    const bool better = victim == nullptr || task->priority < victim->priority ||
                        (task->priority == victim->priority && victim->preempt_asked);
    if (better) victim = task;
  }
  if (victim == nullptr) return;
  victim->preempt_asked = true;
  sim::notify(victim->preempt, next_boundary(*victim, newcomer) - sim::now());
}

}  // namespace vctoe::host
