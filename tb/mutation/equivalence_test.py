#!/usr/bin/env python3
"""Which changes of a small queue equivalence.py proves to be none: those of bits that are 0 in every
state that can be reached, and no others."""
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import equivalence  # noqa: E402
from mutate import Mutant  # noqa: E402

SOURCE = """
module queue (input logic clk_i, input logic rst_ni, input logic push_i, input logic pop_i,
              input logic [3:0] data_i, output logic valid_o, output logic [3:0] data_o,
              output logic trigger);
  logic [3:0] word_q[2];
  logic [5:0] level_q;  // never above 2
  logic head_q, tail_q, full_q;
  wire push = push_i && level_q < 6'd2;
  wire pop = pop_i && level_q != 6'd0;
  assign valid_o = level_q != 6'd0;
  assign data_o = word_q[head_q] ^ {4{full_q}};
  assign trigger = 1'b0;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {level_q, head_q, tail_q, full_q} <= '0;
    end else begin
      level_q <= level_q + 6'(push) - 6'(pop);
      if (push) tail_q <= !tail_q;
      if (pop) head_q <= !head_q;
      full_q <= level_q[5];
    end
  end
  always_ff @(posedge clk_i) if (push) word_q[tail_q] <= data_i;
endmodule
"""
# wire, bit, what is done to it, whether it is a change
CASES = [
    ("level_q", 5, "const0", False),
    ("level_q", 3, "const0", False),
    ("level_q", 1, "const0", True),
    ("level_q", 0, "const1", True),
    ("level_q", 5, "const1", True),
    ("full_q", 0, "const0", False),
    ("full_q", 0, "inv", True),
    ("head_q", 0, "inv", True),
    ("tail_q", 0, "const0", True),
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        (out / "queue.sv").write_text(SOURCE)
        # Registers get names by which a mutation can point at them.
        subprocess.run(["yosys", "-q", "-p", f"""
            read_verilog -sv {out}/queue.sv; prep -flatten -top queue; rename -top vctoe_netlist
            rename -wire; write_rtlil {out}/netlist.il"""], check=True, capture_output=True)
        cells = {}
        cell = None
        for line in (out / "netlist.il").read_text().splitlines():
            words = line.split()
            if words[:1] == ["cell"]:
                cell = words[2] if "dff" in words[1] else None
            if cell and words[:2] == ["connect", "\\Q"]:
                cells[words[2].lstrip("\\")] = cell
        mutants = []
        for i, (wire, bit, mode, _) in enumerate(CASES):
            mutants.append(Mutant(i + 1, f"mutate -ctrl mutsel 1 1 -mode {mode} -module "
                                  f"vctoe_netlist -cell {cells[wire]} -port \\Q -portbit {bit}"))
        equivalence.prove(out, mutants)
    wrong = [c for c, m in zip(CASES, mutants) if (m.result != "equivalent") != c[3]]
    for case in wrong:
        print("taken for the opposite:", case)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
