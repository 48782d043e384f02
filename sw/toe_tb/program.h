// The program on the modelled host that the calls of the test bench stand for. A call notes what is
// wanted and returns; a thread of the program does it when the simulation goes on.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <systemc>
#include <vector>

#include "models/nic/toe/stack.h"
#include "sw/driver/host_port.h"
#include "sw/driver/sync.h"
#include "sw/kernel/kernel.h"
#include "sw/socket/toe_transport.h"

namespace vctoe::toe_tb {

/// What the program runs on.
struct Platform {
  driver::HostPort& port;
  kernel::Kernel& kernel;
  socket::ToeTransport& transport;
  const toe::Stack& stack;  ///< to look at, as a debugger does
};

/// One handle. It stays its owner's until it is closed, and then until its connection is gone.
struct Handle {
  enum class Kind : std::uint8_t { kFree, kListener, kConnection };
  Kind kind = Kind::kFree;
  int number = 0;
  bool closed = false;  ///< by its owner
  bool over = false;    ///< nothing is left to be done for it
  int error = 0;        ///< negative errno that ended it; 0: none

  // What was asked for, and what of it has been done.
  std::uint16_t port = 0;
  socket::Endpoint remote;
  std::uint32_t backlog = 0;
  std::uint64_t receive_buffer = 0, max_segment = 0;
  bool fin_wanted = false, fin_done = false;
  bool abort_wanted = false, abort_done = false;
  bool reader_gone = false;  ///< the transport knows that nobody reads any more
  std::deque<std::pair<socket::SelectTransport::Option, std::uint64_t>> options;
  long nagle = 1, keepalive = 0;

  bool listening = false;
  socket::SocketObject* object = nullptr;

  // Sending: bytes wait in `staged`, then lie in the circle until they are acknowledged.
  std::deque<std::uint8_t> staged;
  std::uint64_t circle = 0;  ///< address in the process; 0: none yet
  std::uint64_t capacity = 0;
  std::uint64_t written = 0, acknowledged = 0;  ///< bytes since the start
  struct Post {
    socket::PostId id;
    std::uint64_t end;
  };
  std::deque<Post> posts;

  // Receiving.
  std::uint64_t read = 0;  ///< bytes given to the owner since the start
  std::uint64_t told = 0;  ///< of these, given back to the transport

  toe::State last_state = toe::State::kSynSent;
  bool queued = false, serving = false, again = false;
};

class Program {
 public:
  /// `send_buffer`: of a connection, B.
  Program(const Platform& platform, std::uint64_t send_buffer, bool nagle, bool keepalive);

  // The calls of toe_tb.h; all return at once.
  int listen(std::uint16_t port, int backlog);
  int accept(int h, std::uint32_t* ip, std::uint16_t* port);
  int connect(const socket::Endpoint& remote, std::uint16_t local_port);
  int status(int h);
  long send(int h, const void* data, std::size_t n);
  long recv(int h, void* to, std::size_t n, bool peek);
  int shutdown(int h);
  int close(int h);
  int abort(int h);
  int set_option(int h, std::string_view key, long value);
  int get_option(int h, std::string_view key, long* value);

  /// Listeners that are still being set up.
  bool opening_ports() const { return opening_ports_ > 0; }
  void on_port_open(std::function<void()> f) { port_open_ = std::move(f); }

 private:
  struct Worker {
    std::unique_ptr<driver::Thread> thread;
    sc_core::sc_event event;
    bool idle = false;
  };

  Handle* find(int h) const;
  Handle* connection(int h, int& error) const;
  int add(Handle::Kind kind);
  void want(Handle& h);
  void work(Worker& worker);
  void serve(Handle& h);
  void serve_listener(Handle& h);
  void open(Handle& h);
  void tell(Handle& h);
  void retire(Handle& h);
  void push(Handle& h);
  void post_piece(Handle& h);
  void finish(Handle& h);
  void let_go(Handle& h);
  int ended(const Handle& h) const;
  std::optional<toe::ConnectionView> view(const Handle& h) const;

  Platform platform_;
  std::uint64_t send_buffer_;
  bool nagle_, keepalive_;
  kernel::Asid process_;
  std::vector<std::unique_ptr<Handle>> handles_;
  std::deque<int> free_;  ///< the one longest free in front
  std::deque<Handle*> todo_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::uint64_t> spare_circles_;
  int opening_ports_ = 0;
  std::function<void()> port_open_;
};

}  // namespace vctoe::toe_tb
