#include "sw/scenario/params.h"

namespace vctoe::scenario {

using sim::Bytes;
using sim::Time;

void StreamParams::declare(sim::ParamList& list) {
  list.add("size", size, sim::bytes_range({0}, Bytes::gib(64)),
           "bytes of each stream when no file is given; they are made from the seed", "own choice");
  list.add("connections", connections, {1, 1024},
           "connections that each carry the whole stream, at the same time", "requirement I-X09");
  list.add(
      "destination", destination,
      "where the receiving application is: on the other host, or on the sending one; the latter "
      "needs transport.sending = driver",
      "specification [0061]");
  list.add(
      "framing", framing,
      "plain bytes of TCP, or an upper layer: iSCSI, with commands from the receiver, and data "
      "and status from the sender",
      "specification [0020], [0024], FIG. 6: payload 154");
  list.add("swapped", swapped, {0, 1},
           "share of the stream's pages that are on swap when it is posted; which ones is drawn "
           "from the seed",
           "requirement I-G01a");
  list.add("contexts_swapped", contexts_swapped,
           "the pages of the context records are evicted after the list has been written",
           "requirement I-X11");
  list.add("resident_limit", resident_limit, {0, 1},
           "share of DRAM that the streams' resident pages may take at the start; what is beyond "
           "is on swap too",
           "own choice");
  list.add("start", start, sim::time_range(Time::zero(), Time::from_s(1000)),
           "when the sender connects; the receiver has to be listening by then", "own choice");
  list.add("time_limit", time_limit, sim::time_range(Time::from_us(1), Time::from_s(1'000'000)),
           "simulated time after which a run that is not done has failed", "own choice");
}

void ScenarioParams::declare(sim::ParamList& list) {
  list.add("seed", seed, {0, 9e15}, "seed of every random stream", "own choice");
  list.add("file", file, "path of the file to send; empty: bytes made from the seed", "own choice");
  list.add("schemes", schemes, "schemes to run, separated by commas, in the order of the table",
           "specification FIG. 3, 8-12");
  list.group("stream", stream);
  system.declare(list);
  list.group("kernel", kernel);
  list.group("driver", driver);
  list.group("transport", transport);
  list.group("socket", socket);
  list.group("receiver", receiver);
  list.group("iscsi", iscsi);
  list.group("pressure", pressure);
  list.add("pressure.instances", victims, {0, 64},
           "applications on the sending host that compete for its memory; their slowdown is the "
           "victim's",
           "specification [0034], [0042]");
  list.add("pressure.resident", victim_resident, {0, 1},
           "share of each one's working set that is in DRAM at the start", "own choice");
  list.group("monitor", monitor);
}

}  // namespace vctoe::scenario
