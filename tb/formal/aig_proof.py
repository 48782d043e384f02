"""Makes a proof from an AIGER file of a netlist whose registers begin anywhere.

from_reset: the netlist begins in reset; then a bounded search of frames 0 .. depth is what there is to
it. step: a property may be violated in frame `depth` only, and none was in the frames before; the
constraints hold in all of them. A bounded search that finds nothing has shown the induction step.

Both leave it to a SAT solver on bits. Word-level solvers take minutes where it takes seconds: the same
adder before and after an edge is one node of the graph, or nearly so.
"""
import aig_trace


def _coded(delta):
    out = bytearray()
    while delta > 127:
        out.append(delta & 127 | 128)
        delta >>= 7
    out.append(delta)
    return out


class _Writer:
    """The netlist of `aig` with `more` latches behind its own."""

    def __init__(self, aig, more):
        self.inputs, self.old, self.more = aig.inputs, len(aig.next), more
        self.ands = [(self.moved(a), self.moved(b)) for a, b in aig.ands]
        self.following = [self.moved(n) for n in aig.next]
        self.constraints = [self.moved(c) for c in aig.constraints]

    def moved(self, literal):
        """Literal of the old netlist in the new one."""
        return literal + 2 * self.more if literal >> 1 > self.inputs + self.old else literal

    def latch(self, number):
        return 2 * (self.inputs + self.old + number + 1)

    def both(self, a, b):
        self.ands.append((max(a, b), min(a, b)))
        return 2 * (self.inputs + self.old + self.more + len(self.ands))

    def write(self, path, bads):
        first = self.inputs + len(self.following) + 1
        head = [first - 1 + len(self.ands), self.inputs, len(self.following), 0, len(self.ands),
                len(bads), len(self.constraints)]
        with open(path, "wb") as out:
            out.write(("aig " + " ".join(map(str, head)) + "\n").encode())
            for literal in self.following + bads + self.constraints:
                out.write(f"{literal}\n".encode())
            for i, (a, b) in enumerate(self.ands):
                a, b = max(a, b), min(a, b)
                out.write(_coded(2 * (first + i) - a) + _coded(a - b))


def from_reset(source, names, target, wanted):
    """Writes `target` with the properties `wanted`, by their numbers in `source`."""
    aig = aig_trace.Aig(source)
    reset = [n for kind, n, _, name in names if kind == "input" and name == "rst_ni"]
    new = _Writer(aig, 1)
    new.following.append(1)  # the added latch: this is not the first frame
    if reset:
        new.constraints.append(new.both(new.latch(0) ^ 1, 2 * (reset[0] + 1)) ^ 1)
    new.write(target, [new.moved(aig.bads[i]) for i in wanted])


def step(source, target, wanted, depth):
    """Writes `target` with the properties `wanted`, by their numbers in `source`; depth >= 1."""
    aig = aig_trace.Aig(source)
    new = _Writer(aig, depth + 1)  # one for each frame before, one for what these violated
    bads = [new.moved(aig.bads[i]) for i in wanted]
    clean = new.latch(depth) ^ 1
    new.constraints.append(clean)
    for bad in bads:
        clean = new.both(clean, bad ^ 1)
    new.following += [1] + [new.latch(i) for i in range(depth - 1)] + [clean ^ 1]
    new.write(target, [new.both(b, new.latch(depth - 1)) for b in bads])
