// Stands for the translation cache in the proof of its user: it answers anything. What the user may
// rely on is assumed in reader.svh, and proven in tlb.svh.
module vctoe_walker_tlb #(
    parameter int unsigned Pages = 16,
    parameter int unsigned Connections = 16,
    parameter int unsigned Reads = 256
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [ 8:0] cfg_pages_i,  // entries in use, 1 .. Pages

    // At most one of acquire, release, fill, inv and a step of forget in a cycle.
    input  logic        acquire_valid_i,
    input  logic        acquire_ahead_i,  // not needed yet
    input  logic [15:0] acquire_connection_i,
    input  logic [15:0] acquire_asid_i,
    input  logic [51:0] acquire_page_i,
    output logic        acquire_hit_o,    // valid, and held for the caller until release
    output logic        acquire_wait_o,   // the host is asked; fill will name the entry
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] acquire_entry_o,
    output logic        acquire_evict_o,  // another translation was given up for it

    input  logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] frame_entry_i,
    output logic [51:0] frame_o,

    input  logic        release_valid_i,
    input  logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] release_entry_i,

    input  logic        fill_valid_i,
    input  logic        fill_failed_i,
    input  logic [15:0] fill_asid_i,
    input  logic [51:0] fill_page_i,
    input  logic [51:0] fill_frame_i,
    input  logic [$clog2(Reads+1)-1:0] fill_holds_i,  // reads that wait for it, from fill_entry_o
    output logic        fill_hit_o,
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] fill_entry_o,

    input  logic        inv_valid_i,
    input  logic [15:0] inv_asid_i,
    input  logic [51:0] inv_page_i,
    output logic        inv_hit_o,
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] inv_entry_o,

    input  logic        forget_valid_i,
    input  logic [15:0] forget_connection_i,
    output logic        forget_busy_o,

    output logic        need_valid_o,
    input  logic        need_ready_i,
    output logic [15:0] need_connection_o,  // that asked first
    output logic [15:0] need_asid_o,
    output logic [51:0] need_page_o,

    output logic        drop_valid_o,
    input  logic        drop_ready_i,
    output logic [15:0] drop_asid_o,
    output logic [51:0] drop_page_o,

    output logic        freed_o,  // who was told busy may try again
    output logic        idle_o
);
  (* anyseq *) logic any_acquire_hit;
  assign acquire_hit_o = any_acquire_hit;
  (* anyseq *) logic any_acquire_wait;
  assign acquire_wait_o = any_acquire_wait;
  (* anyseq *) logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] any_acquire_entry;
  assign acquire_entry_o = any_acquire_entry;
  (* anyseq *) logic any_acquire_evict;
  assign acquire_evict_o = any_acquire_evict;
  (* anyseq *) logic [51:0] any_frame;
  assign frame_o = any_frame;
  (* anyseq *) logic any_fill_hit;
  assign fill_hit_o = any_fill_hit;
  (* anyseq *) logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] any_fill_entry;
  assign fill_entry_o = any_fill_entry;
  (* anyseq *) logic any_inv_hit;
  assign inv_hit_o = any_inv_hit;
  (* anyseq *) logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] any_inv_entry;
  assign inv_entry_o = any_inv_entry;
  (* anyseq *) logic any_forget_busy;
  assign forget_busy_o = any_forget_busy;
  (* anyseq *) logic any_need_valid;
  assign need_valid_o = any_need_valid;
  (* anyseq *) logic [15:0] any_need_connection;
  assign need_connection_o = any_need_connection;
  (* anyseq *) logic [15:0] any_need_asid;
  assign need_asid_o = any_need_asid;
  (* anyseq *) logic [51:0] any_need_page;
  assign need_page_o = any_need_page;
  (* anyseq *) logic any_drop_valid;
  assign drop_valid_o = any_drop_valid;
  (* anyseq *) logic [15:0] any_drop_asid;
  assign drop_asid_o = any_drop_asid;
  (* anyseq *) logic [51:0] any_drop_page;
  assign drop_page_o = any_drop_page;
  (* anyseq *) logic any_freed;
  assign freed_o = any_freed;
  (* anyseq *) logic any_idle;
  assign idle_o = any_idle;
endmodule
