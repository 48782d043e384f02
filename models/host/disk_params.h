// Parameters of the swap disk: common ones, and a group for each kind of device.
#pragma once

#include <cstdint>
#include <string>

#include "models/sim/params.h"

namespace vctoe::host {

enum class DiskKind : std::uint8_t { kHdd, kSata, kNvme, kNetwork, kNone };
/// Order in which a hard disk serves what waits: arrival, nearest cylinder, or elevator.
enum class HddSchedule : std::uint8_t { kFcfs, kSstf, kScan };

/// IBM DNES-309170W, 7200 rpm (calibration H1).
struct HddParams {
  std::string seek_file = "disksim/ibm18es.seek";
  double seek_scale = 1;
  std::uint64_t cylinders = 11474;
  std::uint64_t surfaces = 5;
  std::uint64_t sectors_per_track = 312;
  sim::Time rotation = sim::Time::from_us(8333);
  sim::Time head_switch = sim::Time::from_us(62);
  sim::Time overhead = sim::Time::from_us(252);
  HddSchedule schedule = HddSchedule::kFcfs;
  void declare(sim::ParamList& list);
};

struct SataParams {
  sim::Time read_latency = sim::Time::from_us(100);
  sim::Time write_latency = sim::Time::from_us(100);
  std::uint64_t parallel = 10;
  std::uint64_t queue_depth = 32;
  sim::BitRate link_rate = sim::BitRate::gbps(4.8);
  void declare(sim::ParamList& list);
};

/// Samsung 970 PRO class (calibration S1).
struct NvmeParams {
  std::uint64_t channels = 8;
  std::uint64_t luns_per_channel = 2;
  sim::Bytes page{4096};
  sim::Time nand_read = sim::Time::from_ns(35'760);
  sim::Time nand_read_jitter = sim::Time::from_ns(6000);
  sim::Time firmware_read = sim::Time::from_ns(21'500);
  sim::BitRate channel_rate = sim::BitRate::gbps(6.4);
  sim::Time write_buffer = sim::Time::from_ns(4000);
  sim::Time write_page = sim::Time::from_ns(460);
  sim::Bytes buffer = sim::Bytes::mib(4);
  sim::Bytes program_unit = sim::Bytes::kib(32);
  sim::Time program = sim::Time::from_us(185);
  sim::BitRate link_rate = sim::BitRate::gbps(26.88);
  std::uint64_t queue_depth = 1024;
  void declare(sim::ParamList& list);
};

/// How a second host that keeps pages is reached.
enum class StoragePath : std::uint8_t {
  kOwn,  ///< a storage network of its own, with an adaptor that moves the bytes by itself
  kCard  ///< the host's last network card, by frames that software sends and takes in
};

/// A second host that keeps pages in its memory.
struct RemoteMemoryParams {
  StoragePath path = StoragePath::kOwn;
  sim::BitRate rate = sim::BitRate::gbps(10);
  sim::Time round_trip = sim::Time::from_us(10);
  sim::Time server = sim::Time::from_us(2);
  sim::Bytes mtu{4096};
  sim::Bytes frame_overhead{82};
  sim::Bytes message{28};
  std::uint64_t queue_depth = 32;
  void declare(sim::ParamList& list);
};

struct DiskParams {
  DiskKind kind = DiskKind::kNvme;
  sim::Bytes capacity = sim::Bytes::gib(4);
  HddParams hdd;
  SataParams sata;
  NvmeParams nvme;
  RemoteMemoryParams network;
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::DiskKind> {
  static constexpr std::string_view kNames[] = {"hdd", "sata", "nvme", "network", "none"};
};
template <>
struct vctoe::sim::EnumNames<vctoe::host::StoragePath> {
  static constexpr std::string_view kNames[] = {"own", "card"};
};
template <>
struct vctoe::sim::EnumNames<vctoe::host::HddSchedule> {
  static constexpr std::string_view kNames[] = {"fcfs", "sstf", "scan"};
};
