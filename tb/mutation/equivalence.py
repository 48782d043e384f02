"""Which mutants that live are no change at all: in no state that the walker can be in, and whatever
comes, does an output differ.

The walker, as an and-inverter graph, is built twice in one table of nodes, without and with the
mutation; what is the same structure is the same node. A register has one value for both as long as
what comes next is one node, or a solver finds no difference between the two (induction over cycles:
both begin with the same). If in the end no output differs, they are equivalent. What a neighbour must not do
(rtl/README.md: connection numbers, tags and configurations beyond the parameters) does not come, and
registers that then stay 0 for ever are 0.
"""
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 20  # of real time for a question to the solver
MUTANT = 60  # seconds for one mutant; nothing is proven later
ZERO = 600  # seconds for the search of registers that stay 0; none is known to do so later
RUNS, CYCLES = 256, 100  # random ones, to see which registers may stay 0
# Inputs, and how many of their bits may be other than 0 at the parameter set "pair".
CONTRACT = {
    "walk_connection_i": 3, "cancel_connection_i": 3, "rsp_tag_i": 3, "cfg_engines_i": 2,
    "cfg_walks_i": 3, "cfg_queue_i": 2, "cfg_tags_i": 3, "cfg_pages_i": 2, "cfg_set_mask_i": 1,
    "cfg_anchors_i": 2, "cfg_anchor_stride_i": 17,
}


def prepare(out, mutants):
    """Leaves the walker with these mutants in walker.aig, and the names of its pins in walker.map."""
    chosen = out / "survivors.ys"
    chosen.write_text("".join(m.command() + "\n" for m in mutants))
    subprocess.run(["yosys", "-q", "-p", f"""
        read_rtlil {out}/netlist.il
        script {chosen}
        delete -output o:trigger
        opt_clean
        memory_map
        opt_clean
        async2sync
        setundef -zero -undriven
        setundef -zero
        setundef -zero -init
        simplemap
        techmap
        dffunmap
        setundef -zero
        aigmap
        opt_clean
        write_aiger -zinit -map {out}/walker.map {out}/walker.aig"""], check=True,
                   capture_output=True)


class Graph:
    """A sequential and-inverter graph as AIGER stores it."""

    def __init__(self, path, names):
        data = path.read_bytes()
        head, at = data[:data.index(b"\n")], data.index(b"\n") + 1
        _, self.inputs, latches, outputs, ands = map(int, head.split()[1:6])
        self.next, self.outputs, self.ands = [], [], []
        for _ in range(latches):
            end = data.index(b"\n", at)
            self.next.append(int(data[at:end].split()[0]))
            at = end + 1
        for _ in range(outputs):
            end = data.index(b"\n", at)
            self.outputs.append(int(data[at:end]))
            at = end + 1

        def number(at):
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 127) << shift
                if byte < 128:
                    return value, at
                shift += 7

        for i in range(ands):
            left = 2 * (1 + self.inputs + latches + i)
            step, at = number(at)
            first = left - step
            step, at = number(at)
            self.ands.append((first, first - step))
        self.pin = {}  # index of an input: its name and bit
        for line in names.read_text().splitlines():
            word = line.split()
            if word[0] == "input":
                self.pin[int(word[1])] = (word[3].lstrip("\\"), int(word[2]))


class Table:
    """Nodes of and-gates, each structure once. A literal is twice a node, plus one if inverted."""

    def __init__(self):
        self.of, self.nodes = {}, [None]

    def variable(self):
        self.nodes.append(None)
        return 2 * (len(self.nodes) - 1)

    def both(self, a, b):
        if a > b:
            a, b = b, a
        if a == 0 or a ^ b == 1:
            return 0
        if a == 1 or a == b:
            return b
        node = self.of.get((a, b))
        if node is None:
            self.nodes.append((a, b))
            node = self.of[a, b] = 2 * (len(self.nodes) - 1)
        return node


def build(graph, table, inputs, latches):
    """Literals of all nodes of the graph, in the table."""
    value = [0] + inputs + latches
    both = table.both
    for a, b in graph.ands:
        value.append(both(value[a >> 1] ^ (a & 1), value[b >> 1] ^ (b & 1)))
    return value


def literal(value, node):
    return value[node >> 1] ^ (node & 1)


class Walker:
    """The graph, and what holds for the walker without a mutation."""

    def __init__(self, graph):
        self.graph, self.table = graph, Table()
        self.free = {}
        for i in range(graph.inputs):
            name, bit = graph.pin[i]
            if name != "mutsel" and bit < CONTRACT.get(name, 9999):
                self.free[i] = self.table.variable()
        self.held = [self.table.variable() for _ in graph.next]
        self.first = len(self.table.nodes)
        zero, end = self.never_one(), time.time() + ZERO  # those that stay 0, if all of them do
        while True:
            if time.time() > end:
                zero = set()
            latches = [0 if i in zero else v for i, v in enumerate(self.held)]
            table = table_beside(self.table)
            value = build(graph, table, self.inputs(0), latches)
            come = {i: literal(value, graph.next[i]) for i in zero}
            wrong = {i for i in zero if come[i] == 1}
            if not wrong:
                pairs = sorted({(0, c) for c in come.values() if c != 0})
                if not pairs:
                    break
                true = solve(table.nodes, pairs)
                if true is None:
                    break
                wrong = {i for i in zero if come[i] in true}
            zero -= wrong
        self.latches = latches
        self.plain = build(graph, self.table, self.inputs(0), latches)

    def never_one(self):
        """Registers that were never 1 in many short runs with random inputs."""
        graph, random_of = self.graph, random.Random(1)
        wide = (1 << RUNS) - 1
        held, ever = [0] * len(graph.next), [0] * len(graph.next)
        for _ in range(CYCLES):
            value = [0] + [random_of.getrandbits(RUNS) if i in self.free else 0
                           for i in range(graph.inputs)] + held
            for i, (name, _) in graph.pin.items():
                if name == "rst_ni":  # seldom low
                    value[1 + i] |= random_of.getrandbits(RUNS) | random_of.getrandbits(RUNS)
                    value[1 + i] |= random_of.getrandbits(RUNS) | random_of.getrandbits(RUNS)
            for a, b in graph.ands:
                left = value[a >> 1] ^ wide if a & 1 else value[a >> 1]
                value.append(left & (value[b >> 1] ^ wide if b & 1 else value[b >> 1]))
            held = [value[n >> 1] ^ wide if n & 1 else value[n >> 1] for n in graph.next]
            ever = [e | h for e, h in zip(ever, held)]
        return {i for i, e in enumerate(ever) if e == 0}

    def inputs(self, mutant):
        return [self.free[i] if i in self.free else
                (mutant >> bit & 1 if name == "mutsel" else 0)
                for i, (name, bit) in sorted(self.graph.pin.items())]

    def same(self, mutant):
        """True: proven."""
        graph, table = self.graph, self.table
        size, end = len(table.nodes), time.time() + MUTANT
        latches = list(self.latches)
        proven = set()  # pairs of literals between which there is no difference
        while True:
            value = build(graph, table, self.inputs(mutant), latches)

            def differing(nodes):
                for i, node in enumerate(nodes):
                    pair = literal(self.plain, node), literal(value, node)
                    if pair[0] != pair[1]:
                        yield i, pair

            outputs = [pair for _, pair in differing(graph.outputs) if pair not in proven]
            nexts = {i: pair for i, pair in differing(graph.next) if pair not in proven}
            new = {i for i in nexts if latches[i] == self.latches[i]}
            pairs = sorted(set(outputs) | {nexts[i] for i in new})
            if not pairs:
                result = True
                break
            apart = different(table.nodes, pairs)
            if time.time() > end or not apart.isdisjoint(outputs):
                result = False
                break
            if apart:
                for i in new:
                    if nexts[i] in apart:
                        latches[i] = table.variable()
                continue
            if self.unsatisfiable(pairs):
                proven |= set(pairs)
                continue
            # One that the solver cannot tell in time counts as different.
            if not all(self.unsatisfiable([p]) for p in sorted(set(outputs))):
                result = False
                break
            proven |= set(outputs)
            apart = [i for i in sorted(new)
                     if time.time() > end or not self.unsatisfiable([nexts[i]])]
            proven |= {nexts[i] for i in new if i not in apart}
            for i in apart:
                latches[i] = table.variable()
        for node in table.nodes[size:]:
            table.of.pop(node, None)
        del table.nodes[size:]
        return result

    def unsatisfiable(self, pairs):
        """No contents of registers and inputs make any of the pairs differ."""
        return solve(self.table.nodes, pairs) is None


def table_beside(table):
    """An empty table in which the variables of this one are variables too."""
    new = Table()
    new.nodes = [None] * len(table.nodes)
    return new


def cone_of(nodes, pairs):
    """Nodes that the literals of the pairs depend on, each behind those that it depends on."""
    cone, stack = set(), [lit >> 1 for pair in pairs for lit in pair]
    while stack:
        node = stack.pop()
        if node in cone:
            continue
        cone.add(node)
        if nodes[node] is not None:
            stack += [nodes[node][0] >> 1, nodes[node][1] >> 1]
    cone.discard(0)
    return sorted(cone)


def different(nodes, pairs):
    """Those of the pairs that random contents of registers and inputs show to be different."""
    random_of = random.Random(len(pairs))
    wide = (1 << RUNS) - 1
    value = {0: 0}

    def of(lit):
        return value[lit >> 1] ^ wide if lit & 1 else value[lit >> 1]

    for node in cone_of(nodes, pairs):
        value[node] = (random_of.getrandbits(RUNS) if nodes[node] is None else
                       of(nodes[node][0]) & of(nodes[node][1]))
    return {(a, b) for a, b in pairs if of(a) != of(b)}


def solve(nodes, pairs):
    """None if no contents make the literals of any pair differ; else second literals of pairs that
    may, all of them if the solver was not done in time."""
    number = {node: i + 1 for i, node in enumerate(cone_of(nodes, pairs))}

    def var(lit):
        n = number[lit >> 1]
        return -n if lit & 1 else n

    def of(lit, model):
        return lit & 1 if lit < 2 else (number[lit >> 1] in model) != (lit & 1)

    clauses, count, some = [], len(number), []
    for node in number:
        if nodes[node] is not None:
            a, b = nodes[node]
            clauses += [(-number[node], var(a)), (-number[node], var(b)),
                        (number[node], -var(a), -var(b))]
    for a, b in pairs:
        count += 1
        some.append(count)
        if a < 2:
            clauses.append((-count, -var(b) if a else var(b)))
        elif b < 2:
            clauses.append((-count, -var(a) if b else var(a)))
        else:
            clauses += [(-count, var(a), var(b)), (-count, -var(a), -var(b))]
    clauses.append(tuple(some))
    with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
        file.write(f"p cnf {count} {len(clauses)}\n")
        file.writelines(" ".join(map(str, c)) + " 0\n" for c in clauses)
        file.flush()
        done = subprocess.run(["z3", "-dimacs", f"-T:{SECONDS}", file.name], capture_output=True,
                              text=True)
    if "UNSATISFIABLE" in done.stdout or "unsat" in done.stdout:
        return None
    model = {int(w) for line in done.stdout.splitlines() if line.startswith("v")
             for w in line.split()[1:]}
    true = {b for a, b in pairs if of(a, model) != of(b, model)}
    return true or {b for _, b in pairs}


def prove(out, mutants):
    if not mutants:
        return
    prepare(out, mutants)
    walker = Walker(Graph(out / "walker.aig", out / "walker.map"))
    for mutant in mutants:
        if walker.same(mutant.number):
            mutant.result = "equivalent"


def main():
    """equivalence.py AIG MAP NUMBER..: of what prepare() left, for whoever looks into one."""
    walker = Walker(Graph(Path(sys.argv[1]), Path(sys.argv[2])))
    stay = sum(v == 0 for v in walker.latches)
    print(f"{len(walker.latches)} registers, {stay} of them stay 0", flush=True)
    for number in map(int, sys.argv[3:]):
        began = time.time()
        print(number, "equivalent" if walker.same(number) else "not proven",
              f"{time.time() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
