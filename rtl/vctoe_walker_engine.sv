// A walk engine: goes from record to record until one covers the bytes asked for, and cuts what it
// finds into blocks. One walk at a time; one that waits for the host is put aside (park).
module vctoe_walker_engine #(
    parameter int unsigned SlotW = 5
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [30:0] cfg_max_records_i,
    input logic [30:0] cfg_granularity_i,
    input logic        cfg_split_i,
    input logic [6:0]  cfg_prefetch_i,

    // A walk, new (WakeNone) or put aside before; only while idle_o.
    input  logic                         load_valid_i,
    input  logic [SlotW-1:0]             load_slot_i,
    input  logic [2:0]                   load_kind_i,
    input  vctoe_walker_pkg::progress_t  load_progress_i,
    input  vctoe_walker_pkg::record_t    load_record_i,
    output logic                         idle_o,
    output logic                         quiet_o,  // waits for something from outside
    output logic [3:0]                   state_o,
    output logic [SlotW-1:0]             slot_o,
    output vctoe_walker_pkg::progress_t  progress_o,

    // Places to start from.
    output logic                      cursor_valid_o,
    output logic [1:0]                cursor_kind_o,
    input  logic                      cursor_ready_i,
    input  logic                      cursor_result_valid_i,
    input  vctoe_walker_pkg::place_t  cursor_result_i,

    // Record cache: the answer comes in the cycle after.
    output logic                       lookup_valid_o,
    output vctoe_walker_pkg::key_t     key_o,
    input  logic                       lookup_ready_i,
    input  logic                       result_hit_i,
    input  vctoe_walker_pkg::record_t  result_record_i,

    // Reads of records that are not in the cache.
    output logic                       read_valid_o,
    input  logic                       read_ready_i,
    input  logic [1:0]                 read_answer_i,
    output logic                       park_valid_o,
    output logic                       park_again_o,
    input  logic                       wake_valid_i,  // for this engine's slot
    input  logic [2:0]                 wake_kind_i,
    input  vctoe_walker_pkg::record_t  wake_record_i,

    // Records to be read ahead, from the one that the walk is in.
    output logic                      ahead_valid_o,
    output vctoe_walker_pkg::ahead_t  ahead_o,
    input  logic                      ahead_ready_i,

    output logic                    out_valid_o,
    output vctoe_walker_pkg::out_t  out_o,
    input  logic                    out_ready_i,
    output logic                    over_o,  // with this beat the walk is over

    input logic        kill_valid_i,
    input logic [15:0] kill_connection_i
);

  localparam logic [3:0] Idle = 4'd0;
  localparam logic [3:0] Start = 4'd1;   // asks for a place to start from
  localparam logic [3:0] Place = 4'd2;   // waits for it
  localparam logic [3:0] Lookup = 4'd3;  // checks the link, asks the record cache
  localparam logic [3:0] Check = 4'd4;   // has the cache's answer
  localparam logic [3:0] Read = 4'd5;    // asks the reader
  localparam logic [3:0] Wait = 4'd6;    // for the read
  localparam logic [3:0] Record = 4'd7;  // has the record that was read
  localparam logic [3:0] Note = 4'd8;    // leaves its place behind, reads ahead
  localparam logic [3:0] Emit = 4'd9;
  localparam logic [3:0] Done = 4'd10;
  localparam logic [3:0] Forget = 4'd11;  // a fault voids the connection's places
  localparam logic [3:0] Fault = 4'd12;

  localparam logic [1:0] CursorLookup = 2'd0;
  localparam logic [1:0] CursorNote = 2'd1;
  localparam logic [1:0] CursorForget = 2'd2;

  localparam logic [31:0] MaxSize = 32'h7fff_ffff;
  localparam logic [33:0] MaxList = 34'h1_0000_0000;  // bytes that 32 bits can tell apart

  logic [3:0]                   state_q, state_d;
  logic [SlotW-1:0]             slot_q;
  vctoe_walker_pkg::progress_t  progress_q;
  vctoe_walker_pkg::record_t    record_q;
  logic [3:0]                   code_q, code_d;
  logic                         noted_q, noted_d;  // of Note's two, what is done
  logic                         ahead_q, ahead_d;

  vctoe_walker_pkg::walk_t   walk;
  vctoe_walker_pkg::place_t  place;
  assign walk = progress_q.walk;
  assign place = progress_q.place;

  logic [30:0] record_limit;
`ifdef VCTOE_BUG_LOOP_LIMIT_OFF_BY_ONE
  assign record_limit = cfg_max_records_i + 31'd1;
`else
  assign record_limit = cfg_max_records_i;
`endif

  // ---- the link that leads to `place` ----

  logic [3:0]  link_fault;

  always_comb begin
    link_fault = vctoe_walker_pkg::FaultNone;
    if (state_q == Lookup) begin
      if (place.address == '0) begin
        link_fault = place.index != '0 ? vctoe_walker_pkg::FaultRange :
                                         vctoe_walker_pkg::FaultNullHead;
`ifndef VCTOE_BUG_MISALIGNED_ACCEPTED
      end else if (place.address[4:0] != '0) begin
        link_fault = vctoe_walker_pkg::FaultMisaligned;
`endif
      end else if (31'(place.index) >= record_limit || place.address == progress_q.previous ||
                   (place.index != '0 && place.address == walk.head)) begin
        // A loop over other records contradicts their sequence numbers.
        link_fault = vctoe_walker_pkg::FaultTooLong;
      end
    end
  end

  // ---- the record that has come ----

  logic                       has_record;
  vctoe_walker_pkg::record_t  seen;
  logic [33:0]                seen_end;
  logic [3:0]                 record_fault;
  logic                       covers;

  assign has_record = (state_q == Check && result_hit_i) || state_q == Record;

  always_comb begin
    seen = record_q;
    if (state_q == Check) seen = result_record_i;
    seen_end = '0;
    record_fault = vctoe_walker_pkg::FaultNone;
    covers = 1'b0;
    if (has_record) begin
      seen_end = {1'b0, place.covered} + {2'b0, seen.size};
`ifdef VCTOE_BUG_WRAP_COMPARE_UNSIGNED
      covers = {1'b0, walk.sequence_number} < {1'b0, progress_q.at} + {1'b0, seen.size};
`else
      covers = walk.sequence_number - progress_q.at < seen.size;
`endif
      if (seen.unknown) begin
        record_fault = vctoe_walker_pkg::FaultVersion;
      end else if (seen.size == '0 || seen.size > MaxSize) begin
        record_fault = vctoe_walker_pkg::FaultZeroSize;
      end else if (seen.sequence_number != progress_q.at) begin
        record_fault = vctoe_walker_pkg::FaultSequenceGap;
      end else if (seen_end > MaxList) begin
        record_fault = vctoe_walker_pkg::FaultTooLong;
      end
    end
  end

  // ---- the block that comes next in record_q ----

  logic [31:0] skip;
  logic [31:0] rest;
  logic [63:0] block_address;
  logic [12:0] in_page;
  logic [30:0] piece;

  always_comb begin
    skip = '0;
    rest = '0;
    block_address = '0;
    in_page = '0;
    piece = '0;
    if (state_q == Emit) begin
      skip = walk.sequence_number - progress_q.at;
      rest = record_q.size - skip;
      block_address = record_q.address + 64'(skip);
      in_page = 13'h1000 - {1'b0, block_address[11:0]};
      piece = walk.length;
      if (rest < 32'(piece)) piece = rest[30:0];
      if (cfg_granularity_i < piece) piece = cfg_granularity_i;
      if (cfg_split_i && 31'(in_page) < piece) piece = 31'(in_page);
    end
  end

  // ---- the state machine ----

  logic killed;
  logic follow;  // goes on to the record behind this one
  logic [2:0] wake_kind;

  assign killed = kill_valid_i && state_q != Idle && walk.connection == kill_connection_i;
  assign wake_kind = state_q == Idle ? load_kind_i : wake_kind_i;

  always_comb begin
    state_d = state_q;
    code_d = code_q;
    noted_d = noted_q;
    ahead_d = ahead_q;
    follow = 1'b0;

    case (state_q)
      Start: if (cursor_ready_i) state_d = Place;
      Place: if (cursor_result_valid_i) state_d = Lookup;
      Lookup: begin
        if (link_fault != vctoe_walker_pkg::FaultNone) begin
          code_d = link_fault;
          state_d = Forget;
        end else if (lookup_ready_i) begin
          state_d = Check;
        end
      end
      Check, Record: begin
        noted_d = 1'b0;
        ahead_d = cfg_prefetch_i == '0;
        if (!has_record) begin
          state_d = Read;
        end else if (record_fault != vctoe_walker_pkg::FaultNone) begin
          code_d = record_fault;
          state_d = Forget;
        end else if (covers) begin
          state_d = Note;
        end else begin
          follow = 1'b1;
        end
      end
      Read: begin
        if (read_ready_i) begin
          state_d = read_answer_i == vctoe_walker_pkg::AnswerFetch ? Wait : Idle;
        end
      end
      Note: begin
        noted_d = noted_q || cursor_ready_i;
        ahead_d = ahead_q || ahead_ready_i;
        if (noted_d && ahead_d) state_d = Emit;
      end
      Emit: begin
        if (out_ready_i) begin
          if (piece == walk.length) state_d = Done;
          else if (32'(piece) == rest) follow = 1'b1;
        end
      end
      Forget: if (cursor_ready_i) state_d = Fault;
      Done, Fault: if (out_ready_i) state_d = Idle;
      default: begin  // Idle, Wait
        if (state_q == Idle ? load_valid_i : wake_valid_i) begin
          case (wake_kind)
            vctoe_walker_pkg::WakeNone: state_d = Start;
            vctoe_walker_pkg::WakeRecord: state_d = Record;
            vctoe_walker_pkg::WakeAgain: state_d = Read;
            default: begin
              code_d = wake_kind == vctoe_walker_pkg::WakeUnresolvable ?
                       vctoe_walker_pkg::FaultUnresolvable : vctoe_walker_pkg::FaultBadCompletion;
              state_d = Forget;
            end
          endcase
        end
      end
    endcase

    if (follow) state_d = Lookup;
    if (killed) state_d = Idle;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      state_q <= state_d;
    end
  end

  always_ff @(posedge clk_i) begin
    code_q <= code_d;
    noted_q <= noted_d;
    ahead_q <= ahead_d;
    if (state_q == Idle && load_valid_i) begin
      slot_q <= load_slot_i;
      progress_q <= load_progress_i;
      record_q <= load_record_i;
    end
    if (state_q == Wait && wake_valid_i) record_q <= wake_record_i;
    if (state_q == Check && has_record) record_q <= result_record_i;
    if (state_q == Place && cursor_result_valid_i) begin
      progress_q.place <= cursor_result_i;
      progress_q.at <= walk.first_sequence + cursor_result_i.covered[31:0];
      progress_q.previous <= '0;
    end
    if (state_q == Emit && out_ready_i) begin
      progress_q.walk.sequence_number <= walk.sequence_number + 32'(piece);
      progress_q.walk.length <= walk.length - piece;
    end
    if (follow) begin
      progress_q.previous <= place.address;
      progress_q.place.address <= seen.next;
      progress_q.place.index <= place.index + 1'b1;
      progress_q.place.covered <= place.covered + 33'(seen.size);
      progress_q.at <= progress_q.at + seen.size;
    end
  end

  assign idle_o = state_q == Idle;
  assign quiet_o = state_q == Idle || state_q == Wait;
  assign state_o = state_q;
  assign slot_o = slot_q;
  assign progress_o = progress_q;

  // What a cancel ends asks for nothing more.
  assign cursor_valid_o = !killed && (state_q == Start || state_q == Forget ||
                                      (state_q == Note && !noted_q));
  assign cursor_kind_o = state_q == Start ? CursorLookup :
                         state_q == Note ? CursorNote : CursorForget;
  assign lookup_valid_o = !killed && state_q == Lookup &&
                          link_fault == vctoe_walker_pkg::FaultNone;
  assign read_valid_o = !killed && state_q == Read;
  assign park_valid_o = read_valid_o && read_ready_i &&
                        read_answer_i != vctoe_walker_pkg::AnswerFetch;
  assign park_again_o = read_answer_i == vctoe_walker_pkg::AnswerAgain;

  assign key_o.connection = walk.connection;
  assign key_o.asid = walk.asid;
  assign key_o.address = place.address;
  assign key_o.sequence_number = progress_q.at;

  assign ahead_valid_o = !killed && state_q == Note && !ahead_q;
  assign ahead_o.want.key.connection = walk.connection;
  assign ahead_o.want.key.asid = walk.asid;
  assign ahead_o.want.key.address = record_q.next;
  assign ahead_o.want.key.sequence_number = progress_q.at + record_q.size;
  assign ahead_o.want.txn = walk.txn;
  assign ahead_o.want.block_size = walk.block_size;
  assign ahead_o.want.end_sequence = walk.end_sequence;
  assign ahead_o.depth = cfg_prefetch_i;

  assign out_valid_o = !killed && (state_q == Emit || state_q == Done || state_q == Fault);
  assign over_o = (state_q == Done || state_q == Fault) && out_valid_o && out_ready_i;

  always_comb begin
    out_o = '0;
    if (out_valid_o) begin
      out_o.txn = walk.txn;
      out_o.connection = walk.connection;
      if (state_q == Emit) begin
        out_o.kind = vctoe_walker_pkg::OutBlock;
        out_o.asid = walk.asid;
        out_o.address = block_address;
        out_o.length = piece;
        out_o.sequence_number = walk.sequence_number;
        out_o.retransmit = walk.retransmit;
        out_o.last = piece == walk.length;
      end else if (state_q == Fault) begin
        out_o.kind = vctoe_walker_pkg::OutFault;
        // A list that ends too early is the fault of its last record.
        out_o.address = code_q == vctoe_walker_pkg::FaultRange ? progress_q.previous : place.address;
        out_o.code = code_q;
      end else begin
        out_o.kind = vctoe_walker_pkg::OutDone;
      end
    end
  end

  logic unused;
  assign unused = ^{seen.address};  // of the record that is kept: record_q

`ifdef VCTOE_ASSERT
`ifdef VCTOE_TOP_ENGINE
`define VCTOE_ASSUME assume
`else
`define VCTOE_ASSUME assert
`endif
  vctoe_walker_pkg::place_t load_place;
  logic load_waited, load_sound, place_sound;

  // A walk is put aside with a link that may be followed, and so it comes back.
  assign load_place = load_progress_i.place;
  assign load_waited = load_valid_i && load_kind_i != vctoe_walker_pkg::WakeNone;
  assign load_sound = load_place.address != '0 && load_place.address[4:0] == '0 &&
                      31'(load_place.index) < record_limit &&
                      load_place.address != load_progress_i.previous &&
                      (load_place.index == '0 || load_place.address != load_progress_i.walk.head);
  assign place_sound = place.address != '0 && place.address[4:0] == '0 &&
                       31'(place.index) < record_limit && place.address != progress_q.previous &&
                       (place.index == '0 || place.address != walk.head);

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      `VCTOE_ASSUME (cfg_granularity_i >= 31'd1 && cfg_granularity_i <= 31'h40000000);
      `VCTOE_ASSUME (!load_valid_i ||
                     (load_kind_i <= vctoe_walker_pkg::WakeBadCompletion &&
                      load_progress_i.walk.length != '0 && {1'b0, load_place.covered} <= MaxList));
      `VCTOE_ASSUME (!load_waited || load_sound);
      `VCTOE_ASSUME (!load_waited || load_progress_i.at ==
                     load_progress_i.walk.first_sequence + load_place.covered[31:0]);
      `VCTOE_ASSUME (!cursor_result_valid_i || !cursor_result_i.covered[32]);
      `VCTOE_ASSUME (!wake_valid_i || (wake_kind_i != vctoe_walker_pkg::WakeNone &&
                                       wake_kind_i <= vctoe_walker_pkg::WakeBadCompletion));
      `VCTOE_ASSUME (read_answer_i <= vctoe_walker_pkg::AnswerAgain);
      assert (!park_valid_o || (place_sound && walk.length != '0 &&
                                {1'b0, place.covered} <= MaxList));
      assert (!park_valid_o || progress_q.at == walk.first_sequence + place.covered[31:0]);
    end
  end
`undef VCTOE_ASSUME
`endif

`ifdef VCTOE_TOP_ENGINE
`include "engine.svh"
`endif

`ifdef VCTOE_CHECK
  vctoe_walker_engine_check #(
      .SlotW(SlotW)
  ) u_check (
      .*,
      .held_record(record_q),
      .held_code(code_q),
      .held_noted(noted_q),
      .held_ahead(ahead_q),
      .block_piece(piece)
  );
`endif

endmodule
