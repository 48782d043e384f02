"""Replays a counterexample of abc on the AIGER file that it is of, and writes it as a VCD.

yosys-smtbmc can do that too, but asks its solver for every step, which takes minutes where this
takes a second. Shown are the inputs and the registers of the netlist, as Yosys's map names them.
"""
import collections


class Aig:
    """A binary AIGER 1.9 file with zero-initialised latches."""

    def __init__(self, path):
        data = open(path, "rb").read()
        end = data.index(b"\n")
        numbers = [int(x) for x in data[:end].split()[1:]] + [0] * 4
        self.last, self.inputs, latches, outputs, ands, bads, constraints = numbers[:7]
        at = end + 1

        def line():
            nonlocal at
            stop = data.index(b"\n", at)
            words = data[at:stop].split()
            at = stop + 1
            return [int(w) for w in words]

        self.next = [line()[0] for _ in range(latches)]
        self.outputs = [line()[0] for _ in range(outputs)]
        self.bads = [line()[0] for _ in range(bads)]
        self.constraints = [line()[0] for _ in range(constraints)]

        def delta():
            nonlocal at
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 127) << shift
                if byte < 128:
                    return value
                shift += 7

        self.ands = []
        left = 2 * (self.inputs + latches + 1)
        for _ in range(ands):
            first = left - delta()
            self.ands.append((first, first - delta()))
            left += 2

    def run(self, stimulus):
        """Yields (inputs, latches, bad ones) of each frame."""
        state = [0] * len(self.next)
        for bits in stimulus:
            value = [0] + bits + state + [0] * len(self.ands)
            base = 1 + self.inputs + len(state)
            for i, (a, b) in enumerate(self.ands):
                value[base + i] = (value[a >> 1] ^ (a & 1)) & (value[b >> 1] ^ (b & 1))

            def of(literal):
                return value[literal >> 1] ^ (literal & 1)

            yield bits, state, [i for i, b in enumerate(self.bads) if of(b)]
            state = [of(literal) for literal in self.next]


def read_names(path):
    """Of Yosys's map: (kind, number, bit, name), the kind being input, init, latch or output."""
    names = []
    for text in open(path):
        words = text.split()
        if words[0] in ("input", "init", "latch", "invlatch"):
            names.append((words[0], int(words[1]), int(words[2]), " ".join(words[3:])))
    return names


def read_stimulus(path, inputs):
    frames = []
    for text in open(path):
        text = text.strip()[:inputs]
        if len(text) == inputs and set(text) <= set("01x"):
            frames.append([1 if c == "1" else 0 for c in text])
    return frames


def trace(aig_path, map_path, witness_path, vcd_path):
    """Writes the VCD; returns the numbers of the properties that the last frames violate."""
    aig = Aig(aig_path)
    names = read_names(map_path)
    frames = list(aig.run(read_stimulus(witness_path, aig.inputs)))
    steps = []
    for bits, state, _ in frames:
        signals = collections.defaultdict(dict)
        for kind, number, bit, name in names:
            # A register without a reset begins with the value of an input.
            if kind == "input" or (kind == "init" and not steps):
                signals[name][bit] = bits[number]
            elif kind in ("latch", "invlatch"):
                value = state[number] ^ (kind == "invlatch")
                signals[name].setdefault(bit, value)
        steps.append(signals)
    with open(vcd_path, "w") as vcd:
        order = sorted(steps[0]) if steps else []
        vcd.write("$timescale 1 ns $end\n$scope module walker $end\n")
        for i, name in enumerate(order):
            width = max(steps[0][name]) + 1
            flat = name.replace(" ", "_")
            vcd.write(f"$var wire {width} n{i} {flat} $end\n")
        vcd.write("$upscope $end\n$enddefinitions $end\n")
        for time, signals in enumerate(steps):
            vcd.write(f"#{10 * time}\n")
            for i, name in enumerate(order):
                bits = signals[name]
                text = "".join(str(bits.get(b, 0)) for b in range(max(bits), -1, -1))
                vcd.write(f"b{text} n{i}\n")
        vcd.write(f"#{10 * len(steps)}\n")
    return [bad for _, _, bad in frames if bad]
