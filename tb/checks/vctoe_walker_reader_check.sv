// The reader's tags: where each read is, which one is chosen, and what is said about it.
(* keep_hierarchy *)
module vctoe_walker_reader_check #(
    parameter int unsigned Tags = 2,
    parameter int unsigned SlotW = 1,
    parameter int unsigned PageW = 1
) (
    input logic                      clk_i,
    input logic                      rst_ni,
    input logic [8:0]                cfg_tags_i,
    input logic [8:0]                cfg_walks_i,
    input logic                      want_valid_i,
    input logic                      want_ready_o,
    input vctoe_walker_pkg::want_t   want_i,
    input logic [SlotW-1:0]          want_slot_i,
    input logic [1:0]                want_answer_o,
    input logic                      ahead_valid_i,
    input logic                      ahead_ready_o,
    input vctoe_walker_pkg::ahead_t  ahead_i,
    input logic                      more_valid_o,
    input vctoe_walker_pkg::ahead_t  more_o,
    input logic                      wake_valid_o,
    input logic [SlotW-1:0]          wake_slot_o,
    input logic [2:0]                wake_kind_o,
    input logic                      again_o,
    input logic                      insert_valid_o,
    input vctoe_walker_pkg::key_t    insert_key_o,
    input vctoe_walker_pkg::record_t insert_record_o,
    input logic                      hold_fill_i,
    input logic                      fill_valid_i,
    input logic                      fill_ready_o,
    input logic                      fill_failed_i,
    input logic                      inv_valid_i,
    input logic                      kill_valid_i,
    input logic [15:0]               kill_connection_i,
    input logic                      drained_o,
    input logic                      fetch_valid_o,
    input logic                      fetch_ready_i,
    input vctoe_walker_pkg::fetch_t  fetch_o,
    input logic                      rsp_valid_i,
    input logic                      rsp_ready_o,
    input logic [7:0]                rsp_tag_i,
    input logic                      rsp_error_i,
    input logic                      quiet_o,
    input logic                      hit_o,
    // Between it and the translation cache.
    input logic                      acquire,
    input logic                      acquire_hit,
    input logic                      acquire_wait,
    input logic [PageW-1:0]          acquire_entry,
    input logic                      fill_hit,
    input logic [PageW-1:0]          fill_entry,
    input logic [$clog2(Tags+1)-1:0] fill_holds,
    input logic                      inv_hit,
    input logic [PageW-1:0]          inv_entry,
    input logic [51:0]               issue_frame,
    input logic                      tlb_freed,
    input logic                      tlb_idle,
    input logic                      forgetting,
    // What is inside of the block.
    input logic [4*Tags-1:0]         all_states,  // used, waits for the host, for the port, failed
    input logic [Tags-1:0]           all_demand, all_dead, all_stale,
    input logic [Tags*vctoe_walker_pkg::WantW-1:0] all_wants,
    input logic [Tags*vctoe_walker_pkg::KeyW-1:0]  all_keys,
    input logic [Tags*SlotW-1:0]     all_slots,
    input logic [Tags*PageW-1:0]     all_entries,
    input logic [Tags*7-1:0]         all_ahead,
    input vctoe_walker_pkg::want_t   issue_want
);
  localparam int unsigned W = vctoe_walker_pkg::WantW;
  localparam logic [2:0] Free = 3'd0;
  localparam logic [2:0] Host = 3'd1;    // waits for the host
  localparam logic [2:0] Port = 3'd2;    // waits for the fetch port
  localparam logic [2:0] Memory = 3'd3;  // at the fetch port or being fetched
  localparam logic [2:0] Failed = 3'd4;  // the host cannot identify the page

  logic [Tags*3-1:0] at_q, at_d;
  logic [Tags-1:0] demand_q, demand_d, dead_q, dead_d, stale_q, stale_d;
  logic [Tags*PageW-1:0] entry_q, entry_d;
  logic [Tags*7-1:0] ahead_q, ahead_d;
  logic [Tags*SlotW-1:0] slot_q, slot_d;
  logic [Tags*W-1:0] want_q, want_d;
  logic [8:0] last_q;  // tag that was issued last
  logic fetch_q, again_q, leaving_dead_q;
  vctoe_walker_pkg::fetch_t beat_q;

  logic free, fills, completes, fails, reads, looks, any_failed;
  vctoe_walker_pkg::want_t want, of_tag;
  logic [Tags-1:0] same, unused, chosen, failed, port;
  logic [8:0] ahead_tags, holds, tag;
  logic room, issues, drained, any_port;
  logic [1:0] answer;
  logic rsp_dead, rsp_stale, rsp_demand;
  logic [6:0] rsp_ahead;
  logic [SlotW-1:0] rsp_slot, failed_slot;
  vctoe_walker_pkg::want_t rsp_want;

  always_comb begin
    any_failed = 1'b0;
    any_port = 1'b0;
    for (int t = 0; t < Tags; t++) begin
      if (at_q[t*3+:3] == Failed) any_failed = 1'b1;
      if (at_q[t*3+:3] == Port) any_port = 1'b1;
    end
    free = !(kill_valid_i || inv_valid_i || forgetting);
    fills = free && fill_valid_i && !hold_fill_i;
    completes = free && !fills && rsp_valid_i;
    fails = free && !fills && !rsp_valid_i && any_failed;
    looks = free && !fills && !rsp_valid_i && !any_failed;
    reads = looks && want_valid_i;
    want = want_valid_i ? want_i : ahead_i.want;

    same = '0;
    unused = '0;
    failed = '0;
    ahead_tags = '0;
    of_tag = '0;
    for (int t = Tags - 1; t >= 0; t--) begin
      of_tag = want_q[t*W+:W];
      if (at_q[t*3+:3] == Free) begin
        if (9'(t) < cfg_tags_i) unused = Tags'(1) << t;
      end else begin
        if (!demand_q[t]) ahead_tags = ahead_tags + 9'd1;
        if (of_tag.key == want.key && !dead_q[t] && !(demand_q[t] && want_valid_i)) begin
          same = Tags'(1) << t;
        end
      end
      if (at_q[t*3+:3] == Failed) failed = Tags'(1) << t;
    end
    if (!reads && !(looks && ahead_valid_i)) begin
      same = '0;
      unused = '0;
    end
    // A prefetch leaves as many tags as there may be walks.
    room = same == '0 && unused != '0 && (want_valid_i || ahead_tags + cfg_walks_i < cfg_tags_i);

    // Who goes to the fetch port.
    chosen = '0;
    tag = '0;
    for (int i = Tags; i > 0; i--) begin
      tag = last_q + 9'(i);
      if (tag >= 9'(Tags)) tag = tag - 9'(Tags);
      for (int t = 0; t < Tags; t++) begin
        if (tag == 9'(t) && at_q[t*3+:3] == Port) chosen = Tags'(1) << t;
      end
    end
    issues = any_port && (!fetch_q || fetch_ready_i);
    if (!issues) chosen = '0;
  end

  always_comb begin
    at_d = at_q;
    demand_d = demand_q;
    dead_d = dead_q;
    stale_d = stale_q;
    entry_d = entry_q;
    ahead_d = ahead_q;
    slot_d = slot_q;
    want_d = want_q;
    holds = '0;
    answer = vctoe_walker_pkg::AnswerAgain;
    rsp_want = '0;
    rsp_dead = 1'b0;
    rsp_stale = 1'b0;
    rsp_demand = 1'b0;
    rsp_ahead = '0;
    rsp_slot = '0;
    failed_slot = '0;
    port = '0;
    drained = !forgetting && !(fetch_q && leaving_dead_q);
    if (room && acquire_hit) answer = vctoe_walker_pkg::AnswerFetch;
    if (room && acquire_wait) answer = vctoe_walker_pkg::AnswerTranslate;
    for (int t = 0; t < Tags; t++) begin
      port[t] = at_q[t*3+:3] == Port;
      if (port[t] && dead_q[t]) drained = 1'b0;
      if (same[t]) begin
        answer = at_q[t*3+:3] == Host ? vctoe_walker_pkg::AnswerTranslate :
                                        vctoe_walker_pkg::AnswerFetch;
        if (reads) begin
          demand_d[t] = 1'b1;
          want_d[t*W+:W] = want_i;
          slot_d[t*SlotW+:SlotW] = want_slot_i;
        end else if (ahead_i.depth > 7'd1 && ahead_q[t*7+:7] < ahead_i.depth - 7'd1) begin
          ahead_d[t*7+:7] = ahead_i.depth - 7'd1;
        end
      end
      if (room && unused[t] && (acquire_hit || acquire_wait)) begin
        at_d[t*3+:3] = acquire_hit ? Port : Host;
        demand_d[t] = reads;
        dead_d[t] = 1'b0;
        stale_d[t] = 1'b0;
        entry_d[t*PageW+:PageW] = acquire_entry;
        want_d[t*W+:W] = want;
        slot_d[t*SlotW+:SlotW] = want_slot_i;
        ahead_d[t*7+:7] = reads ? 7'd0 : ahead_i.depth - 7'd1;
      end
      if (fills && fill_hit && at_q[t*3+:3] == Host && entry_q[t*PageW+:PageW] == fill_entry) begin
        if (!fill_failed_i) begin
          holds = holds + 9'd1;
          at_d[t*3+:3] = Port;
        end else begin
          at_d[t*3+:3] = demand_q[t] ? Failed : Free;
        end
      end
      if (inv_valid_i && inv_hit && entry_q[t*PageW+:PageW] == inv_entry &&
          (at_q[t*3+:3] == Port || at_q[t*3+:3] == Memory)) begin
        stale_d[t] = 1'b1;
      end
      if (chosen[t]) at_d[t*3+:3] = Memory;
      if (kill_valid_i && want_q[t*W+W-16+:16] == kill_connection_i) begin
        dead_d[t] = 1'b1;
        if (at_q[t*3+:3] == Host || at_q[t*3+:3] == Failed) at_d[t*3+:3] = Free;
      end
      if (completes && rsp_tag_i == 8'(t)) begin
        rsp_want = want_q[t*W+:W];
        rsp_dead = dead_q[t];
        rsp_stale = stale_q[t];
        rsp_demand = demand_q[t];
        rsp_ahead = ahead_q[t*7+:7];
        rsp_slot = slot_q[t*SlotW+:SlotW];
        at_d[t*3+:3] = Free;
      end
      if (failed[t]) failed_slot = slot_q[t*SlotW+:SlotW];
      if (fails && failed[t]) at_d[t*3+:3] = Free;
    end
  end

  // What goes to the port is as it was before this cycle's operation.
  vctoe_walker_pkg::want_t leaving;
  logic leaving_demand, leaving_dead;
  logic [7:0] leaving_tag;
  always_comb begin
    leaving = '0;
    leaving_tag = '0;
    leaving_demand = 1'b0;
    leaving_dead = 1'b0;
    for (int t = 0; t < Tags; t++) begin
      if (chosen[t]) begin
        leaving = want_q[t*W+:W];
        leaving_tag = 8'(t);
        leaving_demand = demand_q[t];
        leaving_dead = dead_q[t];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    entry_q <= entry_d;
    ahead_q <= ahead_d;
    slot_q <= slot_d;
    want_q <= want_d;
    if (issues) begin
      beat_q.tag <= leaving_tag;
      beat_q.address <= {issue_frame, leaving.key.address[11:0]};
      beat_q.txn <= leaving.txn;
      beat_q.connection <= leaving.key.connection;
      beat_q.asid <= leaving.key.asid;
      beat_q.prefetch <= !leaving_demand;
      leaving_dead_q <= leaving_dead;
      if (kill_valid_i && leaving.key.connection == kill_connection_i) leaving_dead_q <= 1'b1;
    end else if (kill_valid_i && beat_q.connection == kill_connection_i) begin
      leaving_dead_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      at_q <= '0;
      {demand_q, dead_q, stale_q} <= '0;
      {fetch_q, again_q} <= '0;
      last_q <= 9'(Tags - 1);
    end else begin
      at_q <= at_d;
      demand_q <= demand_d;
      dead_q <= dead_d;
      stale_q <= stale_d;
      fetch_q <= issues || (fetch_q && !fetch_ready_i);
      if (issues) last_q <= 9'(leaving_tag);
      again_q <= tlb_freed || completes || fails || (fills && fill_failed_i) || kill_valid_i;
    end
  end

  logic good;
  vctoe_walker_pkg::want_t of_name;
  assign good = completes && !rsp_dead && !rsp_stale && !rsp_error_i;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (fill_ready_o == (free && !hold_fill_i));
      assert (rsp_ready_o == (free && !fills));
      assert (want_ready_o == looks);
      assert (ahead_ready_o == (looks && !want_valid_i));
      assert (acquire == room);
      assert (hit_o == (room && acquire_hit));
      assert (want_answer_o == answer);
      assert (9'(fill_holds) == holds);
      for (int t = 0; t < Tags; t++) begin
        assert ({all_states[3*Tags+t], all_states[2*Tags+t], all_states[Tags+t], all_states[t]} ==
                {at_q[t*3+:3] != Free, at_q[t*3+:3] == Host, port[t], at_q[t*3+:3] == Failed});
        if (at_q[t*3+:3] != Free) begin
          of_name = want_q[t*W+:W];
          assert ({all_demand[t], all_dead[t]} == {demand_q[t], dead_q[t]});
          assert (at_q[t*3+:3] == Host || at_q[t*3+:3] == Failed || all_stale[t] == stale_q[t]);
          assert (all_wants[t*W+:W] == want_q[t*W+:W]);
          assert (all_keys[t*128+:128] == of_name.key);
          assert (all_slots[t*SlotW+:SlotW] == slot_q[t*SlotW+:SlotW]);
          assert (all_entries[t*PageW+:PageW] == entry_q[t*PageW+:PageW]);
          assert (all_ahead[t*7+:7] == ahead_q[t*7+:7]);
        end
      end
      assert (fetch_valid_o == fetch_q);
      assert (!fetch_q || fetch_o == beat_q);
      assert (drained_o == drained);
      assert (again_o == again_q);
      assert (quiet_o == !(any_port || fetch_q || any_failed || !tlb_idle || again_q));
      assert (wake_valid_o == (fails || (completes && rsp_demand && !rsp_dead)));
      if (wake_valid_o) begin
        assert (wake_slot_o == (completes ? rsp_slot : failed_slot));
        assert (wake_kind_o == (fails       ? vctoe_walker_pkg::WakeUnresolvable :
                                rsp_stale   ? vctoe_walker_pkg::WakeAgain :
                                rsp_error_i ? vctoe_walker_pkg::WakeBadCompletion :
                                              vctoe_walker_pkg::WakeRecord));
      end
      assert (insert_valid_o == (good && insert_record_o.sequence_number ==
                                         rsp_want.key.sequence_number));
      assert (insert_key_o == rsp_want.key);  // 0 when nothing completes
      assert (any_port || issue_want == '0);
      assert (more_valid_o == (good && !rsp_demand && rsp_ahead != '0));
      if (more_valid_o) begin
        assert (more_o.depth == rsp_ahead);
        assert (more_o.want.key.connection == rsp_want.key.connection);
        assert (more_o.want.key.asid == rsp_want.key.asid);
        assert (more_o.want.txn == rsp_want.txn);
        assert (more_o.want.block_size == rsp_want.block_size);
        assert (more_o.want.end_sequence == rsp_want.end_sequence);
        assert (more_o.want.key.address == insert_record_o.next);
        assert (more_o.want.key.sequence_number - insert_record_o.size ==
                rsp_want.key.sequence_number);
      end
    end
  end
endmodule
