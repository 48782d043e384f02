// What is read ahead: up to four jobs that wait, in turn, each followed through the record cache.
(* keep_hierarchy *)
module vctoe_walker_ahead_check (
    input logic                      clk_i,
    input logic                      rst_ni,
    input logic                      push_valid_i,
    input vctoe_walker_pkg::ahead_t  push_i,
    input logic                      lookup_valid_o,
    input logic                      lookup_ready_i,
    input vctoe_walker_pkg::key_t    lookup_key_o,
    input logic                      result_hit_i,
    input vctoe_walker_pkg::record_t result_record_i,
    input logic                      read_valid_o,
    input logic                      read_ready_i,
    input vctoe_walker_pkg::ahead_t  read_o,
    input logic                      kill_valid_i,
    input logic [15:0]               kill_connection_i,
    input logic                      idle_o,
    // What is inside of the block.
    input logic [4*vctoe_walker_pkg::AheadW-1:0] all_jobs,
    input logic [63:0]               all_connections,
    input logic [3:0]                all_dead,
    input logic [1:0]                head,
    input logic [2:0]                level,
    input vctoe_walker_pkg::ahead_t  held_job
);
  localparam int unsigned Jobs = 4;
  localparam int unsigned A = vctoe_walker_pkg::AheadW;

  // The jobs that wait, the oldest lowest.
  logic [Jobs*A-1:0] jobs_q, jobs_d;
  logic [Jobs-1:0] used_q, used_d, dead_q, dead_d;
  // The one that is followed: it looks at its record, has the answer, or asks for the read.
  logic looks_q, asked_q, reads_q;
  vctoe_walker_pkg::ahead_t job_q, job_d, entry;
  logic begins, killed, over, placed;

  always_comb begin
    jobs_d = jobs_q;
    used_d = used_q;
    dead_d = dead_q;
    entry = jobs_q[A-1:0];
    begins = !looks_q && !asked_q && !reads_q && used_q[0] && !kill_valid_i;
    killed = kill_valid_i && job_q.want.key.connection == kill_connection_i;
    // No record is there, the link is broken, or it is far enough.
    over = job_q.depth == '0 || job_q.want.key.address < 64'd32 ||
           job_q.want.key.address % 64'd32 != 64'd0;
    job_d = begins ? entry : job_q;
    if (begins) begin
      jobs_d = jobs_q >> A;
      used_d = used_q >> 1;
      dead_d = dead_q >> 1;
    end
    placed = !push_valid_i || (&used_q) ||
             (kill_valid_i && push_i.want.key.connection == kill_connection_i);
    for (int i = 0; i < Jobs; i++) begin
      entry = jobs_q[i*A+:A];
      if (kill_valid_i && entry.want.key.connection == kill_connection_i) dead_d[i] = 1'b1;
      if (!placed && !used_d[i]) begin
        placed = 1'b1;
        jobs_d[i*A+:A] = push_i;
        used_d[i] = 1'b1;
        dead_d[i] = 1'b0;
      end
    end
    if (asked_q && result_hit_i && !begins) begin
      job_d.depth = job_q.depth - 7'd1;
      job_d.want.key.address = result_record_i.next;
      job_d.want.key.sequence_number = job_q.want.key.sequence_number + result_record_i.size;
    end
  end

  always_ff @(posedge clk_i) begin
    jobs_q <= jobs_d;
    job_q <= job_d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {used_q, dead_q, looks_q, asked_q, reads_q} <= '0;
    end else begin
      used_q <= used_d;
      dead_q <= dead_d;
      looks_q <= !killed && ((begins && !dead_q[0]) || (asked_q && result_hit_i) ||
                             (looks_q && !over && !lookup_ready_i));
      asked_q <= !killed && looks_q && !over && lookup_ready_i;
      reads_q <= !killed && ((asked_q && !result_hit_i) || (reads_q && !read_ready_i));
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (idle_o == !(looks_q || asked_q || reads_q || (|used_q)));
      for (int i = 0; i < Jobs; i++) begin
        assert (used_q[i] == (32'(level) > i));
        for (int s = 0; s < Jobs; s++) begin
          if (used_q[i] && 2'(head + 2'(i)) == 2'(s)) begin
            assert (all_jobs[s*A+:A] == jobs_q[i*A+:A]);
            assert (all_connections[s*16+:16] == jobs_q[i*A+(A-16)+:16]);
            assert (all_dead[s] == dead_q[i]);
          end
        end
      end
      assert (!(looks_q || asked_q || reads_q) || held_job == job_q);
      assert (lookup_valid_o == (looks_q && !over && !killed));
      assert (!lookup_valid_o || lookup_key_o == job_q.want.key);
      assert (read_valid_o == (reads_q && !killed));
      assert (!read_valid_o || read_o == job_q);
    end
  end
endmodule
