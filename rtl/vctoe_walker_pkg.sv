// Types and codes that the parts of the virtual-context walker share. Numbers that leave the walker
// are those of the driver contract (models/nic/fault.h).
package vctoe_walker_pkg;

  // Few blocks use all of it.
  /* verilator lint_off UNUSEDPARAM */

  // Bits that show only after very many events. Smaller in the netlist of the mutants, and nowhere else,
  // so that a bench can see all of them at work.
  localparam int unsigned IndexW = 31;    // of a record in its list
  localparam int unsigned CounterW = 32;  // of the performance counters

  // Why a walk ended badly: out_code_o.
  localparam logic [3:0] FaultNone = 4'd0;
  localparam logic [3:0] FaultNullHead = 4'd1;
  localparam logic [3:0] FaultMisaligned = 4'd2;
  localparam logic [3:0] FaultTooLong = 4'd3;
  localparam logic [3:0] FaultZeroSize = 4'd4;
  localparam logic [3:0] FaultSequenceGap = 4'd5;
  localparam logic [3:0] FaultUnresolvable = 4'd6;
  localparam logic [3:0] FaultBadCompletion = 4'd7;
  localparam logic [3:0] FaultRange = 4'd8;
  localparam logic [3:0] FaultVersion = 4'd10;

  // What an output beat says: out_kind_o.
  localparam logic [2:0] OutBlock = 3'd0;
  localparam logic [2:0] OutNode = 3'd1;     // the host shall identify a page of records
  localparam logic [2:0] OutRelease = 3'd2;  // the translation of a page is gone
  localparam logic [2:0] OutFault = 3'd3;
  localparam logic [2:0] OutDone = 3'd4;

  // Why a walk that waited goes on.
  localparam logic [2:0] WakeNone = 3'd0;
  localparam logic [2:0] WakeRecord = 3'd1;         // its record is in the record buffer
  localparam logic [2:0] WakeAgain = 3'd2;          // the read has to be asked for once more
  localparam logic [2:0] WakeUnresolvable = 3'd3;
  localparam logic [2:0] WakeBadCompletion = 3'd4;

  // A record as it lies in host memory, little-endian (context_format.h).
  typedef struct packed {
    logic [63:0] next;
    logic [15:0] asid;
    logic [7:0]  version;
    logic [7:0]  flags;
    logic [31:0] starting_sequence;
    logic [31:0] data_size;
    logic [31:0] offset;
    logic [63:0] virtual_address;
  } context_t;

  localparam logic [7:0] ContextVersion = 8'd1;  // the highest that is known

  // A record as the walker keeps it: offset added, size and link written out.
  typedef struct packed {
    logic        unknown;  // of a version that is not known
    logic [63:0] next;
    logic [63:0] address;
    logic [31:0] size;
    logic [31:0] sequence_number;
  } record_t;

  // The name of a record: where it is and what it must say.
  typedef struct packed {
    logic [15:0] connection;
    logic [15:0] asid;
    logic [63:0] address;
    logic [31:0] sequence_number;  // of its first byte, as the records before it say
  } key_t;

  // A walk as it was asked for; `sequence_number` and `length` shrink to what is still to be found.
  typedef struct packed {
    logic [31:0] txn;
    logic [15:0] connection;
    logic [15:0] asid;
    logic [63:0] head;
    logic [31:0] first_sequence;
    logic [31:0] sequence_number;
    logic [30:0] length;
    logic [31:0] block_size;
    logic [31:0] end_sequence;
    logic        retransmit;
  } walk_t;

  // A record of a list, as the walk through the records before it knows it.
  typedef struct packed {
    logic [63:0] address;
    logic [IndexW-1:0] index;  // records before it
    logic [32:0] covered;      // bytes before it
  } place_t;

  // A walk in progress, as it is put aside while it waits.
  typedef struct packed {
    walk_t       walk;
    place_t      place;
    logic [31:0] at;        // sequence number that the record at `place` must begin at
    logic [63:0] previous;  // address of the record before it, 0 if not seen
  } progress_t;

  // A read of a record that a walk needs.
  typedef struct packed {
    key_t        key;
    logic [31:0] txn;
    logic [31:0] block_size;
    logic [31:0] end_sequence;
  } want_t;

  // What the reader answers to a want.
  localparam logic [1:0] AnswerFetch = 2'd0;      // the read is on its way
  localparam logic [1:0] AnswerTranslate = 2'd1;  // the host has to identify the page first
  localparam logic [1:0] AnswerAgain = 2'd2;      // no tag or no translation is free: ask again

  // A read of host memory.
  typedef struct packed {
    logic [7:0]  tag;
    logic [63:0] address;
    logic [31:0] txn;
    logic [15:0] connection;
    logic [15:0] asid;
    logic        prefetch;
  } fetch_t;

  // One output beat.
  typedef struct packed {
    logic [2:0]  kind;
    logic [31:0] txn;
    logic [15:0] connection;
    logic [15:0] asid;
    logic [63:0] address;
    logic [30:0] length;
    logic [31:0] sequence_number;
    logic        retransmit;
    logic        last;
    logic [3:0]  code;
  } out_t;

  // Records to be read ahead of need.
  typedef struct packed {
    want_t      want;   // the next one
    logic [6:0] depth;  // how many from there on
  } ahead_t;

  // Widths of the types, for memories: Yosys 0.23 mistranslates arrays of structs.
  localparam int unsigned RecordW = 193;
  localparam int unsigned KeyW = 128;
  localparam int unsigned WalkW = 288;
  localparam int unsigned PlaceW = 64 + IndexW + 33;
  localparam int unsigned ProgressW = WalkW + PlaceW + 32 + 64;
  localparam int unsigned WantW = 224;
  localparam int unsigned FetchW = 137;
  localparam int unsigned AheadW = 231;
  localparam int unsigned OutW = 200;

  /* verilator lint_on UNUSEDPARAM */

endpackage
