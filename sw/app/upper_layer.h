// What may lie between a connection's bytes and an application's data.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sw/socket/transport.h"

namespace vctoe::app {

/// Accesses of an application to its own memory. Loads look at bytes that are in DRAM (receive
/// memory is pinned) without taking time; kernel::Kernel::peek and write have these forms.
using Load = std::function<bool(kernel::Asid, std::uint64_t va, void* to, std::uint64_t length)>;
using Store =
    std::function<bool(kernel::Asid, std::uint64_t va, const void* from, std::uint64_t length)>;

/// Of one accepted connection. Called by the connection's thread; may block.
class ReceivingLayer {
 public:
  /// Gets the data in the order of the stream.
  using Give = std::function<void(const std::uint8_t* bytes, std::uint64_t length)>;

  virtual ~ReceivingLayer() = default;
  /// The connection is open: sends what the peer waits for.
  virtual void begin() = 0;
  /// Bytes of the connection, in order. Raises sim::check_failed on what the protocol forbids.
  virtual void take(const std::uint8_t* bytes, std::uint64_t length, const Give& give) = 0;
  /// Everything that was asked for has come.
  virtual bool complete() const = 0;
};
using MakeReceivingLayer = std::function<std::unique_ptr<ReceivingLayer>(
    std::size_t stream, kernel::Asid process, socket::SocketObject& socket)>;

}  // namespace vctoe::app
