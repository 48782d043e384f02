#!/usr/bin/env python3
"""Which places of a small netlist places.py takes for ones that a mutation can change, and which not."""
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from places import Places  # noqa: E402

SOURCE = """
module names (input logic clk_i, input logic rst_ni, input logic [1:0] name_i, input logic push_i,
              input logic at_i, output logic [1:0] name_o, output logic [3:0] sum_o,
              output logic same_o, output logic trigger);
  logic [7:0] name_q;      // bits 2 to 7 are always 0
  logic [7:0] names_q[2];  // and here
  logic [3:0] count_q;     // bit 3 is read by nobody but the assertion
  wire [7:0] held = names_q[at_i];
  wire [3:0] sum = count_q + 4'd3;
  assign name_o = held[1:0];
  assign same_o = held == name_q;
  assign sum_o = {1'b0, sum[2:0]};
  assign trigger = sum[3];
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) {name_q, count_q} <= '0;
    else begin
      name_q <= {6'd0, name_i};
      if (push_i) count_q <= count_q + 4'd1;
    end
  end
  always_ff @(posedge clk_i) if (push_i) names_q[at_i] <= name_q;
endmodule
"""
# kind of cell, port, bit, mode, bit that it depends on, whether it is a change
CASES = [
    ("$eq", "A", 1, "const0", 0, True),
    ("$eq", "A", 5, "const0", 0, False),
    ("$eq", "A", 5, "const1", 0, True),
    ("$eq", "A", 5, "inv", 0, True),
    ("$eq", "A", 0, "cnot1", 6, False),
    ("$eq", "A", 0, "cnot0", 6, True),
    ("$mem_v2", "RD_DATA", 7, "const0", 0, False),
    ("$mem_v2", "RD_DATA", 0, "inv", 0, True),
    ("$mem_v2", "WR_DATA", 3, "const0", 0, False),
    ("$adff", "Q", 2, "const0", 0, False),
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        (out / "names.sv").write_text(SOURCE)
        subprocess.run(["yosys", "-q", "-p", f"""
            read_verilog -sv {out}/names.sv; prep -flatten -top names; rename -top vctoe_netlist
            opt_clean; write_rtlil {out}/netlist.il"""], check=True, capture_output=True)
        places = Places(out)
    wrong = 0
    for kind, port, bit, mode, control, change in CASES:
        name = next(n for n, c in places.cells.items()
                    if c["type"] == kind and len(c["connections"][port]) > max(bit, control))
        option = {"cell": name, "port": port, "portbit": bit, "mode": mode, "ctrlbit": control}
        found = places.changes_something(option)
        if found != change:
            wrong += 1
            print(f"{kind}.{port}[{bit}] {mode}: taken for {'a' if found else 'no'} change")
    # Of the sum only what leaves; the highest bit goes to the assertion alone.
    adds = [c for c in places.cells.values() if c["type"] == "$add"]
    read = [c for c in adds if any(b in places.live for b in c["connections"]["Y"][:3])]
    if not read or not any(c["connections"]["Y"][3] not in places.live for c in read
                           if len(c["connections"]["Y"]) > 3):
        wrong += 1
        print("what only the assertion reads is taken for live")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
