#include "models/host/disk_params.h"

namespace vctoe::host {
namespace {
const sim::Range kLatency = sim::time_range(sim::Time::zero(), sim::Time::from_s(10));
const sim::Range kRate = {1e6, 1e13};
}  // namespace

void DiskParams::declare(sim::ParamList& list) {
  list.add("kind", kind,
           "hard disk, SATA SSD, NVMe SSD, the memory of a second host over a network, or no swap "
           "device",
           "specification FIG. 13, 506 and [0067]; own choice: NVMe");
  list.add("capacity", capacity, sim::bytes_range(sim::Bytes::mib(1), sim::Bytes::gib(4096)),
           "bytes of the swap area, from the start of the medium", "own choice");
  list.group("hdd", hdd);
  list.group("sata", sata);
  list.group("nvme", nvme);
  list.group("network", network);
}

void RemoteMemoryParams::declare(sim::ParamList& list) {
  list.add("path", path,
           "a storage network of its own, or frames through the last of host.nics cards, which no "
           "stream uses then: of these parameters only server and queue_depth, in frames, matter",
           "specification FIG. 13, 506 network accessible, 508 possibly several");
  list.add("rate", rate, kRate, "line rate of the storage network, each way",
           "Infiniswap, NSDI 2017, used 56 Gb/s; 10 Gb/s here, as the data network");
  list.add("round_trip", round_trip, kLatency, "there and back without bytes: adapters and switch",
           "remote memory by RDMA: single-digit microseconds (Infiniswap); with a driver's share");
  list.add("server", server, kLatency, "time of the memory server for a message, one at a time",
           "assumption: a copy and two ring entries");
  list.add("mtu", mtu, sim::bytes_range({256}, sim::Bytes::kib(9)), "payload of one frame",
           "InfiniBand and RoCE: 256 to 4096 B");
  list.add("frame_overhead", frame_overhead, sim::bytes_range({0}, sim::Bytes::kib(1)),
           "bytes that a frame takes beside its payload",
           "RoCEv2: preamble and gap 20, Ethernet 18, IPv4 20, UDP 8, BTH 12, ICRC 4");
  list.add("message", message, sim::bytes_range({1}, sim::Bytes::kib(1)),
           "payload of a frame without data: a request to read, or the answer to a write",
           "RoCEv2: RETH 16 B or AETH 4 B, and a command of 12 B");
  list.add("queue_depth", queue_depth, {1, 65536}, "requests under way at once", "own choice");
}

void HddParams::declare(sim::ParamList& list) {
  list.add("seek_file", seek_file,
           "seek curve, lines 'cylinders, ms' after a heading; a path, or one in the data folder",
           "calibration H1 (DiskSim valid/ibm18es.seek)");
  list.add("seek_scale", seek_scale, {0.01, 100}, "factor on the seek curve", "calibration H6");
  list.add("cylinders", cylinders, {1, 10'000'000}, "cylinders", "calibration H1");
  list.add("surfaces", surfaces, {1, 64}, "recorded surfaces", "calibration H1");
  list.add("sectors_per_track", sectors_per_track, {1, 100'000},
           "512-byte sectors of a track, the mean of all zones",
           "17,916,240 sectors (9.17 GB) over 57,370 tracks");
  list.add("rotation", rotation, sim::time_range(sim::Time::from_us(1), sim::Time::from_s(1)),
           "time of one turn", "calibration H1 (7200 rpm)");
  list.add("head_switch", head_switch, kLatency, "change to another surface", "calibration H1");
  list.add("overhead", overhead, kLatency, "controller's time before each access",
           "calibration H1 (read overhead)");
  list.add("schedule", schedule, "order of waiting requests",
           "own choice: arrival, as in H2's trace");
}

void SataParams::declare(sim::ParamList& list) {
  list.add("read_latency", read_latency, kLatency, "read before its transfer", "calibration 9");
  list.add("write_latency", write_latency, kLatency, "write after its transfer",
           "calibration 9 (one figure for both)");
  list.add("parallel", parallel, {1, 1024}, "accesses of the medium at once",
           "calibration S6: 10 x 4 KiB / 100 us = 410 MB/s");
  list.add("queue_depth", queue_depth, {1, 32}, "native command queue", "SATA 3.0, 13.6");
  list.add("link_rate", link_rate, kRate, "data rate of the link", "6 Gb/s less 8b/10b");
}

void NvmeParams::declare(sim::ParamList& list) {
  const char* s1 = "calibration S1";
  list.add("channels", channels, {1, 1024}, "flash channels", s1);
  list.add("luns_per_channel", luns_per_channel, {1, 1024}, "units of a channel", s1);
  list.add("page", page, sim::bytes_range({512}, sim::Bytes::mib(1)), "bytes read at once", s1);
  list.add("nand_read", nand_read, kLatency, "time of a unit for a page", s1);
  list.add("nand_read_jitter", nand_read_jitter, kLatency,
           "the page's time is uniform within this on both sides", s1);
  list.add("firmware_read", firmware_read, kLatency, "firmware's time before a read", s1);
  list.add("channel_rate", channel_rate, kRate, "rate of one channel", s1);
  list.add("write_buffer", write_buffer, kLatency, "write into the buffer", s1);
  list.add("write_page", write_page, kLatency, "write into the buffer, further time a page", s1);
  list.add("buffer", buffer, sim::bytes_range(sim::Bytes::kib(64), sim::Bytes::gib(64)),
           "bytes of the write buffer", "own choice: covers programs in all units");
  list.add("program_unit", program_unit, sim::bytes_range({512}, sim::Bytes::mib(16)),
           "bytes programmed at once in a unit", "NVMeVirt ssd_config.h (one-shot page)");
  list.add("program", program, kLatency, "time of a program", s1);
  list.add("link_rate", link_rate, kRate, "PCIe rate of the device", s1);
  list.add("queue_depth", queue_depth, {1, 65536}, "commands that the device takes",
           "NVMe 1.4, 3.1");
}

}  // namespace vctoe::host
