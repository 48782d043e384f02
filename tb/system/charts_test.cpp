// The automata of the flow charts: what a run does is a way through them, both branches of the
// tests that the figures draw are taken, and traces that break a rule are caught.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "models/sim/error.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using charts::Figure;
using charts::FlowCharts;
using kernel::PinOwner;
using sim::TraceKind;
using sim::Why;

constexpr std::uint64_t kBlock = 32 << 10;

ScenarioParams small(std::uint64_t stream = 256 << 10) {
  ScenarioParams p = quiet_params();
  p.stream.size = {stream};
  p.driver.block_size = {kBlock};
  return p;
}

ScenarioParams losing(const std::string& frames) {
  ScenarioParams p = small();
  p.system.net.impair = net::Impaired::kForward;
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.data_only = true;
  p.system.net.loss.list = frames;
  p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  return p;
}

std::uint64_t taken(const FlowCharts& charts, Figure figure, int from, int to) {
  const int i = charts::find_edge(charts::chart(figure), from, to);
  EXPECT_GE(i, 0);
  return charts.taken()[static_cast<std::size_t>(figure)][static_cast<std::size_t>(i)];
}

/// A run on charts of the test's own.
FlowCharts follow(const ScenarioParams& p, const std::string& scheme) {
  FlowCharts charts(charts::options_of(p, scheme));
  expect_intact(run(p, scheme, "", [&](sim::Context& context) {
    context.trace.subscribe(FlowCharts::kinds(), [&](const auto& e) { charts.see(e); });
  }));
  return charts;
}

// req: I-F08-264
TEST(FlowCharts, Fig8AsksAfterTheOnlyPacketOfABlockWhetherAllAreSent) {
  const FlowCharts charts = follow(small(1000), "fig8");
  EXPECT_EQ(taken(charts, Figure::k8, 262, 264), 1u);
  EXPECT_EQ(taken(charts, Figure::k8, 264, 262), 0u);
  EXPECT_EQ(taken(charts, Figure::k8, 264, 266), 1u);
}

// req: I-F08-264
TEST(FlowCharts, Fig8AsksAfterEachOfManyPacketsOfABlock) {
  const FlowCharts charts = follow(small(kBlock), "fig8");
  const std::uint64_t packets = (kBlock + 1447) / 1448;
  EXPECT_EQ(taken(charts, Figure::k8, 262, 264), packets);
  EXPECT_EQ(taken(charts, Figure::k8, 264, 262), packets - 1);
  EXPECT_EQ(taken(charts, Figure::k8, 264, 266), 1u);
}

// req: I-F11-364
TEST(FlowCharts, Fig11AsksAfterTheOnlyPacketOfABlockWhetherAllAreSent) {
  const FlowCharts charts = follow(small(1000), "fig11");
  EXPECT_EQ(taken(charts, Figure::k11, 364, 362), 0u);
  EXPECT_EQ(taken(charts, Figure::k11, 364, 368), 1u);
}

// req: I-F11-364
TEST(FlowCharts, Fig11AsksAfterEachOfManyPacketsOfABlock) {
  ScenarioParams p = small(kBlock);
  p.system.nic.core.push_chunk = {kBlock};
  const FlowCharts charts = follow(p, "fig11");
  EXPECT_EQ(taken(charts, Figure::k11, 364, 362), (kBlock + 1447) / 1448 - 1);
  EXPECT_EQ(taken(charts, Figure::k11, 364, 368), 1u);
}

// req: I-F12-464
TEST(FlowCharts, Fig12AsksAfterTheOnlyPacketOfAStreamWhetherAllAreSent) {
  const FlowCharts charts = follow(small(1000), "fig12");
  EXPECT_EQ(taken(charts, Figure::k12, 464, 456), 0u);
  EXPECT_EQ(taken(charts, Figure::k12, 464, 466), 1u);
}

// req: I-F12-464
TEST(FlowCharts, Fig12AsksAfterEachOfManyPacketsOfAStream) {
  const FlowCharts charts = follow(small(kBlock), "fig12");
  EXPECT_EQ(taken(charts, Figure::k12, 464, 456), (kBlock + 1447) / 1448 - 1);
  EXPECT_EQ(taken(charts, Figure::k12, 464, 466), 1u);
}

// req: I-F12-468
TEST(FlowCharts, Fig12ReceivesAcknowledgmentsBeforeAndAtTheEnd) {
  ScenarioParams p = small();
  p.system.net.delay = sim::Time::from_ms(2);
  const FlowCharts charts = follow(p, "fig12");
  EXPECT_GE(taken(charts, Figure::k12, 468, 470), 2u);
  EXPECT_GE(taken(charts, Figure::k12, 470, 472), 1u);
  EXPECT_EQ(taken(charts, Figure::k12, 470, 476), 1u);
}

// req: I-F09-292
TEST(FlowCharts, Fig9AsksAfterOneLostPacketWhetherAllAreResent) {
  const FlowCharts charts = follow(losing("20"), "fig8+fig9");
  EXPECT_EQ(taken(charts, Figure::k9, 292, 290), 0u);
  EXPECT_EQ(taken(charts, Figure::k9, 292, 294), 1u);
}

// req: I-F09-292
TEST(FlowCharts, Fig9AsksAfterEachOfManyLostPackets) {
  ScenarioParams p = small(8 << 20);
  lose(p, 0.05);  // neighbours among them, and lost acknowledgments, so that they are seen together
  const FlowCharts charts = follow(p, "fig8+fig9");
  EXPECT_GE(taken(charts, Figure::k9, 292, 290), 1u);
  EXPECT_GE(taken(charts, Figure::k9, 292, 294), 1u);
}

// ---- forbidden traces ---------------------------------------------------------------------------

using Events = std::vector<sim::TraceEvent>;
using Find = std::function<bool(const sim::TraceEvent&)>;

/// What a run said, to be bent and put before the charts again.
class Forged {
 public:
  Forged(const ScenarioParams& p, const std::string& scheme)
      : options(charts::options_of(p, scheme)) {
    expect_intact(run(p, scheme, "", [this](sim::Context& context) {
      context.trace.subscribe(FlowCharts::kinds(), [this](const auto& e) { events.push_back(e); });
    }));
    EXPECT_EQ(failure(), "") << "before it is bent";
  }

  charts::Options options;
  Events events;

  std::size_t find(TraceKind kind, const Find& test = {}, std::size_t from = 0) const {
    for (std::size_t i = from; i < events.size(); ++i) {
      const auto& e = events[i];
      if (e.node == 0 && e.kind == kind && (!test || test(e))) return i;
    }
    ADD_FAILURE() << "the run has no such event";
    return 0;
  }
  std::size_t find_last(TraceKind kind, const Find& test = {}) const {
    for (std::size_t i = events.size(); i-- > 0;) {
      const auto& e = events[i];
      if (e.node == 0 && e.kind == kind && (!test || test(e))) return i;
    }
    ADD_FAILURE() << "the run has no such event";
    return 0;
  }
  /// The event at `from` happens right before the one at `to` instead.
  void move(std::size_t from, std::size_t to) {
    sim::TraceEvent e = events[from];
    e.at = events[to].at;
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(from));
    events.insert(events.begin() + static_cast<std::ptrdiff_t>(from < to ? to - 1 : to), e);
  }
  void insert(std::size_t at, const sim::TraceEvent& e) {
    events.insert(events.begin() + static_cast<std::ptrdiff_t>(at), e);
  }
  /// What the charts say; empty: nothing.
  std::string failure() const {
    FlowCharts charts(options);
    try {
      for (const auto& e : events) charts.see(e);
      charts.finish();
    } catch (const sim::Error& error) {
      EXPECT_EQ(error.kind(), sim::FailureKind::kCheck);
      sim::clear_failure();
      return error.what();
    }
    return "";
  }
};

testing::AssertionResult says(const std::string& text, const std::vector<std::string>& parts) {
  for (const auto& part : parts) {
    if (text.find(part) == std::string::npos) {
      return testing::AssertionFailure() << "\"" << part << "\" is not in \"" << text << "\"";
    }
  }
  return testing::AssertionSuccess();
}

Find of(sim::TxnId txn) {
  return [txn](const sim::TraceEvent& e) { return e.txn == txn; };
}
Find agent() {
  return owner_is(PinOwner::kAgent);
}

TEST(ForbiddenTrace, Fig8UnpinsBeforeTheLastDmaRead) {
  Forged t(small(), "fig8");
  const std::size_t unpin = t.find(TraceKind::kUnpin, agent());
  const auto txn = t.events[unpin].txn;
  const std::size_t read = t.find_last(TraceKind::kDmaRead, of(txn));
  ASSERT_LT(read, unpin);
  t.move(unpin, read);
  EXPECT_TRUE(says(t.failure(), {"FIG. 8, block 266", "expected to be sent", "unpin at 0.",
                                 "txn " + std::to_string(txn)}));
}

TEST(ForbiddenTrace, Fig8AsksOutsideTheWindow) {
  ScenarioParams p = small();
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(48);
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(48);
  Forged t(p, "fig8");
  const std::size_t first = t.find(TraceKind::kBlockRequest);
  const std::size_t second = t.find(TraceKind::kBlockRequest, {}, first + 1);
  const std::size_t third = t.find(TraceKind::kBlockRequest, {}, second + 1);
  t.move(third, second + 1);
  EXPECT_TRUE(says(t.failure(), {"FIG. 8, block 252", "inside the window", "block_request"}));
}

TEST(ForbiddenTrace, Fig8RepliesBeforeItHasPinned) {
  Forged t(small(), "fig8");
  const std::size_t reply = t.find(TraceKind::kReplyPhysical);
  const std::size_t pin = t.find(TraceKind::kPin, of(t.events[reply].txn));
  t.move(reply, pin + 1);
  EXPECT_TRUE(says(t.failure(), {"FIG. 8, block 260", "there are 1 of 8", "reply_physical"}));
}

TEST(ForbiddenTrace, Fig8SendsBeforeTheReply) {
  Forged t(small(), "fig8");
  const std::size_t reply = t.find(TraceKind::kReplyPhysical);
  t.events.erase(t.events.begin() + static_cast<std::ptrdiff_t>(reply));
  EXPECT_TRUE(says(t.failure(), {"FIG. 8, block 260", "the reply was expected", "dma_read"}));
}

TEST(ForbiddenTrace, Fig8AsksForTheSecondBlockBeforeTheFirstIsAcknowledgedInTheSingleBlockForm) {
  ScenarioParams p = small();
  p.system.nic.core.blocks_outstanding = 1;
  Forged t(p, "fig8");
  const std::size_t first = t.find(TraceKind::kBlockRequest);
  const std::size_t second = t.find(TraceKind::kBlockRequest, {}, first + 1);
  t.move(second,
         t.find_last(TraceKind::kTxFirst, [&](const auto& e) { return e.address < kBlock; }) + 1);
  EXPECT_TRUE(says(t.failure(), {"FIG. 8, block 252", "1 unacknowledged, 1 allowed"}));
}

/// The model itself breaks the rule here: it was not told of it.
TEST(ForbiddenTrace, SeveralBlocksAreCaughtInARunThatShouldHaveOne) {
  Forged t(small(), "fig11");
  t.options.blocks_outstanding = 1;
  EXPECT_TRUE(says(t.failure(), {"FIG. 11, block 352", "1 allowed"}));
}

TEST(ForbiddenTrace, Fig9ResendsAcknowledgedData) {
  Forged t(losing("20"), "fig8+fig9");
  const std::size_t tx = t.find(TraceKind::kTxRetransmit);
  const auto segment = t.events[tx];
  const std::uint64_t end = segment.address + segment.length;
  const std::size_t ack =
      t.find(TraceKind::kRxAck, [&](const auto& e) { return e.address >= end; });
  sim::TraceEvent taken = segment;
  taken.kind = TraceKind::kBufferRead;
  t.insert(ack + 1, taken);
  t.insert(ack + 2, segment);
  EXPECT_TRUE(says(t.failure(), {"FIG. 9, block 290", "unacknowledged bytes were expected",
                                 "tx_retransmit at 0."}));
}

TEST(ForbiddenTrace, Fig9UnpinsBeforeAllIsResent) {
  Forged t(losing("20"), "fig8+fig9");
  const auto txn = t.events[t.find(TraceKind::kTxRetransmit)].txn;
  t.move(t.find(TraceKind::kUnpin, of(txn)), t.find(TraceKind::kDmaRead, of(txn)));
  EXPECT_TRUE(says(t.failure(), {"FIG. 9, block 294", "0 bytes of 1448"}));
}

TEST(ForbiddenTrace, Fig9AsksForBytesThatWereNeverSent) {
  Forged t(losing("20"), "fig8+fig9");
  const std::size_t again = t.find(TraceKind::kBlockRequest, why_is(Why::kRetransmit));
  t.move(again, t.find(TraceKind::kTxFirst));
  EXPECT_TRUE(says(t.failure(), {"FIG. 9, block 282", "sent before"}));
}

TEST(ForbiddenTrace, Fig10PinsForWhatItPushes) {
  Forged t(losing("20"), "fig8+fig10");
  const std::size_t again = t.find(TraceKind::kBlockRequest, why_is(Why::kRetransmit));
  sim::TraceEvent pin = t.events[t.find(TraceKind::kPin, agent())];
  pin.txn = t.events[again].txn;
  t.insert(again + 1, pin);
  EXPECT_TRUE(says(t.failure(), {"FIG. 10, block 302", "nothing pinned"}));
}

TEST(ForbiddenTrace, Fig10StoresLessThanWasAskedFor) {
  Forged t(losing("20"), "fig8+fig10");
  const auto txn = t.events[t.find(TraceKind::kReplyPushed)].txn;
  --t.events[t.find(TraceKind::kBufferWrite, of(txn))].length;
  EXPECT_TRUE(says(t.failure(), {"FIG. 10, block 304", "1448 bytes"}));
}

TEST(ForbiddenTrace, Fig11ReadsHostMemoryAfterThePush) {
  Forged t(small(), "fig11");
  sim::TraceEvent read = t.events[t.find(TraceKind::kBufferRead)];
  read.kind = TraceKind::kDmaRead;
  t.insert(t.find(TraceKind::kBufferRead), read);
  EXPECT_TRUE(says(t.failure(), {"FIG. 11, block 362", "packet buffer", "dma_read"}));
}

TEST(ForbiddenTrace, Fig11SendsBeforeTheBytesAreStored) {
  Forged t(small(), "fig11");
  t.events.erase(t.events.begin() + static_cast<std::ptrdiff_t>(t.find(TraceKind::kBufferWrite)));
  EXPECT_TRUE(says(t.failure(), {"FIG. 11, block 362", "after block 354 was expected 356"}));
}

TEST(ForbiddenTrace, Fig12UnpinsBeforeAllIsSent) {
  Forged t(small(), "fig12");
  t.move(t.find(TraceKind::kUnpin, agent()), t.find_last(TraceKind::kTxFirst));
  EXPECT_TRUE(says(t.failure(), {"FIG. 12, block 466", "sent before"}));
}

TEST(ForbiddenTrace, Fig12PostsBeforeAllIsPinned) {
  Forged t(small(), "fig12");
  t.move(t.find(TraceKind::kPost), t.find_last(TraceKind::kPin, agent()));
  EXPECT_TRUE(says(t.failure(), {"FIG. 12, block 454", "pins of the whole stream"}));
}

TEST(ForbiddenTrace, Fig3UnpinsBeforeAllIsAcknowledged) {
  Forged t(small(), "fig3");
  const auto all = [](const auto& e) { return e.address == 256 << 10; };
  t.move(t.find(TraceKind::kUnpin, agent()), t.find(TraceKind::kRxAck, all));
  EXPECT_TRUE(says(t.failure(), {"FIG. 3, block 82", "acknowledged before"}));
}

TEST(ForbiddenTrace, Fig3AsksForABlock) {
  Forged t(small(), "fig3");
  sim::TraceEvent request = t.events[t.find(TraceKind::kPost)];
  request.kind = TraceKind::kBlockRequest;
  t.insert(t.find(TraceKind::kTxFirst), request);
  EXPECT_TRUE(says(t.failure(), {"FIG. 3, block 76", "nothing was to be asked for"}));
}

TEST(ForbiddenTrace, AStreamThatIsNotOverAtTheEnd) {
  Forged t(small(), "fig8");
  t.events.erase(t.events.begin() + static_cast<std::ptrdiff_t>(t.find(TraceKind::kStreamAcked)));
  EXPECT_TRUE(says(t.failure(), {"the post is still here"}));
}

TEST(ForbiddenTrace, PagesThatNobodyUnpins) {
  Forged t(small(), "fig8");
  t.events.erase(t.events.begin() +
                 static_cast<std::ptrdiff_t>(t.find_last(TraceKind::kUnpin, agent())));
  EXPECT_TRUE(says(t.failure(), {"still pinned"}));
}

// ---- the table ----------------------------------------------------------------------------------

TEST(ChartCoverage, NamesTheEdgesThatNoTestTakes) {
  const std::string folder = testing::TempDir() + "/edges";
  std::filesystem::remove_all(folder);
  const auto none = charts::missing(charts::read_taken(folder));
  charts::write_taken(follow(small(1000), "fig8").taken(), folder, running_test());
  const auto edges = charts::read_taken(folder);
  const auto some = charts::missing(edges);
  EXPECT_GT(none.size(), some.size());
  const auto has = [&](const char* edge) {
    return std::find(some.begin(), some.end(), edge) != some.end();
  };
  EXPECT_TRUE(has("FIG. 8 264-262"));
  EXPECT_FALSE(has("FIG. 8 264-266"));
  EXPECT_FALSE(has("FIG. 8 264-260")) << "legal, but not drawn";
  const auto taken_edge = std::find_if(edges.begin(), edges.end(), [](const auto& e) {
    return e.figure == "FIG. 8" && e.edge == "264-266";
  });
  EXPECT_EQ(taken_edge->test, running_test());
  EXPECT_TRUE(says(charts::as_markdown(edges), {"| FIG. 8 | 264-262 |", "| no |", "| yes |"}));
}

TEST(ChartCoverage, PutsTheTableBetweenItsMarks) {
  const std::string begin = "<!-- edges: written by ./vctoe test --update -->\n";
  const std::string end = "<!-- end of edges -->\n";
  EXPECT_EQ(charts::with_table("a\n" + begin + "old\n" + end + "b\n", "new\n"),
            "a\n" + begin + "new\n" + end + "b\n");
  EXPECT_THROW(charts::with_table("a\n", "new\n"), std::runtime_error);
}

}  // namespace
}  // namespace vctoe::scenario
