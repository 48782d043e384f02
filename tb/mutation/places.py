"""Which places of a netlist are worth a mutation: the others change nothing, as its structure says.

A place is none if no output of the walker depends on it, or if the change leaves it as it is: a bit that is always 0
stuck at 0, one inverted when another, which is always 0, is 1. Dependence is looked at bit by bit where a
cell works bit by bit. A bit is always the same if it is a constant, or a register or a place in a memory that only
ever takes one value if all such do (induction; what nothing has been written to counts as that value).
"""
import collections
import json
import subprocess

BITWISE = {"$not", "$pos", "$and", "$or", "$xor", "$xnor"}
ARITHMETIC = {"$add", "$sub", "$neg", "$mul"}  # a bit depends on those that are not above it
REGISTERS = {"$dff", "$dffe", "$adff", "$adffe", "$sdff", "$sdffe", "$sdffce", "$aldff", "$dlatch"}


class Places:
    def __init__(self, netlist):
        """netlist: folder with netlist.il"""
        done = subprocess.run(["yosys", "-q", "-p", f"read_rtlil {netlist}/netlist.il; write_json"],
                              check=True, capture_output=True, text=True)
        module = json.loads(done.stdout[done.stdout.index("{"):])["modules"]["vctoe_netlist"]
        self.cells = module["cells"]
        self.driver = {}  # bit: cell, port, index
        for name, cell in self.cells.items():
            for port, bits in cell["connections"].items():
                if cell["port_directions"].get(port, "output") == "output":
                    for i, bit in enumerate(bits):
                        self.driver[bit] = name, port, i
        self.value = {}  # bits that are always the same
        self.find_constants()
        self.live = set()
        self.follow(b for name, p in module["ports"].items()
                    if p["direction"] == "output" and name != "trigger" for b in p["bits"])

    def find_constants(self):
        """Takes every driven bit for a constant of a value still unknown ("x"), and gives up those that are none."""
        users = {}
        for name, cell in self.cells.items():
            for port, bits in cell["connections"].items():
                if cell["port_directions"].get(port, "output") == "input":
                    for bit in bits:
                        users.setdefault(bit, set()).add(name)
        value = dict.fromkeys(self.driver, "x")
        waiting = collections.OrderedDict.fromkeys(self.cells)
        while waiting:
            name = waiting.popitem(last=False)[0]
            cell = self.cells[name]
            for port, bits in cell["connections"].items():
                if cell["port_directions"].get(port, "output") == "input":
                    continue
                for i, bit in enumerate(bits):
                    old = value.get(bit)
                    if old is None:
                        continue
                    new = self.constant(cell, port, i, value)
                    # Once known it may only become none.
                    new = new if old == "x" or new == old else None
                    if new != old:
                        value[bit] = new
                        waiting.update(dict.fromkeys(users.get(bit, ())))
        self.value = {b: v for b, v in value.items() if v in ("0", "1")}

    @staticmethod
    def constant(cell, port, index, value):
        """What the bit of an output always is: "0", "1", not known yet ("x"), or nothing (None)."""
        kind, at, parameters = cell["type"], cell["connections"], cell["parameters"]

        def of(bit):
            return (bit if bit in "01x" else "x") if isinstance(bit, str) else value.get(bit)

        def same(values):
            found = {v for v in values if v != "x"}
            return "x" if not found else found.pop() if len(found) == 1 else None

        def extended(p):
            if index < len(at[p]):
                return of(at[p][index])
            signed = int(parameters.get(p + "_SIGNED", "0"), 2)
            return of(at[p][-1]) if signed else "0"

        if kind in ("$mux", "$pmux"):
            select = [of(b) for b in at["S"]]
            if kind == "$mux" and select[0] in ("0", "1"):
                return of(at["B" if select[0] == "1" else "A"][index])
            step = len(at["A"])
            return same([of(at["A"][index])] + [of(b) for b in at["B"][index::step]])
        if kind in ("$and", "$or", "$not", "$pos"):
            values = [extended(p) for p in ("A", "B") if p in at]
            if kind in ("$and", "$or"):
                ends = "0" if kind == "$and" else "1"
                if ends in values:
                    return ends
                return "x" if "x" in values else values[0] if values[0] == values[1] else None
            if kind == "$pos" or values[0] in ("x", None):
                return values[0]
            return "10"[int(values[0])]
        if kind in ("$shift", "$shiftx", "$shl", "$shr"):
            if not int(parameters.get("A_SIGNED", "0"), 2):
                return same([of(b) for b in at["A"]] + ["0"])
            return None
        if kind in REGISTERS:
            reset = parameters.get("ARST_VALUE") or parameters.get("SRST_VALUE")
            return same([of(at["D"][index])] + ([reset[len(reset) - 1 - index]] if reset else []))
        if kind == "$mem_v2" and port == "RD_DATA" and not set(parameters["INIT"]) - set("x"):
            width = int(parameters["WIDTH"], 2)
            return same(of(b) for b in at["WR_DATA"][index % width::width])
        return None

    def follow(self, bits):
        stack = list(bits)
        while stack:
            bit = stack.pop()
            if bit in self.live or isinstance(bit, str) or bit in self.value:
                continue
            self.live.add(bit)
            if bit in self.driver:
                name, port, index = self.driver[bit]
                stack += self.sources(self.cells[name], port, index)

    def sources(self, cell, port, index):
        """Inputs that the bit of an output depends on."""
        kind, at = cell["type"], cell["connections"]

        def bit(p, i):
            if i < len(at[p]):
                return [at[p][i]]
            signed = int(cell["parameters"].get(p + "_SIGNED", "0"), 2)
            return [at[p][-1]] if signed else []

        if kind in BITWISE:
            return [b for p in ("A", "B") if p in at for b in bit(p, index)]
        if kind in ARITHMETIC:
            return [b for p in ("A", "B") if p in at for b in at[p][:index + 1] + bit(p, index)]
        if kind in ("$mux", "$pmux"):
            step = len(at["A"])
            return [at["A"][index]] + at["B"][index::step] + at["S"]
        if kind in REGISTERS:
            return [b for p, bits in at.items() if p not in ("Q", "D", "AD") for b in bits] + \
                [at[p][index] for p in ("D", "AD") if p in at]
        if kind == "$mem_v2" and port == "RD_DATA":
            width = int(cell["parameters"]["WIDTH"], 2)
            found = at["RD_ADDR"] + at["WR_ADDR"] + at["WR_EN"][index % width::width]
            return found + at["WR_DATA"][index % width::width]
        return [b for p, bits in at.items()
                if cell["port_directions"].get(p, "output") == "input" for b in bits]

    def changes_something(self, option):
        """option: of a line of yosys' mutate -list"""
        cell = self.cells[option["cell"].lstrip("\\")]
        bits, index = cell["connections"][option["port"]], int(option["portbit"])
        bit, mode = self.value.get(bits[index], bits[index]), option["mode"]
        if bit == "x" or (mode in ("const0", "const1") and bit == mode[-1]):
            return False
        if mode in ("cnot0", "cnot1"):
            control = bits[int(option["ctrlbit"])]
            control = self.value.get(control, control)
            if isinstance(control, str) and control != mode[-1]:
                return False
        return self.observed(cell, option["port"], index, bits[index])

    def observed(self, cell, port, index, bit):
        if cell["port_directions"].get(port, "output") == "output":
            return bit in self.live
        # An input may be the same wire as others that matter: it is this one that is changed.
        marked = dict(cell["connections"])
        mark = "here"
        cell = dict(cell, connections={**marked, port: marked[port][:index] + [mark] +
                                       marked[port][index + 1:]})
        return any(b in self.live and mark in self.sources(cell, p, i)
                   for p, bits in marked.items()
                   if cell["port_directions"].get(p, "output") == "output"
                   for i, b in enumerate(bits)) or cell["type"] in ("$assert", "$assume")
