// First in, first out, with the oldest word shown (first-word fall-through). Nothing passes from the
// push side to the pop side, nor back, within a cycle: a full queue takes no word in the cycle in
// which one leaves, so that queues in a row make no long path.
module vctoe_walker_fifo #(
    parameter int unsigned Width = 8,
    parameter int unsigned Depth = 4
) (
    input  logic                         clk_i,
    input  logic                         rst_ni,
    input  logic                         push_valid_i,
    output logic                         push_ready_o,
    input  logic [          Width-1:0]   push_data_i,
    output logic                         pop_valid_o,
    input  logic                         pop_ready_i,
    output logic [          Width-1:0]   pop_data_o,
    output logic [$clog2(Depth+1)-1:0]   level_o
);
  localparam int unsigned IndexBits = Depth > 1 ? $clog2(Depth) : 1;
  localparam int unsigned LevelBits = $clog2(Depth + 1);
  localparam logic [IndexBits-1:0] LastIndex = IndexBits'(Depth - 1);
  localparam logic Wraps = Depth == 1 << IndexBits;  // indices do so by themselves

  if (Width < 1) begin : gen_bad_width
    $error("vctoe_walker_fifo: Width must be at least 1");
  end
  if (Depth < 1) begin : gen_bad_depth
    $error("vctoe_walker_fifo: Depth must be at least 1");
  end

  logic [Width-1:0] words_q [0:Depth-1];
  logic [IndexBits-1:0] head_q, tail_q;
  logic [LevelBits-1:0] level_q;
  logic push, pop;

  assign push_ready_o = level_q != LevelBits'(Depth);
  assign pop_valid_o = level_q != '0;
  assign pop_data_o = words_q[head_q];
  assign level_o = level_q;
  assign push = push_valid_i && push_ready_o;
  assign pop = pop_valid_o && pop_ready_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      level_q <= '0;
    end else begin
      if (push) tail_q <= !Wraps && tail_q == LastIndex ? '0 : tail_q + 1'b1;
      if (pop) head_q <= !Wraps && head_q == LastIndex ? '0 : head_q + 1'b1;
      if (push && !pop) level_q <= level_q + 1'b1;
      if (pop && !push) level_q <= level_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) words_q[tail_q] <= push_data_i;
  end

`ifdef VCTOE_ASSERT
  logic [31:0] end_of_queue;  // where the newest word ends, as head and level say
  always_comb begin
    end_of_queue = 32'(head_q) + 32'(level_q);
    if (end_of_queue >= Depth) end_of_queue = end_of_queue - Depth;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      // Neither over- nor underflow, and the pointers are as far apart as the level says.
      assert (32'(level_q) <= Depth);
      assert (32'(head_q) < Depth);
      assert (32'(tail_q) == end_of_queue);
    end
  end
`endif

`ifdef VCTOE_TOP_FIFO
  // Any one word, followed from push to pop: it is not lost, not doubled, not altered and overtakes
  // nobody. The solver picks which.
  (* anyseq *) logic pick;
  logic                 follow_q;  // the word is inside
  logic [LevelBits-1:0] before_q;  // words that leave before it
  logic [    Width-1:0] word_q;
  logic [         31:0] place;

  always_comb begin
    place = 32'(head_q) + 32'(before_q);
    if (place >= Depth) place = place - Depth;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      follow_q <= 1'b0;
      before_q <= '0;
      word_q   <= '0;
    end else if (follow_q) begin
      if (pop && before_q == '0) follow_q <= 1'b0;
      if (pop && before_q != '0) before_q <= before_q - 1'b1;
    end else if (push && pick) begin
      follow_q <= 1'b1;
      before_q <= pop ? level_q - 1'b1 : level_q;
      word_q   <= push_data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && follow_q) begin
      assert (before_q < level_q);
      assert (words_q[IndexBits'(place)] == word_q);
      if (before_q == '0) assert (pop_valid_o && pop_data_o == word_q);
    end
    if (rst_ni) begin
      cover (32'(level_q) == Depth);
      cover (follow_q && before_q == '0 && pop && 32'(head_q) == Depth - 1);
      cover (push && pop);
    end
  end
`endif

`ifdef VCTOE_CHECK
  vctoe_walker_fifo_check #(.Depth(Depth)) u_check (.*);
`endif

endmodule
