// What passes between the blocks of the walker is what the one with the grant says.
(* keep_hierarchy *)
module vctoe_walker_check #(
    parameter int unsigned Engines = 2,
    parameter int unsigned SlotW = 1
) (
    input logic        clk_i,
    input logic        rst_ni,
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
    input logic [3:0]  cfg_engines,
    input logic [8:0]  cfg_walks, cfg_tags, cfg_pages,
    input logic [10:0] cfg_queue,
    input logic [15:0] cfg_set_mask,
    input logic [6:0]  cfg_prefetch,
    input logic [4:0]  cfg_anchors,
    input logic [16:0] cfg_anchor_stride,
    input logic [30:0] cfg_max_records, cfg_granularity,
    input logic        cfg_split, cfg_ordered,

    input logic        walk_valid_i, walk_ready_o, cancel_valid_i, queue_ready,
    input logic        inv_valid_i, fill_ready_o, fill_slot,
    input logic [15:0] cancel_connection_i, cancel_connection, inv_asid_i, inv_asid,
    input logic [51:0] inv_page_i, inv_page,
    input logic        kill, inv,

    input logic [Engines-1:0] engine_idle, engine_load, engine_quiet,
    input logic engine_free, resume_valid, start_valid, start_want, slot_valid, any_walk,
    input vctoe_walker_pkg::walk_t start_walk,
    input vctoe_walker_pkg::progress_t load_progress, resume_progress,
    input logic [8:0] live,
    input logic [10:0] busy_o, queue_o,

    input logic [Engines*SlotW-1:0] engine_slot,
    input logic [Engines*vctoe_walker_pkg::ProgressW-1:0] engine_progress,
    input logic [Engines:0] cursor_request, cursor_grant, lookup_request, lookup_grant,
    input logic [Engines-1:0] read_grant, ahead_grant,
    input logic [Engines*2-1:0] engine_cursor_kind,
    input logic [Engines*vctoe_walker_pkg::KeyW-1:0] engine_key,
    input logic [Engines-1:0] engine_park, engine_again, over_of, cursor_owner_q,
    input logic [Engines*vctoe_walker_pkg::AheadW-1:0] engine_ahead,
    input logic [Engines:0] out_request, out_grant,
    input logic [Engines*vctoe_walker_pkg::OutW-1:0] engine_out,
    input logic cursor_valid, cursor_ready, cursor_abort, forget_valid, forget_ready,
    input logic [1:0] cursor_kind,
    input vctoe_walker_pkg::walk_t cursor_walk,
    input vctoe_walker_pkg::place_t cursor_place,
    input vctoe_walker_pkg::key_t lookup_key, ahead_key,
    input vctoe_walker_pkg::want_t want,
    input logic [SlotW-1:0] want_slot, park_slot, over_slot,
    input vctoe_walker_pkg::progress_t park_progress,
    input logic park_valid, park_again, more_valid, over,
    input logic [15:0] over_connection,
    input vctoe_walker_pkg::ahead_t pushed_ahead, more_ahead,
    input logic out_ready, drop_valid, need_valid, drop_ready, need_ready, lookup_ready,
    input logic [15:0] drop_asid, need_connection, need_asid,
    input logic [51:0] drop_page, need_page,
    input vctoe_walker_pkg::out_t chosen_out,

    input logic [12:0] events,
    input logic queue_killed, fetch_valid_o, fetch_ready_i, rsp_valid, rsp_ready, rsp_error,
    input logic result_hit, insert_valid, insert_evict, translation_hit, translation_evict,
    input vctoe_walker_pkg::fetch_t fetch,
    input logic quiet_o, control_idle, queue_idle, cursor_idle, flush_busy, ahead_idle,
    input logic reader_quiet, counters_idle,
    input logic [2:0] out_level,
    input logic [1:0] rsp_level, fill_level
);
  localparam int unsigned P = vctoe_walker_pkg::ProgressW;
  localparam int unsigned K = vctoe_walker_pkg::KeyW;
  localparam int unsigned A = vctoe_walker_pkg::AheadW;
  localparam int unsigned O = vctoe_walker_pkg::OutW;

  // ---- registers of the inputs ----

  localparam int unsigned CfgW = 4 + 3 * 9 + 11 + 16 + 7 + 5 + 17 + 31 + 31 + 2;
  logic [CfgW-1:0] cfg_q;
  logic [83:0] names_q;
  logic looked_q;

  always_ff @(posedge clk_i) names_q <= {cancel_connection_i, inv_asid_i, inv_page_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cfg_q <= {4'd1, 9'd1, 9'd1, 9'd1, 11'd0, 16'd0, 7'd0, 5'd0, 17'd1, 31'd1, 31'd1, 2'b00};
      looked_q <= 1'b0;
    end else begin
      cfg_q <= {cfg_engines_i, cfg_walks_i, cfg_tags_i, cfg_pages_i, cfg_queue_i, cfg_set_mask_i,
                cfg_prefetch_i, cfg_anchors_i, cfg_anchor_stride_i, cfg_max_records_i,
                cfg_granularity_i, cfg_split_i, cfg_ordered_i};
      looked_q <= lookup_ready && (|(lookup_request & ~(1 << Engines))) &&
                  !lookup_grant[Engines];
    end
  end

  // ---- who gets a walk ----

  logic [Engines-1:0] free, first;
  always_comb begin
    free = '0;
    for (int e = 0; e < Engines; e++) begin
      if (32'(e) < 32'(cfg_engines)) free[e] = engine_idle[e];
    end
    first = free & ~(free - Engines'(1));
  end

  // ---- the ones with the grant ----

  vctoe_walker_pkg::progress_t progress;
  vctoe_walker_pkg::out_t page;
  logic [15:0] owner;

  always_comb begin
    page = '0;
    page.kind = drop_valid ? vctoe_walker_pkg::OutRelease : vctoe_walker_pkg::OutNode;
    page.connection = drop_valid ? 16'd0 : need_connection;
    page.asid = drop_valid ? drop_asid : need_asid;
    page.address = {drop_valid ? drop_page : need_page, 12'd0};
    owner = '0;
    for (int e = 0; e < Engines; e++) begin
      if (cursor_owner_q[e]) owner = engine_progress[e*P+(P-48)+:16];
    end
  end


  logic [Engines-1:0] owner_q;  // of the cursors' operation
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) owner_q <= '0;
    else if ((|cursor_request) && cursor_ready) owner_q <= Engines'(cursor_grant);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert ({cfg_engines, cfg_walks, cfg_tags, cfg_pages, cfg_queue, cfg_set_mask, cfg_prefetch,
               cfg_anchors, cfg_anchor_stride, cfg_max_records, cfg_granularity, cfg_split,
               cfg_ordered} == cfg_q);
      assert ({cancel_connection, inv_asid, inv_page} == names_q);
      assert (walk_ready_o == (cancel_valid_i ? 1'b0 : queue_ready));
      assert (fill_ready_o == (inv_valid_i ? 1'b0 : fill_slot));
      assert (32'(busy_o) == 32'(queue_o) + 32'(live));

      assert (engine_free == (|free));
      assert (engine_load == first);
      assert (start_want == ((|free) && !resume_valid && slot_valid && (!cfg_ordered || !any_walk)));
      if (resume_valid) assert (load_progress == resume_progress);
      if (!resume_valid) begin
        assert (load_progress == (start_valid ? {start_walk, {(P - vctoe_walker_pkg::WalkW){1'b0}}} : '0));
      end

      assert (cursor_request[Engines] == forget_valid);
      assert (cursor_owner_q == owner_q);
      assert (cursor_valid == (|cursor_request));
      assert (forget_ready == (cursor_grant[Engines] && cursor_ready));
      if (cursor_grant[Engines]) begin
        assert (cursor_kind == 2'd2);
        assert (cursor_walk.connection == cancel_connection);
      end
      assert (cursor_abort == (kill && owner == cancel_connection &&
                               (cursor_owner_q != '0 || cancel_connection == '0)));
      // Nobody's turn: what is said is 0, or of the last of those that may ask.
      if (cursor_grant == '0) assert (cursor_kind == 2'd2 && cursor_place == '0);
      if (lookup_grant[Engines-1:0] == '0) assert (lookup_key == ahead_key);
      if (read_grant == '0) assert ({want, want_slot, park_progress} == '0);
      if (ahead_grant == '0 && !more_valid) assert (pushed_ahead == '0);
      if (out_grant[Engines-1:0] == '0) assert (chosen_out == page && over_slot == '0);
      assert (park_valid == (|engine_park));
      assert (over == (|over_of));
      for (int e = 0; e < Engines; e++) begin
        progress = engine_progress[e*P+:P];
        if (cursor_grant[e]) begin
          assert (cursor_kind == engine_cursor_kind[e*2+:2]);
          assert (cursor_walk == progress.walk);
          assert (cursor_place == progress.place);
        end
        if (lookup_grant[e]) assert (lookup_key == engine_key[e*K+:K]);
        if (read_grant[e]) begin
          assert (want == {engine_key[e*K+:K], progress.walk.txn, progress.walk.block_size,
                           progress.walk.end_sequence});
          assert (want_slot == engine_slot[e*SlotW+:SlotW]);
        end
        if (engine_park[e]) begin
          assert (park_progress == progress);
          assert (park_slot == engine_slot[e*SlotW+:SlotW]);
          assert (park_again == engine_again[e]);
        end
        if (ahead_grant[e] && !more_valid) assert (pushed_ahead == engine_ahead[e*A+:A]);
        if (out_grant[e]) assert (chosen_out == engine_out[e*O+:O]);
        if (over_of[e]) begin
          assert (over_slot == engine_slot[e*SlotW+:SlotW]);
          assert (over_connection == progress.walk.connection);
        end
      end
      if (more_valid) assert (pushed_ahead == more_ahead);
      assert (out_request[Engines] == (drop_valid | need_valid));
      if (out_grant[Engines]) assert (chosen_out == page);
      assert (drop_ready == (out_grant[Engines] & out_ready));
      assert (need_ready == (out_grant[Engines] & out_ready & ~drop_valid));

      assert (events[0] == (walk_valid_i & walk_ready_o));
      assert (events[2] == queue_killed);
      assert (events[3] == (fetch_valid_o & fetch_ready_i));
      assert (events[4] == (fetch_valid_o & fetch_ready_i & fetch.prefetch));
      assert (events[5] == (rsp_valid & rsp_ready & rsp_error));
      assert (events[6] == (looked_q ? result_hit : 1'b0));
      assert (events[7] == (looked_q ? !result_hit : 1'b0));
      assert (events[8] == (insert_valid ? insert_evict : 1'b0));
      assert (events[9] == translation_hit);
      assert (events[10] == translation_evict);
      if ((|out_request) && out_ready) begin
        assert (events[1] == (chosen_out.kind == vctoe_walker_pkg::OutBlock));
        assert (events[11] == (chosen_out.kind == vctoe_walker_pkg::OutNode));
        assert (events[12] == (chosen_out.kind == vctoe_walker_pkg::OutFault));
      end else begin
        assert ({events[1], events[11], events[12]} == 3'd0);
      end
      assert (quiet_o == !(!control_idle || !queue_idle || start_valid ||
                           (resume_valid && (|free)) || !(&engine_quiet) || !cursor_idle ||
                           flush_busy || !ahead_idle || !reader_quiet || (|out_level) ||
                           (|rsp_level) || (|fill_level) || !counters_idle));
    end
  end
endmodule
