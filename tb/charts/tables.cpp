#include "tb/charts/tables.h"

namespace vctoe::charts {
namespace {

Chart figure_3() {
  return {"FIG. 3",
          {{kEntry, 70, "first pin of the post's transaction"},
           {70, 72, "that pin: its page is in DRAM"},
           {72, 74, "post, when pins cover the whole stream"},
           {74, 76, "tx_first"},
           {76, 78, "rx_ack"},
           {78, 80, "rx_ack"},
           {80, 76, "no: rx_ack before the end; sending goes on"},
           {80, 82, "yes: unpin of the post, after rx_ack of the end"},
           {72, kEntry, "unpin before the post: it was refused", Relax::kAlways}}};
}

/// FIG. 8 and 11 from "all packets sent" on have the same form, other numbers.
Chart figure_8() {
  return {
      "FIG. 8",
      {{kEntry, 250, "post"},
       {250, 252, "block_request (first) at the head of the post"},
       {252, 254, "page_fault or pin of the request's transaction"},
       {254, 256, "pin: its page is in DRAM"},
       {256, 260, "reply_physical, when pins cover the block"},
       {260, 262, "tx_first with bytes of the block"},
       {262, 264, "the same"},
       {264, 262, "no: the next tx_first"},
       {264, 266, "yes: tx_first with the last byte; from here unpin is legal"},
       {266, 268, "rx_ack, or a retransmission without one"},
       {268, 270, "the same"},
       {270, 272, "no: SND.UNA lies before the block's end"},
       {270, 276, "yes: SND.UNA has reached it"},
       {272, 268, "no: the next rx_ack"},
       {272, 274, "yes: block_request (again) or tx_retransmit of its bytes"},
       {274, 268, "the next rx_ack, or another retransmission"},
       {276, 252, "no: block_request of the next block"},
       {276, 278, "yes: stream_acked"},
       {kElsewhere, 252, "block_request before the last is acknowledged", Relax::kSeveralBlocks},
       {260, 260, "another part of the reply", Relax::kParts},
       {264, 260, "another part of the reply", Relax::kParts},
       {252, 262, "tx_first without a reply", Relax::kNoReply}}};
}

Chart figure_9() {
  return {"FIG. 9",
          {{kEntry, 282, "block_request (again)"},
           {282, 284, "page_fault or pin of the request's transaction"},
           {284, 286, "pin: its page is in DRAM"},
           {286, 288, "reply_physical, when pins cover what was asked for"},
           {288, 290, "tx_retransmit with bytes of the request"},
           {290, 292, "the same"},
           {292, 290, "no: the next tx_retransmit"},
           {292, 294, "yes: block_sent; from here unpin is legal"},
           {294, 296, "the same: the ACKs are FIG. 8's again"},
           {288, 294, "block_sent without any: acknowledged meanwhile", Relax::kAlways},
           {288, 288, "another part of the reply", Relax::kParts},
           {292, 288, "another part of the reply", Relax::kParts},
           {282, 290, "tx_retransmit without a reply", Relax::kNoReply}}};
}

Chart figure_10() {
  return {"FIG. 10",
          {{kEntry, 300, "block_request (again)"},
           {300, 302, "reply_pushed"},
           {302, 304, "buffer_write of exactly the bytes asked for"},
           {304, 308, "buffer_read, then tx_retransmit with bytes of the request"},
           {308, 310, "block_sent: the ACKs are FIG. 8's again"},
           {308, 308, "the next tx_retransmit of the same request", Relax::kAlways},
           {304, 310, "block_sent without any: acknowledged meanwhile", Relax::kAlways},
           {304, 302, "another part of the reply", Relax::kParts},
           {308, 302, "another part of the reply", Relax::kParts}}};
}

Chart figure_11() {
  return {
      "FIG. 11",
      {{kEntry, 350, "post"},
       {350, 352, "block_request (first) at the head of the post"},
       {352, 354, "reply_pushed"},
       {354, 356, "buffer_write of exactly the bytes asked for"},
       {356, 362, "buffer_read, then tx_first with bytes of the block"},
       {362, 364, "the same"},
       {364, 362, "no: the next tx_first"},
       {364, 368, "yes: tx_first with the last byte"},
       {368, 370, "rx_ack, or a retransmission without one"},
       {370, 372, "no: SND.UNA lies before the block's end"},
       {370, 376, "yes: SND.UNA has reached it"},
       {372, 368, "no: the next rx_ack"},
       {372, 374, "yes: block_request (again) or tx_retransmit of its bytes"},
       {374, 368, "the next rx_ack, or another retransmission"},
       {376, 352, "no: block_request of the next block"},
       {376, 378, "yes: stream_acked"},
       {kElsewhere, 352, "block_request before the last is acknowledged", Relax::kSeveralBlocks},
       {356, 354, "another part of the reply", Relax::kParts},
       {364, 354, "another part of the reply", Relax::kParts}}};
}

Chart figure_12() {
  return {"FIG. 12",
          {{kEntry, 450, "first pin of the post's transaction"},
           {450, 452, "that pin: its page is in DRAM"},
           {452, 454, "post, when pins cover the whole stream"},
           {454, 456, "tx_first"},
           {456, 464, "the same"},
           {464, 456, "no: the next tx_first"},
           {464, 466, "yes: tx_first with the last byte; from here unpin is legal"},
           {466, 468, "rx_ack, or a retransmission without one"},
           {468, 470, "the same"},
           {470, 472, "no: SND.UNA lies before the stream's end"},
           {470, 476, "yes: stream_acked"},
           {472, 468, "no: the next rx_ack"},
           {472, 474, "yes: block_request (again) or tx_retransmit of its bytes"},
           {474, 468, "the next rx_ack, or another retransmission"},
           {452, kEntry, "unpin before the post: it was refused", Relax::kAlways}}};
}

}  // namespace

const Chart& chart(Figure figure) {
  static const std::array<Chart, kFigures> all = {figure_3(),  figure_8(),  figure_9(),
                                                  figure_10(), figure_11(), figure_12()};
  return all.at(static_cast<std::size_t>(figure));
}

int find_edge(const Chart& chart, int from, int to) {
  for (std::size_t i = 0; i < chart.edges.size(); ++i) {
    if (chart.edges[i].from == from && chart.edges[i].to == to) return static_cast<int>(i);
  }
  return -1;
}

std::string edge_name(const Edge& edge) {
  const auto block = [](int number) {
    return number == kEntry       ? std::string("start")
           : number == kElsewhere ? std::string("any")
                                  : std::to_string(number);
  };
  return block(edge.from) + "-" + block(edge.to);
}

}  // namespace vctoe::charts
