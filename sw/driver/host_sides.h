// Who plays the host's part: the driver, or the operating system.
#pragma once

#include <deque>

#include "sw/driver/request_server.h"

namespace vctoe::driver {

/// The driver: its workers find the pages, and the thread that reads completions unpins, at once or
/// lazily.
class DriverSide : public RequestServer {
 public:
  using RequestServer::RequestServer;
  bool busy() const override { return false; }

 private:
  host::Work work() const override { return host::Work::kDriver; }
  void called() override {}
  void give_back(kernel::PinToken pin) override { memories().lazy.add(pin); }
};

/// The operating system: the driver only hands over. A thread of the system is woken for each
/// request, and another one unpins, so that the driver goes on at once.
class OsSide : public RequestServer {
 public:
  template <class... Args>
  explicit OsSide(const sc_core::sc_module_name& name, Args&&... args)
      : RequestServer(name, std::forward<Args>(args)...),
        unpinner_("unpinner", [this] { unpin(); }) {}
  bool busy() const override { return unpinning_ || !pins_.empty(); }

 private:
  host::Work work() const override { return host::Work::kKernel; }
  void called() override;
  void give_back(kernel::PinToken pin) override;
  void unpin();

  std::deque<kernel::PinToken> pins_;  ///< to be given back, oldest first
  bool unpinning_ = false;
  sc_core::sc_event wake_;
  Thread unpinner_;
};

}  // namespace vctoe::driver
