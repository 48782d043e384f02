#include "tb/charts/flow_charts.h"

#include "models/nic/toe/stack.h"
#include "models/sim/error.h"
#include "sw/scenario/monitors_failure.h"

namespace vctoe::charts {

using sim::TraceKind;

FlowCharts::FlowCharts(Options options) : options_(std::move(options)) {
  for (std::size_t f = 0; f < kFigures; ++f) {
    taken_[f].resize(chart(static_cast<Figure>(f)).edges.size());
  }
  if (options_.blocks_outstanding != 1) {
    options_.relaxed |= static_cast<unsigned>(Relax::kSeveralBlocks);
  }
  if (options_.unpin_at == "retrieved") {
    options_.relaxed |= static_cast<unsigned>(Relax::kUnpinEarly);
  }
  options_.relaxed |= static_cast<unsigned>(Relax::kAlways);
}

sim::TraceMask FlowCharts::kinds() {
  return sim::mask_of(TraceKind::kPost, TraceKind::kBlockRequest, TraceKind::kPageFault,
                      TraceKind::kPin, TraceKind::kUnpin, TraceKind::kReplyPhysical,
                      TraceKind::kReplyPushed, TraceKind::kReplyError, TraceKind::kBufferWrite,
                      TraceKind::kBufferRead, TraceKind::kDmaRead, TraceKind::kBlockRetrieved,
                      TraceKind::kBlockSent, TraceKind::kTxFirst, TraceKind::kTxRetransmit,
                      TraceKind::kRxAck, TraceKind::kStreamAcked, TraceKind::kConnState);
}

void FlowCharts::see(const Event& event) {
  switch (event.kind) {
    case TraceKind::kPost:
      return post(event);
    case TraceKind::kBlockRequest:
      return request(event);
    case TraceKind::kPageFault:
    case TraceKind::kPin:
      return gather(event);
    case TraceKind::kUnpin:
      return unpin(event);
    case TraceKind::kReplyPhysical:
    case TraceKind::kReplyPushed:
    case TraceKind::kReplyError:
      return reply(event);
    case TraceKind::kBufferWrite:
      return buffer_write(event);
    case TraceKind::kBufferRead:
      return handed(event);
    case TraceKind::kDmaRead:
      return dma_read(event);
    case TraceKind::kBlockRetrieved:
      if (BlockRun* b = block(event.txn)) b->retrieved = true;
      return;
    case TraceKind::kBlockSent:
      return block_sent(event);
    case TraceKind::kTxFirst:
      return tx_first(event);
    case TraceKind::kTxRetransmit:
      return tx_again(event);
    case TraceKind::kRxAck:
      return ack(event);
    case TraceKind::kStreamAcked:
      return stream_acked(event);
    case TraceKind::kConnState:
      return connection_state(event);
    default:
      return;
  }
}

bool FlowCharts::relaxed(Relax relax) const {
  return relax == Relax::kNone || (options_.relaxed & static_cast<unsigned>(relax)) != 0;
}

void FlowCharts::step(Token& token, int to, const Event& event) {
  const Chart& table = chart(token.figure);
  const int i = find_edge(table, token.at, to);
  if (i >= 0 && relaxed(table.edges[static_cast<std::size_t>(i)].relax)) {
    ++taken_[static_cast<std::size_t>(token.figure)][static_cast<std::size_t>(i)];
    token.at = to;
    return;
  }
  std::string legal;
  for (const Edge& e : table.edges) {
    if (e.from != token.at || !relaxed(e.relax)) continue;
    legal += (legal.empty() ? "" : "; or ") + std::to_string(e.to) + " (" + e.event + ")";
  }
  fail(token.figure, to,
       "after block " + std::to_string(token.at) + " was expected " +
           (legal.empty() ? "nothing" : legal),
       event);
}

void FlowCharts::fail(Figure figure, int block, const std::string& what, const Event& event) {
  sim::check_failed(std::string("flow chart ") + chart(figure).name + ", block " +
                    std::to_string(block) + ": " + what + " (" + scenario::event_text(event) + ")");
}

ConnectionRun& FlowCharts::connection(const Event& event) {
  return connections_[{event.node, event.connection}];
}

BlockRun* FlowCharts::block(sim::TxnId txn) {
  const auto found = blocks_.find(txn);
  return found == blocks_.end() ? nullptr : &found->second;
}

PostRun* FlowCharts::post_at(ConnectionRun& c, std::uint64_t offset) {
  for (const sim::TxnId txn : c.posts) {
    PostRun& p = posts_.at(txn);
    if (p.begin <= offset && offset < p.end) return &p;
  }
  return nullptr;
}

Figure FlowCharts::post_figure() const {
  if (posted_first()) return options_.retransmit == "posted" ? Figure::k3 : Figure::k12;
  return options_.first == "pushed" ? Figure::k11 : Figure::k8;
}

/// Ids of connections are used again.
void FlowCharts::connection_state(const Event& event) {
  using toe::State;
  const auto state = static_cast<State>(event.detail);
  if (state != State::kClosed && state != State::kListen && state != State::kSynSent &&
      state != State::kSynReceived) {
    return;
  }
  ConnectionRun& c = connection(event);
  for (const sim::TxnId txn : c.posts) posts_.erase(txn);
  for (auto b = blocks_.begin(); b != blocks_.end();) {
    const bool of_it = b->second.node == event.node && b->second.connection == event.connection;
    if (of_it) gone_.insert(b->first);
    b = of_it ? blocks_.erase(b) : std::next(b);
  }
  c = {};
}

void FlowCharts::finish() const {
  Event end;
  end.at = sim::now();
  for (const auto& [txn, p] : posts_) {
    end.txn = txn;
    end.length = p.end - p.begin;
    fail(p.token.figure, p.token.at,
         "the run is over and the post is still here, " + std::to_string(p.sent) +
             " bytes sent, pages pinned " + std::to_string(p.pinned / 4096) + ", unpinned " +
             std::to_string(p.unpinned / 4096),
         end);
  }
  for (const auto& [txn, b] : blocks_) {
    if (b.pinned == b.unpinned) continue;
    end.txn = txn;
    end.length = b.length();
    fail(b.token.figure, b.token.at, "the run is over and the pages are still pinned", end);
  }
}

}  // namespace vctoe::charts
