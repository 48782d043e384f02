// Reads records: tags, translation, fetches and their completions. A tag is taken from the wish for a
// record until its fetch has completed, or until the host could not identify its page. A cancelled
// fetch keeps its tag and its page until it has completed.
//
// The translation cache and the tags see one operation a cycle: a cancel, an invalidation, an answer of
// the host, a completion, a read that failed, or a new read, in this order of precedence. Tags that have
// their translation go to the fetch port beside that.
module vctoe_walker_reader #(
    parameter int unsigned Tags = 32,
    parameter int unsigned Pages = 16,
    parameter int unsigned Connections = 1024,
    parameter int unsigned SlotW = 5
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [8:0] cfg_tags_i,
    input logic [8:0] cfg_pages_i,
    input logic [8:0] cfg_walks_i,

    // What a walk needs. The answer is valid with ready.
    input  logic                     want_valid_i,
    output logic                     want_ready_o,
    input  vctoe_walker_pkg::want_t  want_i,
    input  logic [SlotW-1:0]         want_slot_i,
    output logic [1:0]               want_answer_o,

    // What is read ahead; taken and done with, whether there was room for it or not.
    input  logic                      ahead_valid_i,
    output logic                      ahead_ready_o,
    input  vctoe_walker_pkg::ahead_t  ahead_i,
    // Records behind one that was read ahead; lost if nobody takes it.
    output logic                      more_valid_o,
    output vctoe_walker_pkg::ahead_t  more_o,

    output logic                       wake_valid_o,
    output logic [SlotW-1:0]           wake_slot_o,
    output logic [2:0]                 wake_kind_o,
    output vctoe_walker_pkg::record_t  wake_record_o,
    output logic                       again_o,  // what was answered AnswerAgain may be asked again

    output logic                       insert_valid_o,
    output vctoe_walker_pkg::key_t     insert_key_o,
    output vctoe_walker_pkg::record_t  insert_record_o,

    input  logic        hold_fill_i,  // an invalidation is in progress: nothing new of the page comes
    input  logic        fill_valid_i,
    output logic        fill_ready_o,
    input  logic        fill_failed_i,
    input  logic [15:0] fill_asid_i,
    input  logic [51:0] fill_page_i,
    input  logic [51:0] fill_frame_i,

    // Pulses; the work that they leave is done when drained_o.
    input  logic        inv_valid_i,
    input  logic [15:0] inv_asid_i,
    input  logic [51:0] inv_page_i,
    input  logic        kill_valid_i,
    input  logic [15:0] kill_connection_i,
    output logic        drained_o,

    output logic                      fetch_valid_o,
    input  logic                      fetch_ready_i,
    output vctoe_walker_pkg::fetch_t  fetch_o,
    input  logic                      rsp_valid_i,
    output logic                      rsp_ready_o,
    input  logic [7:0]                rsp_tag_i,
    input  logic                      rsp_error_i,
    input  logic [255:0]              rsp_data_i,

    output logic        need_valid_o,
    input  logic        need_ready_i,
    output logic [15:0] need_connection_o,
    output logic [15:0] need_asid_o,
    output logic [51:0] need_page_o,
    output logic        drop_valid_o,
    input  logic        drop_ready_i,
    output logic [15:0] drop_asid_o,
    output logic [51:0] drop_page_o,

    output logic quiet_o,
    output logic hit_o,    // translation hit, for the counters
    output logic evict_o   // translation given up to make room
);

  localparam int unsigned TagW = Tags > 1 ? $clog2(Tags) : 1;
  localparam int unsigned PageW = Pages > 1 ? $clog2(Pages) : 1;
  localparam int unsigned CountW = $clog2(Tags + 1);  // of counts of tags

  // A tag in use waits for the host, has its translation and waits for the fetch port, is being fetched,
  // or has failed.
  logic [Tags-1:0]                    used_q;
  logic [Tags-1:0]                    waits_q;
  logic [Tags-1:0]                    issue_q;
  logic [Tags-1:0]                    failed_q;  // the host cannot identify the page
  logic [Tags-1:0]                    demand_q;  // a walk waits for it
  logic [Tags-1:0]                    dead_q;    // cancelled
  logic [Tags-1:0]                    stale_q;   // its page was invalidated: what comes back is void
  logic [PageW-1:0]                   entry_q[Tags];
  logic [6:0]                         ahead_q[Tags];  // records to read after it
  logic [SlotW-1:0]                   slot_q[Tags];
  logic [vctoe_walker_pkg::WantW-1:0] want_q[Tags];
  logic [vctoe_walker_pkg::KeyW-1:0]  key_q[Tags];  // of want_q, for the searches

  // ---- one operation a cycle ----

  logic forgetting;
  logic op_inv, op_fill, op_rsp, op_failed, op_want, op_ahead;
  logic any_failed, free;

  assign op_inv = inv_valid_i;
  assign op_fill = fill_valid_i && fill_ready_o;
  assign op_rsp = rsp_valid_i && rsp_ready_o;
  assign free = !kill_valid_i && !inv_valid_i && !forgetting;
  assign fill_ready_o = free && !hold_fill_i;
  assign rsp_ready_o = free && !op_fill;
  assign op_failed = rsp_ready_o && !rsp_valid_i && any_failed;
  assign want_ready_o = rsp_ready_o && !rsp_valid_i && !any_failed;
  assign op_want = want_ready_o && want_valid_i;
  assign ahead_ready_o = want_ready_o && !want_valid_i;
  assign op_ahead = ahead_ready_o && ahead_valid_i;

  // ---- search of the tags ----

  vctoe_walker_pkg::want_t want;
  logic                    same_found, free_found, failed_found;
  logic [TagW-1:0]         same_tag, free_tag, failed_tag;
  logic [CountW-1:0]       spare;  // tags that serve prefetch

  assign want = want_valid_i ? want_i : ahead_i.want;

  always_comb begin
    same_found = 1'b0;
    same_tag = '0;
    free_found = 1'b0;
    free_tag = '0;
    spare = '0;
    if (op_want || op_ahead) begin
      for (int i = Tags - 1; i >= 0; i--) begin
        if (!used_q[i]) begin
          if (9'(i) < cfg_tags_i) begin
            free_found = 1'b1;
            free_tag = TagW'(i);
          end
        end else begin
          if (!demand_q[i]) spare = spare + 1'b1;
          if (!dead_q[i] && (!demand_q[i] || op_ahead) && key_q[i] == want.key) begin
            same_found = 1'b1;
            same_tag = TagW'(i);
          end
        end
      end
    end
  end

  assign any_failed = failed_q != '0;

  always_comb begin
    failed_found = 1'b0;
    failed_tag = '0;
    if (any_failed) begin
      for (int i = Tags - 1; i >= 0; i--) begin
        if (failed_q[i]) begin
          failed_found = 1'b1;
          failed_tag = TagW'(i);
        end
      end
    end
  end

  // ---- translation ----

  logic             acquire, acquire_hit, acquire_wait, begins;
  logic [PageW-1:0] acquire_entry;
  logic             fill_hit, inv_hit;
  logic [PageW-1:0] fill_entry, inv_entry;
  logic [CountW-1:0] fill_holds;
  logic [51:0]      issue_frame;
  logic [PageW-1:0] issue_entry;
  logic             tlb_freed, tlb_idle;
  logic [TagW-1:0]  rsp_tag;

  assign rsp_tag = TagW'(rsp_tag_i);

  // Walks go first: each that can be in progress always finds a tag.
  assign acquire = free_found && !same_found &&
                   (op_want || (op_ahead && 10'(spare) + 10'(cfg_walks_i) < 10'(cfg_tags_i)));
  assign begins = acquire && (acquire_hit || acquire_wait);

  // The tags that an operation is about.
  logic [Tags-1:0] filled, invalidated, killed;

  always_comb begin
    filled = '0;
    fill_holds = '0;
    if (op_fill && fill_hit) begin
      for (int i = 0; i < Tags; i++) begin
        filled[i] = waits_q[i] && entry_q[i] == fill_entry;
        if (filled[i] && !fill_failed_i) fill_holds = fill_holds + 1'b1;
      end
    end
    invalidated = '0;
    if (op_inv && inv_hit) begin
      for (int i = 0; i < Tags; i++) begin
        // Means nothing to tags that are free, failed, or wait: for a translation that is not valid yet.
        invalidated[i] = entry_q[i] == inv_entry;
      end
    end
    killed = '0;
    if (kill_valid_i) begin
      for (int i = 0; i < Tags; i++) begin
        killed[i] = key_q[i][vctoe_walker_pkg::KeyW-1-:16] == kill_connection_i;
      end
    end
  end

  vctoe_walker_tlb #(
      .Pages(Pages),
      .Connections(Connections),
      .Reads(Tags)
  ) u_tlb (
      .clk_i,
      .rst_ni,
      .cfg_pages_i,
      .acquire_valid_i(acquire),
      .acquire_ahead_i(op_ahead),
      .acquire_connection_i(want.key.connection),
      .acquire_asid_i(want.key.asid),
      .acquire_page_i(want.key.address[63:12]),
      .acquire_hit_o(acquire_hit),
      .acquire_wait_o(acquire_wait),
      .acquire_entry_o(acquire_entry),
      .acquire_evict_o(evict_o),
      .frame_entry_i(issue_entry),
      .frame_o(issue_frame),
      .release_valid_i(op_rsp),
      .release_entry_i(entry_q[rsp_tag]),
      .fill_valid_i(op_fill),
      .fill_failed_i,
      .fill_asid_i,
      .fill_page_i,
      .fill_frame_i,
      .fill_holds_i(fill_holds),
      .fill_hit_o(fill_hit),
      .fill_entry_o(fill_entry),
      .inv_valid_i(op_inv),
      .inv_asid_i,
      .inv_page_i,
      .inv_hit_o(inv_hit),
      .inv_entry_o(inv_entry),
      .forget_valid_i(kill_valid_i),
      .forget_connection_i(kill_connection_i),
      .forget_busy_o(forgetting),
      .need_valid_o,
      .need_ready_i,
      .need_connection_o,
      .need_asid_o,
      .need_page_o,
      .drop_valid_o,
      .drop_ready_i,
      .drop_asid_o,
      .drop_page_o,
      .freed_o(tlb_freed),
      .idle_o(tlb_idle)
  );

  assign hit_o = acquire && acquire_hit;

  always_comb begin
    want_answer_o = vctoe_walker_pkg::AnswerAgain;
    if (same_found) begin
      want_answer_o = waits_q[same_tag] ? vctoe_walker_pkg::AnswerTranslate :
                                                         vctoe_walker_pkg::AnswerFetch;
    end else if (acquire && acquire_hit) begin
      want_answer_o = vctoe_walker_pkg::AnswerFetch;
    end else if (acquire && acquire_wait) begin
      want_answer_o = vctoe_walker_pkg::AnswerTranslate;
    end
  end

  // ---- completions ----

  logic rsp_error;
`ifdef VCTOE_BUG_COMPLETION_ERROR_DROPPED
  assign rsp_error = 1'b0;
`else
  assign rsp_error = rsp_error_i;
`endif

  vctoe_walker_pkg::want_t    rsp_want;
  vctoe_walker_pkg::record_t  rsp_record;
  logic                       rsp_good;

  always_comb begin
    rsp_want = '0;
    if (op_rsp) rsp_want = want_q[rsp_tag];
  end

  vctoe_walker_spell u_spell (
      .data_i(rsp_data_i),
      .address_i(rsp_want.key.address),
      .sequence_i(rsp_want.key.sequence_number),
      .block_size_i(rsp_want.block_size),
      .end_sequence_i(rsp_want.end_sequence),
      .record_o(rsp_record)
  );

  assign rsp_good = op_rsp && !dead_q[rsp_tag] && !stale_q[rsp_tag] && !rsp_error;
  // One that does not begin where it should is of no use to any walk, and might be spelled out for
  // another list than that which its place belongs to by now.
  assign insert_valid_o = rsp_good && rsp_record.sequence_number == rsp_want.key.sequence_number;
  assign insert_key_o = rsp_want.key;
  assign insert_record_o = rsp_record;

  assign more_valid_o = rsp_good && !demand_q[rsp_tag] && ahead_q[rsp_tag] != '0;
  always_comb begin
    more_o.want = rsp_want;
    more_o.want.key.address = rsp_record.next;
    more_o.want.key.sequence_number = rsp_want.key.sequence_number + rsp_record.size;
    more_o.depth = ahead_q[rsp_tag];
  end

  assign wake_record_o = rsp_record;
  always_comb begin
    wake_valid_o = op_failed;
    wake_slot_o = slot_q[failed_tag];
    wake_kind_o = vctoe_walker_pkg::WakeUnresolvable;
    if (op_rsp) begin
      wake_valid_o = demand_q[rsp_tag] && !dead_q[rsp_tag];
      wake_slot_o = slot_q[rsp_tag];
      if (stale_q[rsp_tag]) begin
        wake_kind_o = vctoe_walker_pkg::WakeAgain;
      end else if (rsp_error) begin
        wake_kind_o = vctoe_walker_pkg::WakeBadCompletion;
      end else begin
        wake_kind_o = vctoe_walker_pkg::WakeRecord;
      end
    end
  end

  // ---- fetches ----

  logic            issue, issue_found;
  logic [TagW-1:0] issue_tag;
  logic            fetch_valid_q, fetch_dead_q;
  vctoe_walker_pkg::want_t  issue_want;
  vctoe_walker_pkg::fetch_t  fetch_q;
  logic [TagW-1:0] turn_q;  // the tag after the one issued last goes first
  logic again_q;

  always_comb begin
    issue_found = 1'b0;
    issue_tag = '0;
    if (issue_q != '0) begin
      issue_found = 1'b1;
      for (int i = Tags - 1; i >= 0; i--) begin
        if (issue_q[i]) issue_tag = TagW'(i);
      end
      for (int i = Tags - 1; i >= 0; i--) begin
        if (issue_q[i] && TagW'(i) >= turn_q) issue_tag = TagW'(i);
      end
    end
  end

  always_comb begin
    issue_want = '0;
    if (issue_found) issue_want = want_q[issue_tag];
  end
  assign issue = issue_found && (!fetch_valid_q || fetch_ready_i);
  assign issue_entry = entry_q[issue_tag];
  assign fetch_valid_o = fetch_valid_q;
  assign fetch_o = fetch_q;

  // A cancel is over when what it found on its way out has left.
  assign drained_o = (issue_q & dead_q) == '0 && !(fetch_valid_q && fetch_dead_q) && !forgetting;
  assign quiet_o = issue_q == '0 && !fetch_valid_q && !any_failed && tlb_idle && !again_q;

  assign again_o = again_q;

  // ---- state ----

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      used_q <= '0;
      waits_q <= '0;
      issue_q <= '0;
      failed_q <= '0;
      demand_q <= '0;
      dead_q <= '0;
      stale_q <= '0;
      fetch_valid_q <= 1'b0;
      turn_q <= '0;
      again_q <= 1'b0;
    end else begin
      again_q <= tlb_freed || op_rsp || op_failed || (op_fill && fill_failed_i) || kill_valid_i;

      if (op_fill) begin
        waits_q <= waits_q & ~filled;
        if (!fill_failed_i) begin
          issue_q <= issue_q | filled;
        end else begin
          failed_q <= failed_q | (filled & demand_q);
          used_q <= used_q & ~(filled & ~demand_q);
        end
      end
      if (op_inv) stale_q <= stale_q | invalidated;
      if (kill_valid_i) begin
`ifndef VCTOE_BUG_CANCEL_LEAVES_FETCH
        dead_q <= dead_q | killed;
`endif
        used_q <= used_q & ~(killed & (waits_q | failed_q));
        waits_q <= waits_q & ~killed;
        failed_q <= failed_q & ~killed;
      end

      if (issue) begin
        issue_q[issue_tag] <= 1'b0;
        turn_q <= 32'(issue_tag) + 1 == Tags ? '0 : issue_tag + 1'b1;
        fetch_valid_q <= 1'b1;
      end else if (fetch_ready_i) begin
        fetch_valid_q <= 1'b0;
      end

      if (same_found && op_want) begin
        demand_q[same_tag] <= 1'b1;
      end else if (begins) begin
        used_q[free_tag] <= 1'b1;
        waits_q[free_tag] <= acquire_wait;
        issue_q[free_tag] <= acquire_hit;
        demand_q[free_tag] <= op_want;
        dead_q[free_tag] <= 1'b0;
        stale_q[free_tag] <= 1'b0;
      end
      if (op_rsp) used_q[rsp_tag] <= 1'b0;
`ifdef VCTOE_BUG_TAG_REUSED_EARLY
      if (issue) used_q[issue_tag] <= 1'b0;
`endif
      if (op_failed) begin
        used_q[failed_tag] <= 1'b0;
        failed_q[failed_tag] <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (op_want || op_ahead) begin
      if (same_found && op_want) begin
        want_q[same_tag] <= want;  // the walk that waits for it now
        slot_q[same_tag] <= want_slot_i;
      end else if (same_found) begin
        if (ahead_q[same_tag] + 7'd1 < ahead_i.depth) ahead_q[same_tag] <= ahead_i.depth - 7'd1;
      end else if (begins) begin
        want_q[free_tag] <= want;
        key_q[free_tag] <= want.key;
        slot_q[free_tag] <= want_slot_i;
        entry_q[free_tag] <= acquire_entry;
        ahead_q[free_tag] <= op_want ? 7'd0 : ahead_i.depth - 7'd1;
      end
    end
    if (issue) begin
      fetch_q.tag <= 8'(issue_tag);
      fetch_q.address <= {issue_frame, issue_want.key.address[11:0]};
      fetch_q.txn <= issue_want.txn;
      fetch_q.connection <= issue_want.key.connection;
      fetch_q.asid <= issue_want.key.asid;
      fetch_q.prefetch <= !demand_q[issue_tag];
      fetch_dead_q <= dead_q[issue_tag] ||
                      (kill_valid_i && issue_want.key.connection == kill_connection_i);
    end else if (kill_valid_i && fetch_q.connection == kill_connection_i) begin
      fetch_dead_q <= 1'b1;
    end
  end

  logic unused;
  assign unused = ^{failed_found, rsp_tag_i, issue_want.block_size, issue_want.end_sequence};

  if (Tags < 1 || Tags > 256) $error("vctoe_walker_reader: Tags must be 1 .. 256");

`ifdef VCTOE_ASSERT
`ifdef VCTOE_TOP_READER
`define VCTOE_ASSUME assume
`else
`define VCTOE_ASSUME assert
`endif
  logic [Tags-1:0] flying_q;  // accepted at the fetch port, not completed yet

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      flying_q <= '0;
    end else begin
      if (op_rsp) flying_q[rsp_tag] <= 1'b0;
      if (fetch_valid_q && fetch_ready_i) flying_q[TagW'(fetch_q.tag)] <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      `VCTOE_ASSUME (!rsp_valid_i || (32'(rsp_tag_i) < Tags && flying_q[rsp_tag]));
      `VCTOE_ASSUME (32'(cfg_tags_i) <= Tags);
      `VCTOE_ASSUME (!(inv_valid_i && kill_valid_i));
      `VCTOE_ASSUME (!((inv_valid_i || kill_valid_i) && forgetting));
      assert (!fetch_valid_q || (32'(fetch_q.tag) < Tags && used_q[TagW'(fetch_q.tag)] &&
                                 !flying_q[TagW'(fetch_q.tag)]));
      assert (!op_rsp || used_q[rsp_tag]);
      // A tag waits for the host, for the fetch port, or to say that it failed.
      assert ((waits_q & issue_q) == '0 && (waits_q & failed_q) == '0);
      assert ((issue_q & failed_q) == '0);
      assert (((waits_q | issue_q | failed_q) & flying_q) == '0);
      assert (((waits_q | issue_q | failed_q | flying_q) & ~used_q) == '0);
      assert ((failed_q & ~demand_q) == '0);
    end
  end
`undef VCTOE_ASSUME
`endif

`ifdef VCTOE_TOP_READER
`include "reader.svh"
`endif

`ifdef VCTOE_CHECK
  logic [Tags*vctoe_walker_pkg::WantW-1:0] all_wants;
  logic [Tags*vctoe_walker_pkg::KeyW-1:0] all_keys;
  logic [Tags*SlotW-1:0] all_slots;
  logic [Tags*PageW-1:0] all_entries;
  logic [Tags*7-1:0] all_ahead;
  for (genvar i = 0; i < Tags; i++) begin : gen_all_all_wants
    assign all_wants[i*vctoe_walker_pkg::WantW+:vctoe_walker_pkg::WantW] = want_q[i];
    assign all_keys[i*vctoe_walker_pkg::KeyW+:vctoe_walker_pkg::KeyW] = key_q[i];
    assign all_slots[i*SlotW+:SlotW] = slot_q[i];
    assign all_entries[i*PageW+:PageW] = entry_q[i];
    assign all_ahead[i*7+:7] = ahead_q[i];
  end
  vctoe_walker_reader_check #(
      .Tags(Tags),
      .SlotW(SlotW),
      .PageW(PageW)
  ) u_check (
      .*,
      .all_states({used_q, waits_q, issue_q, failed_q}),
      .all_demand(demand_q),
      .all_dead(dead_q),
      .all_stale(stale_q)
  );
  vctoe_walker_spell_check u_spell_check (
      .clk_i,
      .rst_ni,
      .valid_i(op_rsp),
      .data_i(rsp_data_i),
      .address_i(rsp_want.key.address),
      .sequence_i(rsp_want.key.sequence_number),
      .block_size_i(rsp_want.block_size),
      .end_sequence_i(rsp_want.end_sequence),
      .record_i(rsp_record)
  );
`endif

endmodule
