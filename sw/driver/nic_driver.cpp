#include "sw/driver/nic_driver.h"

#include "models/sim/error.h"

namespace vctoe::driver {

using nic::Register;
using nic::SubmitOp;

namespace {
constexpr RingRegisters kRequestRing = {Register::kRequestBase, Register::kRequestSize,
                                        Register::kRequestHead};
constexpr RingRegisters kCompletionRing = {Register::kCompletionBase, Register::kCompletionSize,
                                           Register::kCompletionHead};

template <class... Args>
std::unique_ptr<RequestServer> make_server(const DriverParams& params, Args&&... args) {
  if (params.host_side == HostBy::kOs) {
    return std::make_unique<OsSide>("server", std::forward<Args>(args)...);
  }
  return std::make_unique<DriverSide>("server", std::forward<Args>(args)...);
}

const DriverParams& checked(const DriverParams& params) {
  params.check();
  return params;
}

/// A command about the ids from `first` on, which listen to a port.
nic::SubmitEntry about_port(SubmitOp op, std::uint16_t local_port, ConnectionId first,
                            std::uint32_t count) {
  nic::SubmitEntry entry;
  entry.op = op;
  entry.connection = first;
  entry.local_port = local_port;
  entry.length = count;
  return entry;
}
}  // namespace

void NicDriver::Stats::declare(sim::StatList& list) const {
  list.add("interrupts", interrupts, "1", "interrupts served");
  list.add("polls", polls, "1", "looks at a ring, with driver.notify = polling");
  list.add("empty_polls", empty_polls, "1", "of these, without an entry");
  list.add("requests", requests, "1", "entries taken from the request ring");
  list.add("completions", completions, "1", "entries taken from the completion ring");
  list.add("strays", strays, "1", "completions of nothing that is outstanding");
}

NicDriver::NicDriver(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                     HostPort& port, kernel::MemoryService& memory, const DriverParams& params,
                     unsigned card)
    : sc_module(name),
      port_(port),
      memory_(memory),
      params_(checked(params)),
      outstanding_(params_.outstanding),
      first_id_(static_cast<ConnectionId>(card * params_.connections)),
      connections_(first_id_ + params_.connections),
      pools_(port, params_, sim::Rng(context.seed, "driver" + std::to_string(node) + ".contexts")),
      first_copies_(port, memory, params_.first_copies()),
      again_copies_(port, memory, params_.again_copies()),
      lazy_(port, memory, params_.lazy_unpins),
      server_(make_server(params_, port, memory, params_, connections_, pools_, outstanding_,
                          board_, RequestServer::Memories{first_copies_, again_copies_, lazy_})),
      host_(*server_),
      posts_(context, node, port, memory, params_, pools_, outstanding_, board_, first_copies_,
             lazy_),
      requests_(port, params_.request_entries, kRequestRing),
      completions_(port, params_.completion_entries, kCompletionRing),
      pin_table_(params_.scheme.shares_pins() ? port.make_pin_table() : 0),
      set_up_thread_("set_up", [this] { set_up(); }),
      context_(context),
      node_(node) {
  for (unsigned v = 0; v < 2; ++v) {
    vectors_[v].thread = std::make_unique<Thread>(
        v == nic::kRequestVector ? "irq_request" : "irq_completion",
        [this, v] { params_.notify == Notify::kPolling ? poll(v) : serve_interrupts(v); });
  }
  port_.set_interrupt_handler([this](unsigned vector) {
    if (vector >= 2) return;
    vectors_[vector].raised = true;
    sim::notify(vectors_[vector].event);
  });
}

/// Loads the driver: programs the rings and looks whether a NIC is there.
void NicDriver::set_up() {
  port_.attach();
  posts_.submissions().program();
  server_->replies().program();
  requests_.program();
  completions_.program();
  if (pin_table_ != 0) write_register(port_, Register::kPinTable, pin_table_);
  const bool polled = params_.notify == Notify::kPolling;
  write_register(port_, Register::kControl,
                 nic::kControlEnable | (polled ? nic::kControlNoInterrupts : 0));
  const std::uint64_t identity =
      port_.mmio_read(host::nic_bar0(0) + static_cast<std::uint32_t>(Register::kIdentity));
  sim::ensure(identity == nic::kIdentityValue, "driver: no NIC answers at its registers");
  ready_ = true;
  sim::notify(set_up_done_);
}

// ---- interrupts ---------------------------------------------------------------------------------

void NicDriver::serve_interrupts(unsigned vector) {
  Vector& v = vectors_[vector];
  for (;;) {
    while (!v.raised) sim::wait(v.event);
    v.raised = false;
    ++stats_.interrupts;
    port_.run(port_.costs().isr, host::Priority::kIrq, host::Work::kIrq);
    port_.run(port_.costs().deferred_work, host::Priority::kKernel, host::Work::kIrq);
    drain(vector, ~std::uint64_t{0});
  }
}

/// A thread for each ring, as with interrupts: requests may have to wait for a completion.
void NicDriver::poll(unsigned vector) {
  if (!ready_) sim::wait(set_up_done_);
  for (;;) {
    ++stats_.polls;
    port_.run(params_.poll_cost, host::Priority::kKernel, host::Work::kDriver);
    if (drain(vector, params_.poll_budget) > 0) continue;
    ++stats_.empty_polls;
    sim::wait(params_.poll_interval);
  }
}

/// Takes at most so many entries; how many it took.
std::uint64_t NicDriver::drain(unsigned vector, std::uint64_t most) {
  return vector == nic::kRequestVector ? drain_requests(most) : drain_completions(most);
}

std::uint64_t NicDriver::drain_requests(std::uint64_t most) {
  nic::RequestEntry entry;
  std::uint64_t taken = 0;
  while (taken < most) {
    if (!outstanding_.has_room(OutstandingKind::kBlock)) {
      // The ring fills up meanwhile, and then the NIC keeps its requests to itself.
      const StallBoard::Mark mark(board_, DriverStall::kTableFull);
      requests_.acknowledge();
      outstanding_.wait_for_room(OutstandingKind::kBlock);
    }
    if (!requests_.next(entry)) break;
    ++taken;
    ++stats_.requests;
    context_.trace.emit({{},
                         sim::TraceKind::kServe,
                         node_,
                         entry.asid,
                         entry.connection,
                         entry.txn,
                         entry.virtual_address,
                         entry.length,
                         entry.sequence,
                         entry.why});
    host_.take(entry);
  }
  if (taken == 0) return 0;
  port_.run(params_.entry_cost * taken + port_.costs().mmio_write, host::Priority::kKernel,
            host::Work::kDriver);
  requests_.acknowledge();
  return taken;
}

std::uint64_t NicDriver::drain_completions(std::uint64_t most) {
  nic::CompletionEntry entry;
  std::uint64_t taken = 0;
  for (; taken < most && completions_.next(entry); ++taken) {
    ++stats_.completions;
    complete(entry);
  }
  if (taken == 0) return 0;
  port_.run(params_.entry_cost * taken + port_.costs().mmio_write, host::Priority::kKernel,
            host::Work::kDriver);
  completions_.acknowledge();
  return taken;
}

// ---- commands -----------------------------------------------------------------------------------

ConnectionId NicDriver::reserve(kernel::Asid asid, const std::vector<ConnectionClient*>& clients) {
  std::size_t run = 0;
  for (ConnectionId id = first_id_; id < connections_.size(); ++id) {
    run = connections_.state(id) == ConnectionState::kFree ? run + 1 : 0;
    if (run < clients.size()) continue;
    const auto first = static_cast<ConnectionId>(id + 1 - run);
    for (std::size_t i = 0; i < run; ++i) {
      DriverConnection& c = connections_[first + i];
      c.state = ConnectionState::kReserved;
      c.asid = asid;
      c.client = clients[i];
    }
    return first;
  }
  sim::user_error(
      "driver: no " + std::to_string(clients.size()) +
      " connections are left of driver.connections = " + std::to_string(params_.connections));
}

void NicDriver::release(ConnectionId id) {
  DriverConnection& c = connections_[id];
  sim::ensure(c.state != ConnectionState::kOpen, "driver: an open connection is given back");
  if (c.state == ConnectionState::kReserved) gone(c);
  c.state = ConnectionState::kFree;
  c.client = nullptr;
}

void NicDriver::renew(ConnectionId id, ConnectionClient& client) {
  DriverConnection& c = connections_[id];
  const bool idle = c.state == ConnectionState::kGone ||
                    (c.state == ConnectionState::kReserved && c.receive_pin == 0);
  sim::ensure(idle, "driver: a connection that is in use is renewed");
  c.state = ConnectionState::kReserved;
  c.client = &client;
}

kernel::PinStatus NicDriver::give_receive_memory(ConnectionId id, const VirtualRange& memory) {
  DriverConnection& c = connections_[id];
  const std::uint64_t pages =
      (memory.address + memory.length - 1) / host::kPageSize - memory.address / host::kPageSize + 1;
  // Receive memory stays for long: nobody may wait for it behind other receive memory.
  if (posts_.receive_bytes() + pages * host::kPageSize > port_.pin_capacity()) {
    return kernel::PinStatus::kTooLarge;
  }
  ScatterArea::Run run = posts_.lists().try_reserve(pages);
  if (run.bytes == 0) return kernel::PinStatus::kTooLarge;
  lazy_.make_room(memory.length);
  const kernel::PinResult pinned =
      memory_.resolve_and_pin(c.asid, memory.address, memory.length, kernel::PinOwner::kReceive,
                              sim::Why::kFirst, context_.next_txn());
  if (pinned.status != kernel::PinStatus::kOk) {
    posts_.lists().release(run);
    return pinned.status;
  }
  c.receive_pin = pinned.token;
  c.receive_bytes = pages * host::kPageSize;
  c.receive_list = run;
  posts_.book_receive(static_cast<std::int64_t>(c.receive_bytes));
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kReceive;
  entry.connection = id;
  entry.length = memory.length;
  entry.count = static_cast<std::uint32_t>(pinned.sg.size());
  entry.sg_address = posts_.lists().write(run, pinned.sg);
  command(entry);
  return pinned.status;
}

void NicDriver::connect(ConnectionId id, std::uint16_t local_port, std::uint32_t ip,
                        std::uint16_t port, std::uint64_t max_segment) {
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kConnect;
  entry.connection = id;
  entry.ip = ip;
  entry.port = port;
  entry.length = max_segment;
  entry.local_port = local_port;
  command(entry);
}

void NicDriver::listen(std::uint16_t local_port, ConnectionId first, std::uint32_t count) {
  command(about_port(SubmitOp::kListen, local_port, first, count));
}

void NicDriver::unlisten(std::uint16_t local_port, ConnectionId first, std::uint32_t count) {
  nic::SubmitEntry entry = about_port(SubmitOp::kUnlisten, local_port, first, count);
  // Not command(): the first id may be gone, and this is about all of them.
  while (!ready_) sim::wait(set_up_done_);
  entry.asid = connections_.at(first).asid;
  entry.txn = context_.next_txn();
  posts_.submit(entry);
}

PostResult NicDriver::post(ConnectionId id, const std::vector<VirtualRange>& ranges) {
  return posts_.post(connections_[id], id, ranges);
}

void NicDriver::consumed(ConnectionId id, std::uint64_t total) {
  if (connections_.state(id) != ConnectionState::kOpen) return;
  connections_[id].consumed = total;
  port_.run(port_.costs().mmio_write, host::Priority::kKernel, host::Work::kDriver);
  const std::uint64_t mask = (std::uint64_t{1} << nic::kConsumedBits) - 1;
  write_register(port_, Register::kReceiveConsumed,
                 std::uint64_t{id} << nic::kConsumedBits | (total & mask));
}

void NicDriver::close(ConnectionId id) {
  posts_.close(connections_[id]);
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kClose;
  entry.connection = id;
  command(entry);
}

void NicDriver::abort(ConnectionId id) {
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kAbort;
  entry.connection = id;
  command(entry);
}

void NicDriver::release_reader(ConnectionId id, std::uint64_t read) {
  posts_.close(connections_[id]);
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kRelease;
  entry.connection = id;
  entry.length = read;
  command(entry);
}

void NicDriver::set_option(ConnectionId id, nic::Option option, std::uint64_t value) {
  nic::SubmitEntry entry;
  entry.op = SubmitOp::kOption;
  entry.connection = id;
  entry.flags = static_cast<std::uint8_t>(option);
  entry.length = value;
  command(entry);
}

void NicDriver::command(nic::SubmitEntry entry) {
  while (!ready_) sim::wait(set_up_done_);
  const DriverConnection& c = connections_.at(entry.connection);
  if (c.state == ConnectionState::kGone || c.state == ConnectionState::kFree) return;
  entry.asid = c.asid;
  entry.txn = context_.next_txn();
  posts_.submit(entry);
}

// ---- looking ------------------------------------------------------------------------------------

std::string NicDriver::describe() const {
  return outstanding_.describe() + "; " + std::to_string(server_->queued()) +
         " requests wait for a worker; mostly " +
         std::string(sim::enum_name(board_.account().reason()));
}

void NicDriver::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.nested("request", [&] { server_->declare_stats(list); });
  list.group("post", posts_.stats());
  list.nested("copies", [&] {
    list.group("first", first_copies_.stats());
    list.group("again", again_copies_.stats());
  });
  list.group("outstanding", outstanding_.stats());
  list.add_stalls("stall", board_.account());
}

void NicDriver::settle_stats() {
  const sim::Time now = sim::now();
  board_.settle(now);
  board_.account().check_sum(now);
  outstanding_.settle(now);
  server_->settle(now);
  posts_.settle(now);
}

}  // namespace vctoe::driver
