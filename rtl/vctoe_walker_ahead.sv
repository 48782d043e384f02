// Follows the links from a record that a walk is in, through what is cached, until a record has to be
// read; at most `depth` of them. Best effort: what finds no room is lost, and nothing here faults.
module vctoe_walker_ahead (
    input logic clk_i,
    input logic rst_ni,

    input logic                      push_valid_i,  // lost when there is no room
    input vctoe_walker_pkg::ahead_t  push_i,

    output logic                       lookup_valid_o,
    input  logic                       lookup_ready_i,
    output vctoe_walker_pkg::key_t     lookup_key_o,
    input  logic                       result_hit_i,
    input  vctoe_walker_pkg::record_t  result_record_i,

    output logic                      read_valid_o,
    input  logic                      read_ready_i,
    output vctoe_walker_pkg::ahead_t  read_o,

    input logic        kill_valid_i,
    input logic [15:0] kill_connection_i,

    output logic idle_o
);

  localparam logic [1:0] Idle = 2'd0;
  localparam logic [1:0] Lookup = 2'd1;
  localparam logic [1:0] Check = 2'd2;
  localparam logic [1:0] Read = 2'd3;

  localparam int unsigned Jobs = 4;

  // A ring of jobs; a cancelled one keeps its place until its turn comes.
  logic [vctoe_walker_pkg::AheadW-1:0] ring_q[Jobs];
  logic [15:0] connection_q[Jobs];
  logic [Jobs-1:0] dead_q;
  logic [1:0] head_q;
  logic [2:0] level_q;
  logic [1:0] tail;
  logic push, pop;

  logic [1:0]               state_q;
  vctoe_walker_pkg::ahead_t job_q;
  logic                     ends;
  logic                     killed;

  assign tail = head_q + level_q[1:0];
  assign push = push_valid_i && !level_q[2] &&
                !(kill_valid_i && push_i.want.key.connection == kill_connection_i);
  assign pop = state_q == Idle && level_q != '0 && !kill_valid_i;
  assign killed = kill_valid_i && job_q.want.key.connection == kill_connection_i;

  // At the list's end, at a link that would fault, or deep enough.
`ifdef VCTOE_BUG_PREFETCH_PAST_END
  assign ends = job_q.want.key.address[4:0] != '0 || job_q.depth == '0;
`else
  assign ends = job_q.want.key.address == '0 || job_q.want.key.address[4:0] != '0 ||
                job_q.depth == '0;
`endif

  assign lookup_valid_o = state_q == Lookup && !ends && !killed;
  assign lookup_key_o = job_q.want.key;
  assign read_valid_o = state_q == Read && !killed;
  assign read_o = job_q;
  assign idle_o = state_q == Idle && level_q == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
      head_q <= '0;
      level_q <= '0;
      dead_q <= '0;
    end else begin
      level_q <= level_q + 3'(push) - 3'(pop);
      if (pop) head_q <= head_q + 1'b1;
      if (kill_valid_i) begin
        for (int i = 0; i < Jobs; i++) begin
          if (connection_q[i] == kill_connection_i) dead_q[i] <= 1'b1;
        end
      end
      if (push) dead_q[tail] <= 1'b0;

      case (state_q)
        Idle: if (pop && !dead_q[head_q]) state_q <= Lookup;
        Lookup: begin
          if (ends) state_q <= Idle;
          else if (lookup_ready_i) state_q <= Check;
        end
        Check: state_q <= result_hit_i ? Lookup : Read;
        default: if (read_ready_i) state_q <= Idle;
      endcase
      if (killed) state_q <= Idle;  // nothing is popped in the cycle of a cancel
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) begin
      ring_q[tail] <= push_i;
      connection_q[tail] <= push_i.want.key.connection;
    end
    if (pop) begin
      job_q <= ring_q[head_q];
    end else if (state_q == Check && result_hit_i) begin
      job_q.want.key.address <= result_record_i.next;
      job_q.want.key.sequence_number <= job_q.want.key.sequence_number + result_record_i.size;
      job_q.depth <= job_q.depth - 1'b1;
    end
  end

  // Where the bytes are does not matter here.
  logic unused;
  assign unused = ^{result_record_i.unknown, result_record_i.address,
                    result_record_i.sequence_number};

`ifdef VCTOE_CHECK
  logic [Jobs*vctoe_walker_pkg::AheadW-1:0] all_jobs;
  logic [Jobs*16-1:0] all_connections;
  for (genvar i = 0; i < Jobs; i++) begin : gen_all_all_jobs
    assign all_jobs[i*vctoe_walker_pkg::AheadW+:vctoe_walker_pkg::AheadW] = ring_q[i];
    assign all_connections[i*16+:16] = connection_q[i];
  end
  vctoe_walker_ahead_check u_check (.*, .all_dead(dead_q), .head(head_q), .level(level_q), .held_job(job_q));
`endif

endmodule
