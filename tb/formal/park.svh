// Proof of the walks in progress, part of vctoe_walker_park.sv. Any one slot is followed: a walk that is
// put aside comes back as it was, once, and not before it was woken or may ask again.
(* anyconst *) logic [SlotW-1:0] slot;

logic parks, wakes, comes, taken, cancelled;
logic aside_q, due_q;  // put aside; may come back
logic again_seen_q;
vctoe_walker_pkg::progress_t progress_seen_q;
vctoe_walker_pkg::record_t record_seen_q;
logic [2:0] kind_seen_q;
logic [31:0] count;

always_comb begin
  parks = park_valid_i && park_slot_i == slot;
  wakes = wake_valid_i && wake_slot_i == slot && aside_q;
  comes = resume && resume_slot_o == slot;
  taken = take_valid_i && free_slot_o == slot;
  cancelled = kill_valid_i && live_q[slot] && connection_q[slot] == kill_connection_i;
  count = '0;
  for (int unsigned i = 0; i < Walks; i++) count = count + 32'(live_q[i]);
end

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    aside_q <= 1'b0;
    due_q <= 1'b0;
    again_seen_q <= 1'b0;
  end else if (cancelled || comes) begin
    aside_q <= 1'b0;
    due_q <= 1'b0;
    again_seen_q <= 1'b0;
  end else begin
    if (parks) aside_q <= 1'b1;
    if (parks) again_seen_q <= park_again_i;
    else if (again_i) again_seen_q <= 1'b0;
    if (wakes || (again_i && again_seen_q)) due_q <= 1'b1;
  end
end

always_ff @(posedge clk_i) begin
  if (parks) progress_seen_q <= park_progress_i;
  if (parks) kind_seen_q <= vctoe_walker_pkg::WakeAgain;
  if (wakes) kind_seen_q <= wake_kind_i;
  if (wakes) record_seen_q <= wake_record_i;
end

// What the neighbours keep to.
logic [Walks-1:0] engine;  // slots that are with an engine
assign engine = live_q & ~parked_q;

logic taken_twice, twice;  // two walks of a connection
always_comb begin
  taken_twice = 1'b0;
  twice = 1'b0;
  for (int i = 0; i < Walks; i++) begin
    if (live_q[i] && connection_q[i] == take_connection_i) taken_twice = 1'b1;
    for (int j = 0; j < i; j++) begin
      if (live_q[i] && live_q[j] && connection_q[i] == connection_q[j]) twice = 1'b1;
    end
  end
end

always_ff @(posedge clk_i) begin
  if (rst_ni) begin
    assume (!take_valid_i || (free_valid_o && !kill_valid_i && !taken_twice));
    // Only what an engine has is put aside or ends there, and no cancelled walk does.
    assume (!park_valid_i || (32'(park_slot_i) < Walks && engine[park_slot_i] &&
                   !(kill_valid_i && connection_q[park_slot_i] == kill_connection_i)));
    assume (!over_valid_i || (32'(over_slot_i) < Walks && engine[over_slot_i] &&
                   !(kill_valid_i && connection_q[over_slot_i] == kill_connection_i)));
    assume (!(park_valid_i && over_valid_i && park_slot_i == over_slot_i));
    // Nobody wakes a walk that is to ask again, nor in the cycle in which it is put aside.
    assume (!wake_valid_i || (32'(wake_slot_i) < Walks && !again_q[wake_slot_i] &&
                   !awake_q[wake_slot_i] && !kill_valid_i &&
                   !(park_valid_i && park_slot_i == wake_slot_i)));
    assert ((parked_q & ~live_q) == '0 && ((again_q | awake_q) & ~parked_q) == '0);
    assert ((again_q & awake_q) == '0 && !twice);
  end
end

always_ff @(posedge clk_i) begin
  assume (32'(slot) < Walks);
  if (rst_ni) begin
    // What comes back is what was put aside, and what woke it.
    if (comes) begin
      assert (aside_q && due_q);
      assert (resume_progress_o == progress_seen_q && resume_kind_o == kind_seen_q);
      assert (resume_kind_o != vctoe_walker_pkg::WakeRecord || resume_record_o == record_seen_q);
      assert (!cancelled);
    end
    assert (aside_q == parked_q[slot] && due_q == awake_q[slot] && again_seen_q == again_q[slot]);
    assert (!again_seen_q || kind_seen_q == vctoe_walker_pkg::WakeAgain);
    assert (!aside_q || progress_q[slot] == progress_seen_q);
    assert (!aside_q || !(due_q || again_q[slot]) || kind_q[slot] == kind_seen_q);
    assert (!due_q || kind_seen_q != vctoe_walker_pkg::WakeRecord || record_q[slot] == record_seen_q);
    assert (!taken || !live_q[slot]);  // no slot is given twice
    assert (32'(count_q) == count && any_o == (count != '0));
    assert (32'(turn_q) < Walks);

    cover (comes && kind_seen_q == vctoe_walker_pkg::WakeRecord && count == Walks);
    cover (comes && kind_seen_q == vctoe_walker_pkg::WakeAgain);
    cover (cancelled && due_q);
    cover (cancelled && over_valid_i);
    cover (taken && again_i);
  end
end
