// What explain() makes of traces written by hand: how reasons are told apart.
#include "sw/scenario/explain.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "models/sim/error.h"
#include "sw/scenario/outputs_trace.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::outputs {
namespace {

/// A post of 8 KiB from sequence number 1000 and its first request; `more` is sorted in by the
/// test.
const std::string kPost = "1000000 post 0 1 2 5 0x100 8192 1000 0\n";

class Explain : public testing::Test {
 protected:
  std::string of(const std::string& lines, sim::TxnId txn) {
    std::ofstream(dir / "trace.txt") << TraceWriter::kHeading << "\n" << lines;
    ExplainWhat what;
    what.txn = txn;
    return explain(TraceFile(dir / "trace.txt"), what);
  }
  std::string refusal(const std::string& text) {
    std::ofstream(dir / "trace.txt") << text;
    try {
      const TraceFile trace(dir / "trace.txt");
    } catch (const sim::Error& e) {
      return e.kind() == sim::FailureKind::kUser ? e.what() : "of another kind";
    }
    return "nothing";
  }
  const config::TempDir dir;
};

/// `text` has these one behind the other.
void expect_in_order(const std::string& text, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    at = text.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << " is not there, or not in its place:\n" << text;
    at += part.size();
  }
}

TEST_F(Explain, ABlockBeyondTheWindowWaitedForIt) {
  // The window ends at 1000 + 4096 until the acknowledgment of 7 us.
  const std::string text = of("500000 rx_ack 0 0 2 0 0x0 4096 1000 0\n" + kPost +
                                  "7000000 rx_ack 0 0 2 0 0x800 4096 3048 0\n"
                                  "8000000 walk 0 1 2 6 0x100 4096 5096 0\n"
                                  "8500000 walk_done 0 1 2 6 0x100 4096 5096 0\n"
                                  "9000000 block_request 0 1 2 7 0x2000 4096 5096 0\n",
                              7);
  expect_in_order(text, {"1.000 us", "post 5", "7.000 us", "+6.000 us", "window reaches",
                         "waited for the window", "8.000 us", "walk 6 begins",
                         "waited for earlier blocks", "8.500 us", "has found it", "9.000 us",
                         "asks the host", "waited for the walk, or room in the packet buffer",
                         "the host never answered", "not acknowledged when the run ended"});
}

TEST_F(Explain, ASegmentWithoutPacketBufferWaitedForIt) {
  const std::string text = of(kPost +
                                  "1100000 walk 0 1 2 6 0x100 4096 1000 0\n"
                                  "1200000 block_request 0 1 2 7 0x2000 2000 1000 0\n"
                                  "1300000 serve 0 1 2 7 0x2000 2000 1000 0\n"
                                  "1400000 pin 0 1 0 7 0x7000 4096 0 0\n"
                                  "1500000 reply_physical 0 1 2 7 0x2000 2000 1000 0\n"
                                  "1500000 buffer_wait 0 0 2 7 0x0 2000 1000 0\n"
                                  "3000000 dma_begin 0 0 2 7 0x0 2000 1000 0\n"
                                  "3100000 dma_read 0 1 2 7 0x7000 2000 0 0\n"
                                  "3200000 buffer_write 0 0 2 7 0x0 2000 1000 0\n"
                                  "3300000 buffer_read 0 0 2 7 0x0 2000 1000 0\n"
                                  "4000000 tx_first 0 0 2 7 0x0 2000 1000 0\n"
                                  "5000000 rx_data 1 0 9 7 0x0 2000 0 0\n",
                              7);
  expect_in_order(
      text, {"3.000 us", "first DMA read begins", "waited for packet buffer",
             "1.500 us  packet buffer", "segments: 1", "1.000 us", "waited for packet buffer"});
}

TEST_F(Explain, ARetransmissionKnowsWhatCalledForIt) {
  const std::string lines = kPost +
                            "2000000 block_request 0 1 2 7 0x2000 8192 1000 0\n"
                            "9000000 rto_expired 0 0 2 0 0x0 0 1000 0\n"
                            "9000000 walk 0 1 2 8 0x100 1448 1000 1\n"
                            "9100000 block_request 0 1 2 9 0x2000 1448 1000 1\n"
                            "9800000 walk 0 1 2 10 0x100 1448 2448 1\n"
                            "9900000 block_request 0 1 2 11 0x2000 1448 2448 1\n";
  EXPECT_NE(of(lines, 9).find("retransmission timer ran out"), std::string::npos);
  EXPECT_NE(of(lines, 11).find("acknowledgments tell of a loss"), std::string::npos);
  const std::string first = of(lines, 7);
  expect_in_order(first, {"loss recovery: request 9", "loss recovery: request 11"});
}

TEST_F(Explain, StepsStandInTheOrderOfTimeAlsoWhenAnAnswerComesInParts) {
  const std::string text = of(kPost +
                                  "1200000 block_request 0 1 2 7 0x2000 8192 1000 0\n"
                                  "1300000 serve 0 1 2 7 0x2000 8192 1000 0\n"
                                  "1400000 pin 0 1 0 7 0x7000 4096 0 0\n"
                                  "1500000 reply_physical 0 1 2 7 0x2000 8192 1000 1\n"
                                  "1600000 dma_begin 0 0 2 7 0x0 4096 1000 0\n"
                                  "2400000 pin 0 1 0 7 0x8000 4096 0 0\n"
                                  "2500000 reply_physical 0 1 2 7 0x2000 8192 1000 0\n",
                              7);
  expect_in_order(text, {"1.500 us", "first of 2 answers", "1.600 us", "first DMA read", "2.400 us",
                         "pinned: 2 pages", "2.500 us", "the physical addresses"});
}

TEST_F(Explain, AnUnknownTransactionIsTheUsersFault) {
  EXPECT_THROW(of(kPost, 77), sim::Error);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
}

TEST_F(Explain, SequenceNumbersWrapAround) {
  const std::string text =
      of("1000000 post 0 1 2 5 0x100 8192 4294963200 0\n"
         "1100000 walk 0 1 2 6 0x100 4096 0 0\n"
         "1200000 block_request 0 1 2 7 0x2000 4096 0 0\n"
         "5000000 rx_ack 0 0 2 0 0x2000 65535 4096 0\n",
         7);
  expect_in_order(text, {"post 5", "walk 6", "5.000 us", "acknowledged"});
}

TEST_F(Explain, AFileThatIsNoTraceIsRefusedWithItsLine) {
  const std::string heading = std::string(TraceWriter::kHeading) + "\n";
  EXPECT_NE(refusal("hello\n").find("no event trace"), std::string::npos);
  EXPECT_NE(refusal("").find("no event trace"), std::string::npos);
  for (const char* line : {"1 post 0 1 2 5 0x100 8192 1000", "1 pst 0 1 2 5 0x100 8192 1000 0",
                           "1 post 0 1 2 5 0x100 8192 1000 0 0", "x post 0 1 2 5 0x100 8192 1000 0",
                           "1 post 300 1 2 5 0x100 8192 1000 0", ""}) {
    EXPECT_NE(refusal(heading + kPost + line + "\n").find("trace.txt:3"), std::string::npos)
        << line;
  }
}

}  // namespace
}  // namespace vctoe::outputs
