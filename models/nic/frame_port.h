// Where TCP's frames leave and what becomes of refused ones: the adaptor's own MAC, or software
// that drives a card.
#pragma once

#include <cstdint>

#include "models/net/drop_reason.h"
#include "models/net/frame.h"

namespace vctoe::nic {

/// Who sends and receives through a port.
class MacClient {
 public:
  virtual ~MacClient() = default;
  /// The last bit of the frame sent with `cookie` has left. There is room for another one now;
  /// send() may be called from here.
  virtual void mac_sent(std::uint64_t cookie) = 0;
  /// A frame has arrived, nothing of it verified. Give what is not wanted to FramePort::refuse().
  virtual void mac_received(net::FramePtr frame) = 0;
};

class FramePort {
 public:
  virtual ~FramePort() = default;
  virtual bool can_send() const = 0;
  /// Needs can_send(). The bytes stay untouched until mac_sent(cookie).
  virtual void send(net::FramePtr frame, std::uint64_t cookie) = 0;
  /// The client drops a received frame: counted and traced (kFrameDrop).
  virtual void refuse(const net::Frame& frame, net::DropReason reason) = 0;
};

/// Passes on to a port that is known only later.
class FrameOutlet : public FramePort {
 public:
  void connect(FramePort& port) { port_ = &port; }
  bool connected() const { return port_ != nullptr; }
  bool can_send() const override { return port_->can_send(); }
  void send(net::FramePtr frame, std::uint64_t cookie) override {
    port_->send(std::move(frame), cookie);
  }
  void refuse(const net::Frame& frame, net::DropReason reason) override {
    port_->refuse(frame, reason);
  }

 private:
  FramePort* port_ = nullptr;
};

}  // namespace vctoe::nic
