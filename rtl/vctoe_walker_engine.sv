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
  vctoe_walker_pkg::progress_t  progress_q, progress_d;
  vctoe_walker_pkg::record_t    record_q, record_d;
  logic [3:0]                   code_q, code_d;
  logic [63:0]                  culprit_q, culprit_d;
  logic                         noted_q, noted_d;  // of Note's two, what is done
  logic                         ahead_q, ahead_d;

  vctoe_walker_pkg::walk_t   walk;
  vctoe_walker_pkg::place_t  place;
  assign walk = progress_q.walk;
  assign place = progress_q.place;

  // ---- the link that leads to `place` ----

  logic [3:0]  link_fault;
  logic [63:0] link_culprit;

  always_comb begin
    link_fault = vctoe_walker_pkg::FaultNone;
    link_culprit = place.address;
    if (place.address == '0) begin
      if (place.index == '0) begin
        link_fault = vctoe_walker_pkg::FaultNullHead;
      end else begin
        link_fault = vctoe_walker_pkg::FaultRange;
        link_culprit = progress_q.previous;
      end
    end else if (place.address[4:0] != '0) begin
      link_fault = vctoe_walker_pkg::FaultMisaligned;
    end else if (place.index >= cfg_max_records_i || place.address == progress_q.previous ||
                 (place.index != '0 && place.address == walk.head)) begin
      // A loop over other records contradicts their sequence numbers.
      link_fault = vctoe_walker_pkg::FaultTooLong;
    end
  end

  // ---- the record that has come ----

  vctoe_walker_pkg::record_t  seen;
  logic [33:0]                seen_end;
  logic [3:0]                 record_fault;
  logic                       covers;

  assign seen = state_q == Check ? result_record_i : record_q;
  assign seen_end = {1'b0, place.covered} + {2'b0, seen.size};
  assign covers = walk.sequence_number - progress_q.at < seen.size;

  always_comb begin
    record_fault = vctoe_walker_pkg::FaultNone;
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

  // ---- the block that comes next in record_q ----

  logic [31:0] skip;
  logic [31:0] rest;
  logic [63:0] block_address;
  logic [12:0] in_page;
  logic [30:0] piece;

  always_comb begin
    skip = walk.sequence_number - progress_q.at;
    rest = record_q.size - skip;
    block_address = record_q.address + 64'(skip);
    in_page = 13'h1000 - {1'b0, block_address[11:0]};
    piece = walk.length;
    if (rest < 32'(piece)) piece = rest[30:0];
    if (cfg_granularity_i < piece) piece = cfg_granularity_i;
    if (cfg_split_i && 31'(in_page) < piece) piece = 31'(in_page);
  end

  // ---- the state machine ----

  logic killed;
  logic follow;  // goes on to the record behind `after`
  logic [63:0] after_next;
  logic [31:0] after_size;

  assign killed = kill_valid_i && state_q != Idle && walk.connection == kill_connection_i;

  always_comb begin
    state_d = state_q;
    progress_d = progress_q;
    record_d = record_q;
    code_d = code_q;
    culprit_d = culprit_q;
    noted_d = noted_q;
    ahead_d = ahead_q;
    follow = 1'b0;
    after_next = seen.next;
    after_size = seen.size;

    case (state_q)
      Start: if (cursor_ready_i) state_d = Place;
      Place: begin
        if (cursor_result_valid_i) begin
          progress_d.place = cursor_result_i;
          progress_d.at = walk.first_sequence + cursor_result_i.covered[31:0];
          progress_d.previous = '0;
          state_d = Lookup;
        end
      end
      Lookup: begin
        if (link_fault != vctoe_walker_pkg::FaultNone) begin
          code_d = link_fault;
          culprit_d = link_culprit;
          state_d = Forget;
        end else if (lookup_ready_i) begin
          state_d = Check;
        end
      end
      Check, Record: begin
        if (state_q == Check && !result_hit_i) begin
          state_d = Read;
        end else if (record_fault != vctoe_walker_pkg::FaultNone) begin
          code_d = record_fault;
          culprit_d = place.address;
          state_d = Forget;
        end else if (covers) begin
          record_d = seen;
          noted_d = 1'b0;
          ahead_d = cfg_prefetch_i == '0;
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
      Wait: begin
        if (wake_valid_i) begin
          record_d = wake_record_i;
          culprit_d = place.address;
          case (wake_kind_i)
            vctoe_walker_pkg::WakeRecord: state_d = Record;
            vctoe_walker_pkg::WakeAgain: state_d = Read;
            vctoe_walker_pkg::WakeUnresolvable: begin
              code_d = vctoe_walker_pkg::FaultUnresolvable;
              state_d = Forget;
            end
            default: begin
              code_d = vctoe_walker_pkg::FaultBadCompletion;
              state_d = Forget;
            end
          endcase
        end
      end
      Note: begin
        noted_d = noted_q || cursor_ready_i;
        ahead_d = ahead_q || ahead_ready_i;
        if (noted_d && ahead_d) state_d = Emit;
      end
      Emit: begin
        if (out_ready_i) begin
          progress_d.walk.sequence_number = walk.sequence_number + 32'(piece);
          progress_d.walk.length = walk.length - piece;
          after_next = record_q.next;
          after_size = record_q.size;
          if (piece == walk.length) begin
            state_d = Done;
          end else if (32'(piece) == rest) begin
            follow = 1'b1;
          end
        end
      end
      Forget: if (cursor_ready_i) state_d = Fault;
      Done, Fault: if (out_ready_i) state_d = Idle;
      default: begin  // Idle
        if (load_valid_i) begin
          progress_d = load_progress_i;
          record_d = load_record_i;
          culprit_d = load_progress_i.place.address;
          case (load_kind_i)
            vctoe_walker_pkg::WakeNone: state_d = Start;
            vctoe_walker_pkg::WakeRecord: state_d = Record;
            vctoe_walker_pkg::WakeAgain: state_d = Read;
            vctoe_walker_pkg::WakeUnresolvable: begin
              code_d = vctoe_walker_pkg::FaultUnresolvable;
              state_d = Forget;
            end
            default: begin
              code_d = vctoe_walker_pkg::FaultBadCompletion;
              state_d = Forget;
            end
          endcase
        end
      end
    endcase

    if (follow) begin
      progress_d.previous = place.address;
      progress_d.place.address = after_next;
      progress_d.place.index = place.index + 1'b1;
      progress_d.place.covered = place.covered + 33'(after_size);
      progress_d.at = progress_q.at + after_size;
      state_d = Lookup;
    end
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
    if (state_q == Idle) slot_q <= load_slot_i;
    progress_q <= progress_d;
    record_q <= record_d;
    code_q <= code_d;
    culprit_q <= culprit_d;
    noted_q <= noted_d;
    ahead_q <= ahead_d;
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
      out_o.address = culprit_q;
      out_o.code = code_q;
    end else begin
      out_o.kind = vctoe_walker_pkg::OutDone;
    end
  end

endmodule
