// The virtual-context walker: interface, block diagram and cycle contract in rtl/README.md.
module vctoe_walker #(
    parameter int unsigned Engines = 4,
    parameter int unsigned Walks = 20,  // engines and walks that wait for the host
    parameter int unsigned Queue = 16,
    parameter int unsigned Tags = 32,
    parameter int unsigned Pages = 16,
    parameter int unsigned Sets = 16,   // of the record cache, 4 records each
    parameter int unsigned Cursors = 64,
    parameter int unsigned Anchors = 8,
    parameter int unsigned Connections = 1024
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [3:0]  cfg_engines_i,
    input logic [8:0]  cfg_walks_i,
    input logic [10:0] cfg_queue_i,
    input logic [8:0]  cfg_tags_i,
    input logic [8:0]  cfg_pages_i,
    input logic [15:0] cfg_set_mask_i,
    input logic [6:0]  cfg_prefetch_i,
    input logic [4:0]  cfg_anchors_i,
    input logic [16:0] cfg_anchor_stride_i,
    input logic [30:0] cfg_max_records_i,
    input logic [30:0] cfg_granularity_i,
    input logic        cfg_split_i,
    input logic        cfg_ordered_i,

    input  logic        walk_valid_i,
    output logic        walk_ready_o,
    input  logic [31:0] walk_txn_i,
    input  logic [15:0] walk_connection_i,
    input  logic [15:0] walk_asid_i,
    input  logic [63:0] walk_head_i,
    input  logic [31:0] walk_first_sequence_i,
    input  logic [31:0] walk_sequence_i,
    input  logic [30:0] walk_length_i,
    input  logic [31:0] walk_block_size_i,
    input  logic [31:0] walk_end_sequence_i,
    input  logic        walk_retransmit_i,

    input  logic        fill_valid_i,
    output logic        fill_ready_o,
    input  logic        fill_failed_i,
    input  logic [15:0] fill_asid_i,
    input  logic [51:0] fill_page_i,
    input  logic [51:0] fill_frame_i,

    input  logic        inv_valid_i,
    output logic        inv_ready_o,
    input  logic [15:0] inv_asid_i,
    input  logic [51:0] inv_page_i,

    input  logic        cancel_valid_i,
    output logic        cancel_ready_o,
    input  logic [15:0] cancel_connection_i,

    output logic        fetch_valid_o,
    input  logic        fetch_ready_i,
    output logic [7:0]  fetch_tag_o,
    output logic [63:0] fetch_address_o,
    output logic [31:0] fetch_txn_o,
    output logic [15:0] fetch_connection_o,
    output logic [15:0] fetch_asid_o,
    output logic        fetch_prefetch_o,

    input  logic         rsp_valid_i,
    output logic         rsp_ready_o,
    input  logic [7:0]   rsp_tag_i,
    input  logic         rsp_error_i,
    input  logic [255:0] rsp_data_i,

    output logic        out_valid_o,
    input  logic        out_ready_i,
    output logic [2:0]  out_kind_o,
    output logic [31:0] out_txn_o,
    output logic [15:0] out_connection_o,
    output logic [15:0] out_asid_o,
    output logic [63:0] out_address_o,
    output logic [30:0] out_length_o,
    output logic [31:0] out_sequence_o,
    output logic        out_retransmit_o,
    output logic        out_last_o,
    output logic [3:0]  out_code_o,

    output logic [10:0] busy_o,
    output logic [10:0] queue_o,
    output logic        quiet_o,
    input  logic [3:0]  perf_index_i,
    output logic [31:0] perf_value_o
);

  // The blocks check what is theirs; here is what would stop an elaboration before it comes to that.
  if (Engines < 1 || Engines > 8) $error("vctoe_walker: Engines must be 1 .. 8");
  if (Walks < Engines || Walks > 256) $error("vctoe_walker: Walks must be Engines .. 256");
  if (Queue < 1 || Queue > 1024) $error("vctoe_walker: Queue must be 1 .. 1024");
  if (Tags < 1 || Tags > 256) $error("vctoe_walker: Tags must be 1 .. 256");
  if (Pages < 1 || Pages > 256) $error("vctoe_walker: Pages must be 1 .. 256");
  if (Sets < 1 || Sets > 16384 || (Sets & (Sets - 1)) != 0) begin : gen_bad_sets
    $error("vctoe_walker: Sets must be a power of two, 1 .. 16384");
  end
  if (Cursors < 1 || Cursors > 65536 || (Cursors & (Cursors - 1)) != 0) begin : gen_bad_cursors
    $error("vctoe_walker: Cursors must be a power of two, 1 .. 65536");
  end
  if (Anchors > 16) $error("vctoe_walker: Anchors must be 0 .. 16");
  if (Connections < 1 || Connections > 65536) begin : gen_bad_connections
    $error("vctoe_walker: Connections must be 1 .. 65536");
  end

  localparam int unsigned SlotW = Walks > 1 ? $clog2(Walks) : 1;
  localparam int unsigned OutDepth = 4;

  localparam int unsigned ProgressW = vctoe_walker_pkg::ProgressW;
  localparam int unsigned KeyW = vctoe_walker_pkg::KeyW;
  localparam int unsigned AheadW = vctoe_walker_pkg::AheadW;
  localparam int unsigned OutW = vctoe_walker_pkg::OutW;

  // ---- inputs, from registers: none reaches far within a cycle ----

  // What the neighbours keep to leaves bits at 0 that are none of this walker's size then. They are cut
  // off here, so that no register holds them.
  localparam logic [3:0] EnginesMask = 4'((1 << $clog2(Engines + 1)) - 1);
  localparam logic [8:0] WalksMask = 9'((1 << $clog2(Walks + 1)) - 1);
  localparam logic [10:0] QueueMask = 11'((1 << $clog2(Queue + 1)) - 1);
  localparam logic [8:0] TagsMask = 9'((1 << $clog2(Tags + 1)) - 1);
  localparam logic [8:0] PagesMask = 9'((1 << $clog2(Pages + 1)) - 1);
  localparam logic [15:0] SetsMask = 16'(Sets - 1);
  localparam logic [4:0] AnchorsMask = 5'((1 << $clog2(Anchors + 1)) - 1);
  localparam logic [15:0] ConnectionMask = 16'((1 << $clog2(Connections)) - 1);
  localparam logic [7:0] TagMask = 8'((1 << $clog2(Tags)) - 1);

  logic [3:0]  cfg_engines;
  logic [8:0]  cfg_walks, cfg_tags, cfg_pages;
  logic [10:0] cfg_queue;
  logic [15:0] cfg_set_mask;
  logic [6:0]  cfg_prefetch;
  logic [4:0]  cfg_anchors;
  logic [16:0] cfg_anchor_stride;
  logic [30:0] cfg_max_records, cfg_granularity;
  logic        cfg_split, cfg_ordered;

  logic [15:0] cancel_connection, inv_asid;
  logic [51:0] inv_page;

  always_ff @(posedge clk_i) begin
    cancel_connection <= cancel_connection_i & ConnectionMask;
    inv_asid <= inv_asid_i;
    inv_page <= inv_page_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cfg_engines <= 4'd1;
      cfg_walks <= 9'd1;
      cfg_queue <= 11'd0;  // takes nothing yet
      cfg_tags <= 9'd1;
      cfg_pages <= 9'd1;
      cfg_set_mask <= '0;
      cfg_prefetch <= '0;
      cfg_anchors <= '0;
      cfg_anchor_stride <= 17'd1;
      cfg_max_records <= 31'd1;
      cfg_granularity <= 31'd1;
      cfg_split <= 1'b0;
      cfg_ordered <= 1'b0;
    end else begin
      cfg_engines <= cfg_engines_i & EnginesMask;
      cfg_walks <= cfg_walks_i & WalksMask;
      cfg_queue <= cfg_queue_i & QueueMask;
      cfg_tags <= cfg_tags_i & TagsMask;
      cfg_pages <= cfg_pages_i & PagesMask;
      cfg_set_mask <= cfg_set_mask_i & SetsMask;
      cfg_prefetch <= cfg_prefetch_i;
      cfg_anchors <= cfg_anchors_i & AnchorsMask;
      cfg_anchor_stride <= cfg_anchor_stride_i;
      cfg_max_records <= cfg_max_records_i;
      cfg_granularity <= cfg_granularity_i;
      cfg_split <= cfg_split_i;
      cfg_ordered <= cfg_ordered_i;
    end
  end

  localparam int unsigned RspW = 8 + 1 + 256;
  localparam int unsigned FillW = 1 + 16 + 52 + 52;

  logic              rsp_valid, rsp_ready, rsp_error, fill_valid, fill_ready, fill_failed;
  logic              fill_slot;
  logic [7:0]        rsp_tag;
  logic [255:0]      rsp_data;
  logic [15:0]       fill_asid;
  logic [51:0]       fill_page, fill_frame;
  logic [1:0]        rsp_level, fill_level;

  vctoe_walker_fifo #(
      .Width(RspW),
      .Depth(2)
  ) u_rsp (
      .clk_i,
      .rst_ni,
      .push_valid_i(rsp_valid_i),
      .push_ready_o(rsp_ready_o),
      .push_data_i({rsp_tag_i & TagMask, rsp_error_i, rsp_data_i}),
      .pop_valid_o(rsp_valid),
      .pop_ready_i(rsp_ready),
      .pop_data_o({rsp_tag, rsp_error, rsp_data}),
      .level_o(rsp_level)
  );

  // An answer that comes with an invalidation follows it.
  assign fill_ready_o = fill_slot && !inv_valid_i;

  vctoe_walker_fifo #(
      .Width(FillW),
      .Depth(2)
  ) u_fill (
      .clk_i,
      .rst_ni,
      .push_valid_i(fill_valid_i && !inv_valid_i),
      .push_ready_o(fill_slot),
      .push_data_i({fill_failed_i, fill_asid_i, fill_page_i, fill_frame_i}),
      .pop_valid_o(fill_valid),
      .pop_ready_i(fill_ready),
      .pop_data_o({fill_failed, fill_asid, fill_page, fill_frame}),
      .level_o(fill_level)
  );

  // ---- cancel, invalidation ----

  logic kill, inv, inv_busy, control_idle;
  logic forget_valid, forget_ready;
  logic flush_busy, drained;
  logic [2:0] out_level;
  logic       out_pop;

  vctoe_walker_control u_control (
      .clk_i,
      .rst_ni,
      .cancel_valid_i,
      .cancel_ready_o,
      .inv_valid_i,
      .inv_ready_o,
      .filling_i(fill_level != '0),
      .kill_o(kill),
      .inv_o(inv),
      .inv_busy_o(inv_busy),
      .forget_valid_o(forget_valid),
      .forget_ready_i(forget_ready),
      .flush_busy_i(flush_busy),
      .drained_i(drained),
      .out_level_i(out_level),
      .out_pop_i(out_pop),
      .idle_o(control_idle)
  );

  // ---- request queue, walks in progress ----

  vctoe_walker_pkg::walk_t push_walk, start_walk;
  logic                    queue_ready, start_want, start_valid, queue_killed, queue_idle;
  logic                    over;
  logic [15:0]             over_connection;
  logic [SlotW-1:0]        over_slot;

  assign push_walk.txn = walk_txn_i;
  assign push_walk.connection = walk_connection_i & ConnectionMask;
  assign push_walk.asid = walk_asid_i;
  assign push_walk.head = walk_head_i;
  assign push_walk.first_sequence = walk_first_sequence_i;
  assign push_walk.sequence_number = walk_sequence_i;
  assign push_walk.length = walk_length_i;
  assign push_walk.block_size = walk_block_size_i;
  assign push_walk.end_sequence = walk_end_sequence_i;
  assign push_walk.retransmit = walk_retransmit_i;

  // What comes with a cancel follows it.
  assign walk_ready_o = queue_ready && !cancel_valid_i;

  vctoe_walker_queue #(
      .Queue(Queue),
      .Connections(Connections)
  ) u_queue (
      .clk_i,
      .rst_ni,
      .cfg_queue_i(cfg_queue),
      .push_valid_i(walk_valid_i && !cancel_valid_i),
      .push_ready_o(queue_ready),
      .push_walk_i(push_walk),
      .start_want_i(start_want),
      .start_valid_o(start_valid),
      .start_walk_o(start_walk),
      .over_valid_i(over),
      .over_connection_i(over_connection),
      .kill_valid_i(kill),
      .kill_connection_i(cancel_connection),
      .killed_o(queue_killed),
      .level_o(queue_o),
      .idle_o(queue_idle)
  );

  logic                         slot_valid, any_walk, park_valid, park_again;
  logic [SlotW-1:0]             slot, park_slot, resume_slot;
  logic [8:0]                   live;
  vctoe_walker_pkg::progress_t  park_progress, resume_progress;
  logic                         resume_valid, resume_ready, park_killed;
  logic [2:0]                   resume_kind;
  vctoe_walker_pkg::record_t    resume_record;
  logic                         wake_valid, again;
  logic [SlotW-1:0]             wake_slot;
  logic [2:0]                   wake_kind;
  vctoe_walker_pkg::record_t    wake_record;

  vctoe_walker_park #(
      .Walks(Walks)
  ) u_park (
      .clk_i,
      .rst_ni,
      .cfg_walks_i(cfg_walks),
      .free_valid_o(slot_valid),
      .free_slot_o(slot),
      .take_valid_i(start_valid),
      .take_connection_i(start_walk.connection),
      .over_valid_i(over),
      .over_slot_i(over_slot),
      .any_o(any_walk),
      .live_o(live),
      .park_valid_i(park_valid),
      .park_slot_i(park_slot),
      .park_again_i(park_again),
      .park_progress_i(park_progress),
      .wake_valid_i(wake_valid),
      .wake_slot_i(wake_slot),
      .wake_kind_i(wake_kind),
      .wake_record_i(wake_record),
      .again_i(again),
      .resume_valid_o(resume_valid),
      .resume_ready_i(resume_ready),
      .resume_slot_o(resume_slot),
      .resume_kind_o(resume_kind),
      .resume_progress_o(resume_progress),
      .resume_record_o(resume_record),
      .kill_valid_i(kill),
      .kill_connection_i(cancel_connection),
      .killed_o(park_killed)
  );

  assign busy_o = queue_o + 11'(live);

  // A free engine takes a walk that can go on, else a new one.
  logic [Engines-1:0]           engine_idle, engine_load;
  logic                         engine_free;
  vctoe_walker_pkg::progress_t  load_progress;

  always_comb begin
    engine_free = 1'b0;
    engine_load = '0;
    for (int e = Engines - 1; e >= 0; e--) begin
      if (engine_idle[e] && 4'(e) < cfg_engines) begin
        engine_free = 1'b1;
        engine_load = '0;
        engine_load[e] = 1'b1;
      end
    end
  end

  assign resume_ready = engine_free;
  assign start_want = engine_free && !resume_valid && slot_valid && !(cfg_ordered && any_walk);

  always_comb begin
    load_progress = '0;
    if (resume_valid) load_progress = resume_progress;
    else if (start_valid) load_progress.walk = start_walk;
  end

  // ---- engines ----

  logic [Engines-1:0]            engine_quiet, over_of;
  logic [Engines*SlotW-1:0]      engine_slot;
  logic [Engines*ProgressW-1:0]  engine_progress  /* verilator public_flat_rd */;
  logic [Engines:0]              cursor_request, cursor_grant;  // the last: control
  logic [Engines*2-1:0]          engine_cursor_kind;
  logic [Engines:0]              lookup_request, lookup_grant;  // the last: what is read ahead
  logic [Engines*KeyW-1:0]       engine_key;
  logic [Engines-1:0]            read_request, read_grant;
  logic [Engines-1:0]            engine_park, engine_again;
  logic [Engines-1:0]            ahead_request, ahead_grant;
  logic [Engines*AheadW-1:0]     engine_ahead;
  logic [Engines:0]              out_request, out_grant;  // the last: pages
  logic [Engines*OutW-1:0]       engine_out;
  logic [Engines*4-1:0]          engine_state  /* verilator public_flat_rd */;  // for waves

  logic                          cursor_ready, cursor_idle, cursor_result_valid;
  vctoe_walker_pkg::place_t      cursor_result;
  logic [Engines-1:0]            cursor_owner_q;
  logic                          lookup_ready, result_hit;
  vctoe_walker_pkg::record_t     result_record;
  logic                          want_ready, more_valid;
  logic [1:0]                    want_answer;
  logic                          out_ready;

  for (genvar e = 0; e < Engines; e++) begin : gen_engine
    vctoe_walker_engine #(
        .SlotW(SlotW)
    ) u_engine (
        .clk_i,
        .rst_ni,
        .cfg_max_records_i(cfg_max_records),
        .cfg_granularity_i(cfg_granularity),
        .cfg_split_i(cfg_split),
        .cfg_prefetch_i(cfg_prefetch),
        .load_valid_i(engine_load[e] && (resume_valid || start_valid)),
        .load_slot_i(resume_valid ? resume_slot : slot),
        .load_kind_i(resume_valid ? resume_kind : vctoe_walker_pkg::WakeNone),
        .load_progress_i(load_progress),
        .load_record_i(resume_record),
        .idle_o(engine_idle[e]),
        .quiet_o(engine_quiet[e]),
        .state_o(engine_state[e*4+:4]),
        .slot_o(engine_slot[e*SlotW+:SlotW]),
        .progress_o(engine_progress[e*ProgressW+:ProgressW]),
        .cursor_valid_o(cursor_request[e]),
        .cursor_kind_o(engine_cursor_kind[e*2+:2]),
        .cursor_ready_i(cursor_grant[e] && cursor_ready),
        .cursor_result_valid_i(cursor_result_valid && cursor_owner_q[e]),
        .cursor_result_i(cursor_result),
        .lookup_valid_o(lookup_request[e]),
        .key_o(engine_key[e*KeyW+:KeyW]),
        .lookup_ready_i(lookup_grant[e] && lookup_ready),
        .result_hit_i(result_hit),
        .result_record_i(result_record),
        .read_valid_o(read_request[e]),
        .read_ready_i(read_grant[e] && want_ready),
        .read_answer_i(want_answer),
        .park_valid_o(engine_park[e]),
        .park_again_o(engine_again[e]),
        .wake_valid_i(wake_valid && wake_slot == engine_slot[e*SlotW+:SlotW]),
        .wake_kind_i(wake_kind),
        .wake_record_i(wake_record),
        .ahead_valid_o(ahead_request[e]),
        .ahead_o(engine_ahead[e*AheadW+:AheadW]),
        .ahead_ready_i(ahead_grant[e] && !more_valid),
        .out_valid_o(out_request[e]),
        .out_o(engine_out[e*OutW+:OutW]),
        .out_ready_i(out_grant[e] && out_ready),
        .over_o(over_of[e]),
`ifdef VCTOE_BUG_FAULT_ENDS_NEIGHBOUR
        .kill_valid_i(kill || fault_q[(e + 1) % Engines]),
        .kill_connection_i(kill ? cancel_connection : progress_of.walk.connection)
`else
        .kill_valid_i(kill),
        .kill_connection_i(cancel_connection)
`endif
    );
`ifdef VCTOE_BUG_FAULT_ENDS_NEIGHBOUR
    vctoe_walker_pkg::progress_t progress_of;
    assign progress_of = engine_progress[e*ProgressW+:ProgressW];
`endif
  end

`ifdef VCTOE_BUG_FAULT_ENDS_NEIGHBOUR
  logic [Engines-1:0] fault_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fault_q <= '0;
    else fault_q <= Engines > 1 && chosen_out.kind == vctoe_walker_pkg::OutFault ? over_of : '0;
  end
`endif

  // ---- places to start from ----

  logic                      cursor_valid;
  logic [1:0]                cursor_kind;
  vctoe_walker_pkg::walk_t   cursor_walk;
  vctoe_walker_pkg::place_t  cursor_place;
  vctoe_walker_pkg::progress_t cursor_progress;
  logic                      cursor_abort;

  assign cursor_request[Engines] = forget_valid;
  assign forget_ready = cursor_grant[Engines] && cursor_ready;
  assign cursor_valid = cursor_request != '0;

  vctoe_walker_arbiter #(
      .Requests(Engines + 1)
  ) u_cursor_arbiter (
      .clk_i,
      .rst_ni,
      .request_i(cursor_request),
      .accept_i(cursor_ready),
      .grant_o(cursor_grant)
  );

  always_comb begin
    cursor_kind = 2'd2;
    cursor_progress = '0;
    cursor_progress.walk.connection = cancel_connection;
    if (cursor_valid) begin
      for (int e = 0; e < Engines; e++) begin
        if (cursor_grant[e]) begin
          cursor_kind = engine_cursor_kind[e*2+:2];
          cursor_progress = engine_progress[e*ProgressW+:ProgressW];
        end
      end
    end
  end
  assign cursor_walk = cursor_progress.walk;
  assign cursor_place = cursor_progress.place;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) cursor_owner_q <= '0;
    else if (cursor_valid && cursor_ready) cursor_owner_q <= cursor_grant[Engines-1:0];
  end

  // The walk that a lookup is for was cancelled.
  vctoe_walker_pkg::progress_t cursor_abort_progress;
  always_comb begin
    cursor_abort = 1'b0;
    cursor_abort_progress = '0;
    if (kill) begin
      for (int e = 0; e < Engines; e++) begin
        if (cursor_owner_q[e]) cursor_abort_progress = engine_progress[e*ProgressW+:ProgressW];
      end
      cursor_abort = cursor_abort_progress.walk.connection == cancel_connection;
    end
  end

  vctoe_walker_cursors #(
      .Sets(Cursors),
      .Anchors(Anchors)
  ) u_cursors (
      .clk_i,
      .rst_ni,
      .cfg_anchors_i(cfg_anchors),
      .cfg_anchor_stride_i(cfg_anchor_stride),
      .op_valid_i(cursor_valid),
      .op_ready_o(cursor_ready),
      .op_kind_i(cursor_kind),
      .op_walk_i(cursor_walk),
      .op_place_i(cursor_place),
      .result_valid_o(cursor_result_valid),
      .result_place_o(cursor_result),
      .abort_i(cursor_abort),
      .idle_o(cursor_idle)
  );

  // ---- record cache ----

  vctoe_walker_pkg::key_t     lookup_key, ahead_key, insert_key;
  vctoe_walker_pkg::record_t  insert_record;
  logic                       insert_valid, insert_evict;

  vctoe_walker_arbiter #(
      .Requests(Engines + 1)
  ) u_lookup_arbiter (
      .clk_i,
      .rst_ni,
      .request_i(lookup_request),
      .accept_i(lookup_ready),
      .grant_o(lookup_grant)
  );

  always_comb begin
    lookup_key = ahead_key;
    if (lookup_request != '0) begin
      for (int e = 0; e < Engines; e++) begin
        if (lookup_grant[e]) lookup_key = engine_key[e*KeyW+:KeyW];
      end
    end
  end

  vctoe_walker_cache #(
      .Sets(Sets)
  ) u_cache (
      .clk_i,
      .rst_ni,
      .cfg_set_mask_i(cfg_set_mask),
      .lookup_valid_i(lookup_request != '0),
      .lookup_ready_o(lookup_ready),
      .lookup_key_i(lookup_key),
      .lookup_peek_i(lookup_grant[Engines]),
      .result_hit_o(result_hit),
      .result_record_o(result_record),
      .insert_valid_i(insert_valid),
      .insert_key_i(insert_key),
      .insert_record_i(insert_record),
      .insert_evict_o(insert_evict),
      .flush_connection_valid_i(kill),
      .flush_connection_i(cancel_connection),
      .flush_page_valid_i(inv),
      .flush_asid_i(inv_asid),
      .flush_page_i(inv_page),
      .flush_busy_o(flush_busy)
  );

  // ---- reads of records ----

  vctoe_walker_pkg::key_t       want_key;
  vctoe_walker_pkg::progress_t  want_progress;
  vctoe_walker_pkg::want_t      want;
  logic [SlotW-1:0]             want_slot;

  vctoe_walker_arbiter #(
      .Requests(Engines)
  ) u_read_arbiter (
      .clk_i,
      .rst_ni,
      .request_i(read_request),
      .accept_i(want_ready),
      .grant_o(read_grant)
  );

  always_comb begin
    want_key = '0;
    want_progress = '0;
    want_slot = '0;
    if (read_request != '0) begin
      for (int e = 0; e < Engines; e++) begin
        if (read_grant[e]) begin
          want_key = engine_key[e*KeyW+:KeyW];
          want_progress = engine_progress[e*ProgressW+:ProgressW];
          want_slot = engine_slot[e*SlotW+:SlotW];
        end
      end
    end
    want.key = want_key;
    want.txn = want_progress.walk.txn;
    want.block_size = want_progress.walk.block_size;
    want.end_sequence = want_progress.walk.end_sequence;
  end

  assign park_valid = engine_park != '0;
  assign park_again = (engine_park & engine_again) != '0;
  assign park_slot = want_slot;
  assign park_progress = want_progress;

  vctoe_walker_pkg::ahead_t  pushed_ahead, granted_ahead, more_ahead, read_ahead;
  logic                      read_ahead_valid, read_ahead_ready, ahead_idle;

  vctoe_walker_arbiter #(
      .Requests(Engines)
  ) u_ahead_arbiter (
      .clk_i,
      .rst_ni,
      .request_i(ahead_request),
      .accept_i(!more_valid),
      .grant_o(ahead_grant)
  );

  always_comb begin
    granted_ahead = '0;
    if (ahead_request != '0) begin
      for (int e = 0; e < Engines; e++) begin
        if (ahead_grant[e]) granted_ahead = engine_ahead[e*AheadW+:AheadW];
      end
    end
  end
  assign pushed_ahead = more_valid ? more_ahead : granted_ahead;

  vctoe_walker_ahead u_ahead (
      .clk_i,
      .rst_ni,
      .push_valid_i(more_valid || ahead_request != '0),
      .push_i(pushed_ahead),
      .lookup_valid_o(lookup_request[Engines]),
      .lookup_ready_i(lookup_grant[Engines] && lookup_ready),
      .lookup_key_o(ahead_key),
      .result_hit_i(result_hit),
      .result_record_i(result_record),
      .read_valid_o(read_ahead_valid),
      .read_ready_i(read_ahead_ready),
      .read_o(read_ahead),
      .kill_valid_i(kill),
      .kill_connection_i(cancel_connection),
      .idle_o(ahead_idle)
  );

  vctoe_walker_pkg::fetch_t  fetch;
  logic                      reader_quiet, translation_hit, translation_evict;
  logic                      need_valid, need_ready, drop_valid, drop_ready;
  logic [15:0]               need_connection, need_asid, drop_asid;
  logic [51:0]               need_page, drop_page;

  vctoe_walker_reader #(
      .Tags(Tags),
      .Pages(Pages),
      .Connections(Connections),
      .SlotW(SlotW)
  ) u_reader (
      .clk_i,
      .rst_ni,
      .cfg_tags_i(cfg_tags),
      .cfg_pages_i(cfg_pages),
      .cfg_walks_i(cfg_walks),
      .want_valid_i(read_request != '0),
      .want_ready_o(want_ready),
      .want_i(want),
      .want_slot_i(want_slot),
      .want_answer_o(want_answer),
      .ahead_valid_i(read_ahead_valid),
      .ahead_ready_o(read_ahead_ready),
      .ahead_i(read_ahead),
      .more_valid_o(more_valid),
      .more_o(more_ahead),
      .wake_valid_o(wake_valid),
      .wake_slot_o(wake_slot),
      .wake_kind_o(wake_kind),
      .wake_record_o(wake_record),
      .again_o(again),
      .insert_valid_o(insert_valid),
      .insert_key_o(insert_key),
      .insert_record_o(insert_record),
      .hold_fill_i(inv_busy),
      .fill_valid_i(fill_valid),
      .fill_ready_o(fill_ready),
      .fill_failed_i(fill_failed),
      .fill_asid_i(fill_asid),
      .fill_page_i(fill_page),
      .fill_frame_i(fill_frame),
      .inv_valid_i(inv),
      .inv_asid_i(inv_asid),
      .inv_page_i(inv_page),
      .kill_valid_i(kill),
      .kill_connection_i(cancel_connection),
      .drained_o(drained),
      .fetch_valid_o,
      .fetch_ready_i,
      .fetch_o(fetch),
      .rsp_valid_i(rsp_valid),
      .rsp_ready_o(rsp_ready),
      .rsp_tag_i(rsp_tag),
      .rsp_error_i(rsp_error),
      .rsp_data_i(rsp_data),
      .need_valid_o(need_valid),
      .need_ready_i(need_ready),
      .need_connection_o(need_connection),
      .need_asid_o(need_asid),
      .need_page_o(need_page),
      .drop_valid_o(drop_valid),
      .drop_ready_i(drop_ready),
      .drop_asid_o(drop_asid),
      .drop_page_o(drop_page),
      .quiet_o(reader_quiet),
      .hit_o(translation_hit),
      .evict_o(translation_evict)
  );

  assign fetch_tag_o = fetch.tag;
  assign fetch_address_o = fetch.address;
  assign fetch_txn_o = fetch.txn;
  assign fetch_connection_o = fetch.connection;
  assign fetch_asid_o = fetch.asid;
  assign fetch_prefetch_o = fetch.prefetch;

  // ---- outputs ----

  vctoe_walker_pkg::out_t  page_out, chosen_out, out;
  logic [SlotW-1:0]        chosen_slot;

  always_comb begin
    page_out = '0;
    if (drop_valid) begin
      page_out.kind = vctoe_walker_pkg::OutRelease;
      page_out.asid = drop_asid;
      page_out.address = {drop_page, 12'b0};
    end else begin
      page_out.kind = vctoe_walker_pkg::OutNode;
      page_out.connection = need_connection;
      page_out.asid = need_asid;
      page_out.address = {need_page, 12'b0};
    end
  end

  assign out_request[Engines] = drop_valid || need_valid;
  assign drop_ready = out_grant[Engines] && out_ready;
  assign need_ready = out_grant[Engines] && out_ready && !drop_valid;

  vctoe_walker_arbiter #(
      .Requests(Engines + 1)
  ) u_out_arbiter (
      .clk_i,
      .rst_ni,
      .request_i(out_request),
      .accept_i(out_ready),
      .grant_o(out_grant)
  );

  always_comb begin
    chosen_out = page_out;
    chosen_slot = '0;
    if (out_request != '0) begin
      for (int e = 0; e < Engines; e++) begin
        if (out_grant[e]) begin
          chosen_out = engine_out[e*OutW+:OutW];
          chosen_slot = engine_slot[e*SlotW+:SlotW];
        end
      end
    end
  end

  assign over = over_of != '0;
  assign over_connection = chosen_out.connection;
  assign over_slot = chosen_slot;

  vctoe_walker_fifo #(
      .Width(OutW),
      .Depth(OutDepth)
  ) u_out (
      .clk_i,
      .rst_ni,
      .push_valid_i(out_request != '0),
      .push_ready_o(out_ready),
      .push_data_i(chosen_out),
      .pop_valid_o(out_valid_o),
      .pop_ready_i(out_ready_i),
      .pop_data_o(out),
      .level_o(out_level)
  );

  assign out_pop = out_valid_o && out_ready_i;
  assign out_kind_o = out.kind;
  assign out_txn_o = out.txn;
  assign out_connection_o = out.connection;
  assign out_asid_o = out.asid;
  assign out_address_o = out.address;
  assign out_length_o = out.length;
  assign out_sequence_o = out.sequence_number;
  assign out_retransmit_o = out.retransmit;
  assign out_last_o = out.last;
  assign out_code_o = out.code;

  // ---- status ----

  logic [12:0] events;
  logic        taken, counters_idle;
  logic        looked_q;  // a walk looked into the record cache

  assign quiet_o = control_idle && queue_idle && !start_valid && !(resume_valid && engine_free) &&
                   engine_quiet == '1 && cursor_idle && !flush_busy && ahead_idle &&
                   reader_quiet && out_level == '0 && rsp_level == '0 && fill_level == '0 &&
                   counters_idle;

  assign taken = out_request != '0 && out_ready;
  assign events[0] = walk_valid_i && walk_ready_o;
  assign events[1] = taken && chosen_out.kind == vctoe_walker_pkg::OutBlock;
  assign events[2] = queue_killed;
  assign events[3] = fetch_valid_o && fetch_ready_i;
  assign events[4] = fetch_valid_o && fetch_ready_i && fetch.prefetch;
  assign events[5] = rsp_valid && rsp_ready && rsp_error;
  assign events[6] = looked_q && result_hit;
  assign events[7] = looked_q && !result_hit;
  assign events[8] = insert_valid && insert_evict;
  assign events[9] = translation_hit;
  assign events[10] = translation_evict;
  assign events[11] = taken && chosen_out.kind == vctoe_walker_pkg::OutNode;
  assign events[12] = taken && chosen_out.kind == vctoe_walker_pkg::OutFault;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) looked_q <= 1'b0;
    else looked_q <= lookup_ready && lookup_grant[Engines-1:0] != '0;
  end

  vctoe_walker_counters u_counters (
      .clk_i,
      .rst_ni,
      .event_i(events),
      .second_kill_i(park_killed),
      .index_i(perf_index_i),
      .value_o(perf_value_o),
      .idle_o(counters_idle)
  );

  logic unused;
  assign unused = ^{engine_state, cursor_progress.at, cursor_progress.previous,
                    cursor_abort_progress};

`ifdef VCTOE_TOP_WALKER
`include "walker.svh"
`endif

`ifdef VCTOE_CHECK
  vctoe_walker_check #(.Engines(Engines), .SlotW(SlotW)) u_check (.*);
`endif

endmodule
