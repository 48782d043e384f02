// The record cache as lines with the time of their last use: what hits, what an insert replaces.
(* keep_hierarchy *)
module vctoe_walker_cache_check #(
    parameter int unsigned Sets = 2,
    parameter int unsigned Ways = 4
) (
    input logic                      clk_i,
    input logic                      rst_ni,
    input logic [15:0]               cfg_set_mask_i,
    input logic                      lookup_valid_i,
    input logic                      lookup_ready_o,
    input vctoe_walker_pkg::key_t    lookup_key_i,
    input logic                      lookup_peek_i,
    input logic                      result_hit_o,
    input vctoe_walker_pkg::record_t result_record_o,
    input logic                      insert_valid_i,
    input vctoe_walker_pkg::key_t    insert_key_i,
    input vctoe_walker_pkg::record_t insert_record_i,
    input logic                      insert_evict_o,
    input logic                      flush_connection_valid_i,
    input logic [15:0]               flush_connection_i,
    input logic                      flush_page_valid_i,
    input logic [15:0]               flush_asid_i,
    input logic [51:0]               flush_page_i,
    input logic                      flush_busy_o,
    // What is inside of the block.
    input logic [Sets*Ways-1:0]      all_valid,
    input logic [Sets*Ways*32-1:0]   all_owners,
    input logic [Sets*Ways*64-1:0]   all_addresses,
    input logic [Sets*Ways*vctoe_walker_pkg::RecordW-1:0] all_records,
    input logic [Ways-1:0]           lookup_row, insert_row, flush_row,
    input logic                      lookup_hit,
    input logic [(Ways > 1 ? $clog2(Ways) : 1)-1:0] insert_way
);
  localparam int unsigned Lines = Sets * Ways;
  localparam int unsigned R = vctoe_walker_pkg::RecordW;
  localparam int unsigned N = 96;  // connection, address space, address

  logic [Lines-1:0] valid_q;
  logic [Lines*N-1:0] name_q;
  logic [Lines*R-1:0] record_q;
  logic [Lines*32-1:0] used_q;  // when: a look-up's use is before an insert of the same cycle
  logic [30:0] now_q;

  logic by_connection_q, by_page_q;
  logic [15:0] connection_q, asid_q, row_q;
  logic [51:0] page_q;

  logic [Lines-1:0] hit, flushed, replaced;
  logic [R-1:0] found;
  logic [15:0] lookup_set, insert_set;
  logic lookup, present, vacant, busy;
  logic [Lines*32-1:0] used_d;
  logic [31:0] oldest, product;

  always_comb begin
    busy = by_connection_q || by_page_q;
    lookup = lookup_valid_i && !busy;
    product = 32'(lookup_key_i.connection) * 32'd40503;
    lookup_set = (16'(lookup_key_i.address >> 5) + product[15:0]) & cfg_set_mask_i;
    product = 32'(insert_key_i.connection) * 32'd40503;
    insert_set = (16'(insert_key_i.address >> 5) + product[15:0]) & cfg_set_mask_i;
    hit = '0;
    flushed = '0;
    replaced = '0;
    found = '0;
    present = 1'b0;
    vacant = 1'b0;
    oldest = '1;
    used_d = used_q;
    for (int l = 0; l < Lines; l++) begin
      if (valid_q[l] && 16'(l / Ways) == lookup_set && lookup &&
          name_q[l*N+:N] == lookup_key_i[127:32] &&
          record_q[l*R+:32] == lookup_key_i.sequence_number) begin
        hit[l] = 1'b1;
        found = record_q[l*R+:R];
        if (!lookup_peek_i) used_d[l*32+:32] = {now_q, 1'b0};
      end
      if (busy && row_q == 16'(l / Ways)) begin
        if (by_connection_q && name_q[l*N+80+:16] == connection_q) flushed[l] = 1'b1;
        if (by_page_q && name_q[l*N+64+:16] == asid_q && name_q[l*N+12+:52] == page_q) begin
          flushed[l] = 1'b1;
        end
      end
    end
    for (int l = 0; l < Lines; l++) begin
      if (valid_q[l] && 16'(l / Ways) == insert_set && name_q[l*N+:N] == insert_key_i[127:32]) begin
        replaced = Lines'(1) << l;
        present = 1'b1;
      end
    end
    for (int l = Lines - 1; l >= 0; l--) begin
      if (!present && !vacant && !valid_q[l] && 16'(l / Ways) == insert_set) begin
        replaced = Lines'(1) << l;
        vacant = 1'b1;
      end
    end
    for (int l = 0; l < Lines; l++) begin
      if (!present && !vacant && 16'(l / Ways) == insert_set && used_d[l*32+:32] < oldest) begin
        replaced = Lines'(1) << l;
        oldest = used_d[l*32+:32];
      end
    end
    if (!insert_valid_i) replaced = '0;
    for (int l = 0; l < Lines; l++) begin
      if (replaced[l]) used_d[l*32+:32] = {now_q, 1'b1};
    end
  end

  logic looked_q, hit_q, found_once_q;
  logic [R-1:0] found_q;

  always_ff @(posedge clk_i) begin
    used_q <= used_d;
    if (lookup && hit != '0) found_q <= found;
    for (int l = 0; l < Lines; l++) begin
      if (replaced[l]) begin
        name_q[l*N+:N] <= insert_key_i[127:32];
        record_q[l*R+:R] <= insert_record_i;
      end
    end
    if (flush_connection_valid_i) connection_q <= flush_connection_i;
    if (flush_page_valid_i) {asid_q, page_q} <= {flush_asid_i, flush_page_i};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {valid_q, by_connection_q, by_page_q, looked_q, hit_q, found_once_q} <= '0;
      row_q <= '0;
      now_q <= '0;
    end else begin
      now_q <= now_q + 31'd1;
      valid_q <= (valid_q & ~flushed) | replaced;
      looked_q <= looked_q || lookup;
      if (lookup) hit_q <= hit != '0;
      found_once_q <= found_once_q || hit != '0;
      if (flush_connection_valid_i || flush_page_valid_i) begin
        by_connection_q <= by_connection_q || flush_connection_valid_i;
        by_page_q <= by_page_q || flush_page_valid_i;
        row_q <= '0;
      end else if (busy) begin
        row_q <= row_q + 16'd1;
        if (row_q == cfg_set_mask_i) {by_connection_q, by_page_q} <= '0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (flush_busy_o == busy);
      assert (lookup_ready_o == !busy);
      assert (!looked_q || result_hit_o == hit_q);
      assert (!found_once_q || result_record_o == found_q);
      assert (all_valid == valid_q);
      assert (lookup_hit == (hit != '0));
      assert (lookup || lookup_row == '0);
      assert (insert_valid_i || {insert_row, insert_way} == '0);
      assert (busy || flush_row == '0);
      for (int l = 0; l < Lines; l++) begin
        if (valid_q[l]) begin
          assert ({all_owners[l*32+:32], all_addresses[l*64+:64]} == name_q[l*N+:N]);
          assert (all_records[l*R+:R] == record_q[l*R+:R]);
        end
        if (lookup && 16'(l / Ways) == lookup_set) assert (lookup_row[l%Ways] == valid_q[l]);
        if (insert_valid_i && 16'(l / Ways) == insert_set) begin
          assert (insert_row[l%Ways] == valid_q[l]);
        end
        if (busy && 16'(l / Ways) == row_q) begin
          assert (flush_row[l%Ways] == (valid_q[l] && !flushed[l]));
        end
        assert (!replaced[l] || 32'(insert_way) == l % Ways);
      end
      assert (insert_evict_o == (insert_valid_i && !present && !vacant));
    end
  end
endmodule
