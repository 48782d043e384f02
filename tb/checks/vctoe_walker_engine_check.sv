// A walk engine's steps, one after the other, with what it asks for and says in each.
(* keep_hierarchy *)
module vctoe_walker_engine_check #(
    parameter int unsigned SlotW = 1
) (
    input logic                        clk_i,
    input logic                        rst_ni,
    input logic [30:0]                 cfg_max_records_i,
    input logic [30:0]                 cfg_granularity_i,
    input logic                        cfg_split_i,
    input logic [6:0]                  cfg_prefetch_i,
    input logic                        load_valid_i,
    input logic [SlotW-1:0]            load_slot_i,
    input logic [2:0]                  load_kind_i,
    input vctoe_walker_pkg::progress_t load_progress_i,
    input vctoe_walker_pkg::record_t   load_record_i,
    input logic                        idle_o,
    input logic                        quiet_o,
    input logic [SlotW-1:0]            slot_o,
    input vctoe_walker_pkg::progress_t progress_o,
    input logic                        cursor_valid_o,
    input logic [1:0]                  cursor_kind_o,
    input logic                        cursor_ready_i,
    input logic                        cursor_result_valid_i,
    input vctoe_walker_pkg::place_t    cursor_result_i,
    input logic                        lookup_valid_o,
    input vctoe_walker_pkg::key_t      key_o,
    input logic                        lookup_ready_i,
    input logic                        result_hit_i,
    input vctoe_walker_pkg::record_t   result_record_i,
    input logic                        read_valid_o,
    input logic                        read_ready_i,
    input logic [1:0]                  read_answer_i,
    input logic                        park_valid_o,
    input logic                        park_again_o,
    input logic                        wake_valid_i,
    input logic [2:0]                  wake_kind_i,
    input vctoe_walker_pkg::record_t   wake_record_i,
    input logic                        ahead_valid_o,
    input vctoe_walker_pkg::ahead_t    ahead_o,
    input logic                        ahead_ready_i,
    input logic                        out_valid_o,
    input vctoe_walker_pkg::out_t      out_o,
    input logic                        out_ready_i,
    input logic                        over_o,
    input logic                        kill_valid_i,
    input logic [15:0]                 kill_connection_i,
    // What is inside of the block.
    input vctoe_walker_pkg::record_t   held_record,
    input logic [3:0]                  held_code,
    input logic                        held_noted,
    input logic                        held_ahead,
    input logic [31:0]                 skip,
    input logic [31:0]                 rest,
    input logic [63:0]                 block_address,
    input logic [12:0]                 in_page,
    input logic [30:0]                 block_piece,
    input logic [33:0]                 seen_end,
    input logic                        covers,
    input logic [3:0]                  link_fault,
    input logic [3:0]                  record_fault
);
  // One-hot: what it does in this cycle.
  localparam int unsigned Steps = 13;
  localparam int unsigned Idle = 0;
  localparam int unsigned Ask = 1;
  localparam int unsigned Place = 2;
  localparam int unsigned Link = 3;
  localparam int unsigned Cached = 4;
  localparam int unsigned Read = 5;
  localparam int unsigned Wait = 6;
  localparam int unsigned Fresh = 7;
  localparam int unsigned Found = 8;
  localparam int unsigned Block = 9;
  localparam int unsigned Done = 10;
  localparam int unsigned Void = 11;
  localparam int unsigned Fault = 12;

  logic [Steps-1:0] at_q, at_d;
  logic [SlotW-1:0] slot_q, slot_d;
  vctoe_walker_pkg::progress_t p_q, p_d;
  vctoe_walker_pkg::record_t record_q, record_d, seen;
  logic [3:0] code_q, code_d, bad_link, bad_record;
  logic noted_q, noted_d, told_q, told_d;

  logic killed, have, holds_it, goes_on;
  logic [31:0] into;         // bytes of the record before those that are wanted
  logic [32:0] left, piece;  // of the record; of the block
  logic [63:0] from;
  logic [34:0] covered;
  logic [2:0] kind;

  always_comb begin
    killed = !at_q[Idle] && kill_valid_i && p_q.walk.connection == kill_connection_i;

    bad_link = vctoe_walker_pkg::FaultNone;
    if (p_q.place.address == p_q.previous) bad_link = vctoe_walker_pkg::FaultTooLong;
    if (p_q.place.address == p_q.walk.head && p_q.place.index != '0) begin
      bad_link = vctoe_walker_pkg::FaultTooLong;
    end
    if (32'(p_q.place.index) + 32'd1 > {1'b0, cfg_max_records_i}) begin
      bad_link = vctoe_walker_pkg::FaultTooLong;
    end
    if ((p_q.place.address & 64'd31) != 64'd0) bad_link = vctoe_walker_pkg::FaultMisaligned;
    if (!(|p_q.place.address)) begin
      bad_link = p_q.place.index != '0 ? vctoe_walker_pkg::FaultRange :
                                           vctoe_walker_pkg::FaultNullHead;
    end

    have = at_q[Fresh] || (at_q[Cached] && result_hit_i);
    seen = at_q[Cached] ? result_record_i : record_q;
    covered = 35'(p_q.place.covered) + 35'(seen.size);
    bad_record = vctoe_walker_pkg::FaultNone;
    if (covered > 35'h1_0000_0000) bad_record = vctoe_walker_pkg::FaultTooLong;
    if (|(seen.sequence_number ^ p_q.at)) bad_record = vctoe_walker_pkg::FaultSequenceGap;
    if (seen.size[31] || seen.size < 32'd1) bad_record = vctoe_walker_pkg::FaultZeroSize;
    if (seen.unknown) bad_record = vctoe_walker_pkg::FaultVersion;

    into = p_q.walk.sequence_number - p_q.at;
    holds_it = have && into < seen.size;
    left = 33'(record_q.size) - 33'(into);
    from = record_q.address + {32'd0, into};
    piece = 33'(p_q.walk.length) < left ? 33'(p_q.walk.length) : left;
    if (piece > 33'(cfg_granularity_i)) piece = 33'(cfg_granularity_i);
    if (cfg_split_i && 34'(from[11:0]) + 34'(piece) > 34'd4096) piece = 33'd4096 - 33'(from[11:0]);
  end

  always_comb begin
    at_d = '0;
    slot_d = slot_q;
    p_d = p_q;
    record_d = record_q;
    code_d = code_q;
    noted_d = noted_q;
    told_d = told_q;
    goes_on = 1'b0;
    kind = at_q[Idle] ? load_kind_i : wake_kind_i;

    if (at_q[Idle] && load_valid_i) begin
      slot_d = load_slot_i;
      p_d = load_progress_i;
      record_d = load_record_i;
    end
    if (at_q[Wait] && wake_valid_i) record_d = wake_record_i;
    if ((at_q[Idle] && load_valid_i) || (at_q[Wait] && wake_valid_i)) begin
      at_d[Ask] = kind == vctoe_walker_pkg::WakeNone;
      at_d[Fresh] = kind == vctoe_walker_pkg::WakeRecord;
      at_d[Read] = kind == vctoe_walker_pkg::WakeAgain;
      at_d[Void] = kind >= vctoe_walker_pkg::WakeUnresolvable;
      if (at_d[Void]) begin
        code_d = kind == vctoe_walker_pkg::WakeUnresolvable ?
                 vctoe_walker_pkg::FaultUnresolvable : vctoe_walker_pkg::FaultBadCompletion;
      end
    end else if (at_q[Idle] || at_q[Wait]) begin
      at_d = at_q;
    end
    if (at_q[Ask]) at_d[cursor_ready_i ? Place : Ask] = 1'b1;
    if (at_q[Place]) begin
      at_d[cursor_result_valid_i ? Link : Place] = 1'b1;
      if (cursor_result_valid_i) begin
        p_d.place = cursor_result_i;
        p_d.at = p_q.walk.first_sequence + 32'(cursor_result_i.covered);
        p_d.previous = '0;
      end
    end
    if (at_q[Link]) begin
      if (bad_link != '0) begin
        at_d[Void] = 1'b1;
        code_d = bad_link;
      end else begin
        at_d[lookup_ready_i ? Cached : Link] = 1'b1;
      end
    end
    if (at_q[Cached] || at_q[Fresh]) begin
      noted_d = 1'b0;
      told_d = !(|cfg_prefetch_i);
      if (have) record_d = seen;
      if (!have) begin
        at_d[Read] = 1'b1;
      end else if (bad_record != '0) begin
        at_d[Void] = 1'b1;
        code_d = bad_record;
      end else begin
        at_d[Found] = holds_it;
        goes_on = !holds_it;
      end
    end
    if (at_q[Read]) begin
      if (!read_ready_i) at_d[Read] = 1'b1;
      else at_d[read_answer_i == vctoe_walker_pkg::AnswerFetch ? Wait : Idle] = 1'b1;
    end
    if (at_q[Found]) begin
      noted_d = noted_q | cursor_ready_i;
      told_d = told_q | ahead_ready_i;
      at_d[noted_d && told_d ? Block : Found] = 1'b1;
    end
    if (at_q[Block]) begin
      if (!out_ready_i) begin
        at_d[Block] = 1'b1;
      end else begin
        p_d.walk.sequence_number = p_q.walk.sequence_number + 32'(piece);
        p_d.walk.length = 31'(33'(p_q.walk.length) - piece);
        if (p_d.walk.length == '0) at_d[Done] = 1'b1;
        else if (piece < left) at_d[Block] = 1'b1;
        else goes_on = 1'b1;
      end
    end
    if (at_q[Void]) at_d[cursor_ready_i ? Fault : Void] = 1'b1;
    if (at_q[Done]) at_d[out_ready_i ? Idle : Done] = 1'b1;
    if (at_q[Fault]) at_d[out_ready_i ? Idle : Fault] = 1'b1;

    if (goes_on) begin
      at_d[Link] = 1'b1;
      p_d.previous = p_q.place.address;
      p_d.place.address = record_d.next;
      p_d.place.index = p_q.place.index + 1'b1;
      p_d.place.covered = p_q.place.covered + 33'(record_d.size);
      p_d.at = p_q.at + record_d.size;
    end
    if (killed) at_d = Steps'(1) << Idle;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) at_q <= Steps'(1) << Idle;
    else at_q <= at_d;
  end

  always_ff @(posedge clk_i) begin
    slot_q <= slot_d;
    p_q <= p_d;
    record_q <= record_d;
    code_q <= code_d;
    noted_q <= noted_d;
    told_q <= told_d;
  end

  vctoe_walker_pkg::out_t out;
  logic speaks;

  always_comb begin
    speaks = !killed && (at_q[Block] || at_q[Done] || at_q[Fault]);
    out = '0;
    out.txn = p_q.walk.txn;
    out.connection = p_q.walk.connection;
    out.kind = at_q[Block] ? vctoe_walker_pkg::OutBlock :
               at_q[Done] ? vctoe_walker_pkg::OutDone : vctoe_walker_pkg::OutFault;
    if (at_q[Block]) begin
      out.asid = p_q.walk.asid;
      out.address = from;
      out.length = 31'(piece);
      out.sequence_number = p_q.walk.sequence_number;
      out.retransmit = p_q.walk.retransmit;
      out.last = 33'(p_q.walk.length) == piece;
    end
    if (at_q[Fault]) begin
      out.code = code_q;
      out.address = code_q == vctoe_walker_pkg::FaultRange ? p_q.previous : p_q.place.address;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (idle_o == at_q[Idle]);
      assert (quiet_o == (at_q[Idle] || at_q[Wait]));
      assert (at_q[Idle] || slot_o == slot_q);
      assert (cursor_valid_o == (!killed && (at_q[Ask] || at_q[Void] || (at_q[Found] && !noted_q))));
      assert (!cursor_valid_o || cursor_kind_o == (at_q[Ask] ? 2'd0 : at_q[Found] ? 2'd1 : 2'd2));
      assert (at_q[Idle] || (progress_o == p_q && held_record == record_q));
      assert (!(at_q[Void] || at_q[Fault]) || held_code == code_q);
      assert (!at_q[Found] || (held_noted == noted_q && held_ahead == told_q));
      assert (lookup_valid_o == (!killed && at_q[Link] && bad_link == '0));
      assert (!(lookup_valid_o || read_valid_o) ||
              key_o == {p_q.walk.connection, p_q.walk.asid, p_q.place.address, p_q.at});
      assert (read_valid_o == (!killed && at_q[Read]));
      assert (park_valid_o == (!killed && at_q[Read] && at_d[Idle]));
      assert (!park_valid_o || park_again_o == (read_answer_i != vctoe_walker_pkg::AnswerTranslate));
      assert (ahead_valid_o == (!killed && at_q[Found] && !told_q));
      assert (!ahead_valid_o ||
              ahead_o == {p_q.walk.connection, p_q.walk.asid, record_q.next, p_q.at + record_q.size,
                          p_q.walk.txn, p_q.walk.block_size, p_q.walk.end_sequence,
                          cfg_prefetch_i});
      assert (out_valid_o == speaks);
      // What has no meaning is 0.
      assert (out_o == (speaks ? out : '0));
      assert (link_fault == (at_q[Link] ? bad_link : '0));
      assert (record_fault == (have ? bad_record : '0));
      assert (seen_end == (have ? 34'(covered) : '0));
      assert (covers == holds_it);
      assert ({skip, rest, block_address} == (at_q[Block] ? {into, 32'(left), from} : '0));
      assert (in_page == (at_q[Block] ? 13'd4096 - 13'(from[11:0]) : '0));
      assert (block_piece == (at_q[Block] ? 31'(piece) : '0));
      assert (over_o == (speaks && !at_q[Block] && out_ready_i));
    end
  end
endmodule
