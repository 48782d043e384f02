#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "sw/scenario/outputs_trace.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::outputs {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

sim::TraceEvent event(sim::TraceKind kind, std::uint64_t length) {
  sim::TraceEvent e;
  e.kind = kind;
  e.node = 1;
  e.asid = 2;
  e.connection = 3;
  e.txn = 4;
  e.address = 0x1000;
  e.length = length;
  e.seq = 5;
  e.detail = 6;
  return e;
}

TEST(TraceWriter, WritesOneLineForEachEvent) {
  const config::TempDir dir;
  sim::TraceBus bus;
  TraceWriter writer(dir / "trace.txt", bus);
  bus.emit(event(sim::TraceKind::kTxFirst, 1448));
  bus.emit(event(sim::TraceKind::kPin, 4096));
  EXPECT_EQ(contents(dir / "trace.txt"), "");  // appears only when it is whole
  writer.close();
  EXPECT_EQ(writer.events(), 2u);
  EXPECT_EQ(contents(dir / "trace.txt"),
            "# time_ps kind node asid connection txn address length seq detail\n"
            "0 tx_first 1 2 3 4 0x1000 1448 5 6\n"
            "0 pin 1 2 3 4 0x1000 4096 5 6\n");
}

TEST(TraceWriter, ListensOnlyToWhatItIsAskedFor) {
  const config::TempDir dir;
  sim::TraceBus bus;
  TraceWriter writer(dir / "trace.txt", bus, sim::mask_of(sim::TraceKind::kPin));
  bus.emit(event(sim::TraceKind::kTxFirst, 1));
  bus.emit(event(sim::TraceKind::kPin, 1));
  EXPECT_EQ(writer.events(), 1u);
}

TEST(TraceWriter, MoreThanABufferfulArrivesWhole) {
  const config::TempDir dir;
  sim::TraceBus bus;
  TraceWriter writer(dir / "trace.txt", bus);
  std::string wanted = "# time_ps kind node asid connection txn address length seq detail\n";
  for (std::uint64_t i = 0; i < 5000; ++i) {
    bus.emit(event(sim::TraceKind::kDeliver, i));
    wanted += "0 deliver 1 2 3 4 0x1000 " + std::to_string(i) + " 5 6\n";
  }
  writer.close();
  EXPECT_EQ(contents(dir / "trace.txt"), wanted);
}

}  // namespace
}  // namespace vctoe::outputs
