// The C interface. No exception leaves it: a simulation that has failed answers -EIO from then on.
#include "sw/toe_tb/include/toe_tb.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>

#include "models/sim/error.h"
#include "sw/toe_tb/bench.h"

struct toe_tb {
  explicit toe_tb(const vctoe::toe_tb::BenchConfig& config) : bench(config) {}
  vctoe::toe_tb::Bench bench;
  bool failed = false;
};

namespace {

bool g_used = false;  ///< SystemC elaborates once in a process

void tell(char* err, std::size_t errlen, const char* text) {
  if (err == nullptr || errlen == 0) return;
  std::snprintf(err, errlen, "%s", text);
}

/// What went wrong, as far as it can be known: what is thrown inside a process of the kernel comes
/// out of it as a report.
std::string reason(const std::exception& e) {
  const vctoe::sim::Failure& failure = vctoe::sim::last_failure();
  return failure.text.empty() ? e.what() : failure.text;
}

/// Runs `call` unless the simulation has failed; `otherwise` then, and if it fails now.
template <class R, class Call>
R guarded(toe_tb* t, R otherwise, Call&& call) {
  if (t == nullptr || t->failed) return otherwise;
  try {
    return call();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "toe_tb: %s\n", reason(e).c_str());
  }
  t->failed = true;
  return otherwise;
}

}  // namespace

extern "C" {

toe_tb* toe_tb_new(const char* cfg, char* err, size_t errlen) {
  try {
    const auto config = vctoe::toe_tb::parse_cfg(cfg == nullptr ? "" : cfg);
    if (g_used) vctoe::sim::user_error("a process can have one test bench, and it has had it");
    g_used = true;
    return new toe_tb(config);
  } catch (const std::exception& e) {
    tell(err, errlen, reason(e).c_str());
    vctoe::sim::clear_failure();
    return nullptr;
  }
}

void toe_tb_free(toe_tb* t) {
  if (t == nullptr) return;
  guarded(t, 0, [t] { return t->bench.flush(), 0; });
  delete t;
}

uint64_t toe_tb_now(toe_tb* t) {
  return guarded(t, uint64_t{0}, [t] { return t->bench.now_ns(); });
}
uint64_t toe_tb_next_event(toe_tb* t) {
  return guarded(t, UINT64_MAX, [t] { return t->bench.next_event_ns(); });
}
void toe_tb_run_until(toe_tb* t, uint64_t t_ns, int stop_on_tx) {
  guarded(t, 0, [&] { return t->bench.run_until(t_ns, stop_on_tx != 0), 0; });
}

int toe_tb_wire_in(toe_tb* t, const void* frame, size_t n) {
  return guarded(t, -EIO, [&] { return t->bench.wire().in(frame, n); });
}
int toe_tb_wire_out(toe_tb* t, void* buf, size_t cap, uint64_t* t_ns) {
  return guarded(t, -EIO, [&] { return t->bench.wire().out(buf, cap, t_ns); });
}

int toe_tb_listen(toe_tb* t, uint16_t port, int backlog) {
  return guarded(t, -EIO, [&] { return t->bench.program().listen(port, backlog); });
}
int toe_tb_accept(toe_tb* t, int lh, uint32_t* rip, uint16_t* rport) {
  return guarded(t, -EIO, [&] { return t->bench.program().accept(lh, rip, rport); });
}
int toe_tb_connect(toe_tb* t, uint32_t ip, uint16_t port, uint16_t lport) {
  return guarded(t, -EIO, [&] { return t->bench.program().connect({ip, port}, lport); });
}
int toe_tb_status(toe_tb* t, int h) {
  return guarded(t, -EIO, [&] { return t->bench.program().status(h); });
}
// Every call ends a post, whose last segment carries PSH: there is nothing for `push` to add.
long toe_tb_send(toe_tb* t, int h, const void* data, size_t n, int /*push*/) {
  return guarded(t, long{-EIO}, [&] { return t->bench.program().send(h, data, n); });
}
long toe_tb_recv(toe_tb* t, int h, void* to, size_t n, int peek) {
  return guarded(t, long{-EIO}, [&] { return t->bench.program().recv(h, to, n, peek != 0); });
}
int toe_tb_shutdown_wr(toe_tb* t, int h) {
  return guarded(t, -EIO, [&] { return t->bench.program().shutdown(h); });
}
int toe_tb_close(toe_tb* t, int h) {
  return guarded(t, -EIO, [&] { return t->bench.program().close(h); });
}
int toe_tb_abort(toe_tb* t, int h) {
  return guarded(t, -EIO, [&] { return t->bench.program().abort(h); });
}
int toe_tb_setopt(toe_tb* t, int h, const char* key, long val) {
  if (key == nullptr) return -EINVAL;
  return guarded(t, -EIO, [&] { return t->bench.program().set_option(h, key, val); });
}
int toe_tb_getopt(toe_tb* t, int h, const char* key, long* val) {
  if (key == nullptr) return -EINVAL;
  return guarded(t, -EIO, [&] { return t->bench.program().get_option(h, key, val); });
}

}  // extern "C"
