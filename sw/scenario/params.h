// Every parameter of a run: what the blocks declare, and the workload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/system/two_hosts.h"
#include "sw/app/iscsi.h"
#include "sw/app/pressure.h"
#include "sw/app/receiver.h"
#include "sw/driver/driver_params.h"
#include "sw/driver/transport_params.h"
#include "sw/kernel/kernel_params.h"
#include "sw/scenario/monitors.h"
#include "sw/socket/toe_transport.h"

namespace vctoe::scenario {

/// Where the receiving application is (specification [0061]).
enum class Destination : std::uint8_t {
  kPeer,  ///< on the other host
  kLocal  ///< another process of the sending host
};

/// What lies between the stream and TCP.
enum class Framing : std::uint8_t {
  kPlain,  ///< nothing
  kIscsi   ///< the stream is a disk that the receiver reads by SCSI commands over iSCSI
};

/// The stream that is sent, and how it lies in memory when it is posted.
struct StreamParams {
  sim::Bytes size = sim::Bytes::mib(16);
  std::uint64_t connections = 1;
  Destination destination = Destination::kPeer;
  Framing framing = Framing::kPlain;
  double swapped = 0.5;
  bool contexts_swapped = false;
  double resident_limit = 0.4;
  sim::Time start = sim::Time::from_ms(1);
  sim::Time time_limit = sim::Time::from_s(600);
  void declare(sim::ParamList& list);
};

struct ScenarioParams {
  std::uint64_t seed = 1;
  std::string file;
  std::string schemes = "fig3,fig8+fig9,fig8+fig10,fig11+fig9,fig11+fig10,fig12+fig9,fig12+fig10";
  StreamParams stream;
  system::SystemParams system;
  kernel::KernelParams kernel;
  driver::DriverParams driver;
  driver::TransportParams transport;
  socket::SocketParams socket;
  app::ReceiverParams receiver;
  app::iscsi::Params iscsi;
  app::PressureParams pressure;
  std::uint64_t victims = 1;
  double victim_resident = 0.5;
  MonitorParams monitor;
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::scenario

namespace vctoe::sim {
template <>
struct EnumNames<scenario::Framing> {
  static constexpr std::string_view kNames[] = {"plain", "iscsi"};
};
template <>
struct EnumNames<scenario::Destination> {
  static constexpr std::string_view kNames[] = {"peer", "local"};
};
}  // namespace vctoe::sim
