#!/usr/bin/env python3
"""Proves properties of the blocks of the RTL walker with Yosys and abc.

A property stands in its block under VCTOE_ASSERT, or in tb/formal/BLOCK.svh, which the block includes
when it is the top of a proof (VCTOE_TOP_BLOCK). Then VCTOE_ASSUME is an assumption; everywhere else it
is an assertion, so that the neighbours prove what a block takes for granted.

Modes. base: no assertion fails within `depth` cycles from reset. induction: nor ever after, if none
failed in `depth` cycles before (with base: proven for all time). cover: every cover is reached within
`depth` cycles, so that nothing is proven for want of cases. A job builds one netlist of bits for all
of its modes; bmc3 of abc, a SAT solver, does each.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import aig_proof  # noqa: E402
import aig_trace  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SOUGHT = "sought.v"  # makes covers assertions that they are not reached
GOOD = {"base": "proven", "induction": "proven", "cover": "reached"}


@dataclasses.dataclass(frozen=True)
class Job:
    block: str
    parameters: str  # NAME=VALUE, separated by blanks
    base: int = 0  # depths in cycles, 0: not done
    induction: int = 0
    cover: int = 0
    quick: bool = False
    stubs: str = ""  # blocks that tb/formal/BLOCK_stub.sv stands for

    @property
    def name(self):
        return "-".join([self.block] + self.parameters.replace("=", "").split())

    @property
    def modes(self):
        depths = (("base", self.base), ("induction", self.induction), ("cover", self.cover))
        return [(mode, depth) for mode, depth in depths if depth]


TOP = "Engines=1 Walks=2 Queue=1 Tags=2 Pages=1 Sets=1 Cursors=1 Anchors=1 Connections=2"

JOBS = [
    Job("fifo", "Depth=3 Width=4", 10, 1, 12, True),
    Job("fifo", "Depth=1 Width=4", 10, 1, 0, True),
    Job("arbiter", "Requests=5", 8, 1, 10, True),
    Job("arbiter", "Requests=2", 8, 1, 0, True),
    Job("cache", "Sets=2 Ways=2", 4, 1, 8, True),
    Job("tlb", "Pages=2 Connections=2", 4, 1, 12, True),
    Job("tlb", "Pages=3 Connections=2", 4, 1, 0),
    Job("cursors", "Sets=2 Anchors=2", 3, 1, 12, True),
    Job("reader", "Tags=2 Pages=2 Connections=2 SlotW=1", 4, 1, 12, True, "tlb"),
    Job("reader", "Tags=3 Pages=2 Connections=2 SlotW=2", 4, 1, 0, False, "tlb"),
    Job("park", "Walks=3", 3, 1, 12, True),
    Job("engine", "SlotW=2", 2, 1, 16, True),
    Job("walker", TOP, 20, 0, 30),
]

ABOUT = {
    "fifo": "No word is lost, doubled, altered or overtaken; neither overflow nor underflow.",
    "arbiter": "One grant at most, to one who asks, whenever one asks; who keeps asking waits for "
               "at most Requests - 1 others.",
    "cache": "A hit is what was inserted last under that connection, address space and address, "
             "begins at the sequence number asked for and was not flushed since; a record has one "
             "line; no way of a set falls out of the order of use.",
    "tlb": "A page has one entry; asked for, answered and released alternate; nothing is released "
           "while a read holds it; holds, frame and sharers are those that were given; nothing "
           "stays pinned that nobody uses; the two queues towards the host never overflow.",
    "cursors": "A place that is given was noted of the same list of the same connection, not "
               "forgotten since, nor the list entered anew; it is never behind the bytes asked "
               "for, across the wrap of sequence numbers too.",
    "reader": "A tag is in one state; tags are unique in flight; completions are bounded by "
              "accepted fetches; only what is held is released.",
    "park": "A walk that is put aside comes back as it was, once, and with what woke it; no slot is given "
            "twice; a cancelled walk does not come back.",
    "engine": "States and codes are legal; every fault has its own cause; a block is of the walk "
              "asked for, within record, granularity and page, and follows the one before modulo "
              "2^32; nothing is offered in the cycle of a cancel, nor after it.",
    "walker": "Streams are stable under back-pressure; tags are unique in flight; pages are asked "
              "for and released in turn; no walk is lost, doubled or altered; nothing of a walk "
              "leaves after its cancel. The blocks' own assertions hold too, with what they "
              "assume of their neighbours.",
}


# Blocks that a block is made of; of the walker, all.
PARTS = {"reader": ["tlb", "spell"]}


def sources(rtl, block, stubs):
    files = [f for f in sorted(os.listdir(rtl)) if f.endswith(".sv")]
    if block != "walker":
        wanted = {f"vctoe_walker_{b}.sv" for b in ["pkg", block] + PARTS.get(block, [])}
        files = [f for f in files if f in wanted]
    files.sort(key=lambda f: not f.endswith("_pkg.sv"))
    paths = []
    for f in files:
        block = f[len("vctoe_walker_"):-len(".sv")]
        paths.append(os.path.join(HERE, block + "_stub.sv") if block in stubs
                     else os.path.join(rtl, f))
    return paths


def run(command, folder, log, limit):
    """Exit code and what was written; -1 when it took too long."""
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, timeout=limit,
                              stderr=subprocess.STDOUT, text=True, check=False)
        code, text = done.returncode, done.stdout
    except subprocess.TimeoutExpired as e:
        code, text = -1, (e.stdout or b"").decode() if e.stdout else ""
    with open(os.path.join(folder, log), "a") as out:
        out.write(text)
    return code, text


def build(job, rtl, folder):
    """The netlist: model.aig with its map model.aim and, in model.json, its properties."""
    top = "vctoe_walker" if job.block == "walker" else "vctoe_walker_" + job.block
    files = " ".join(sources(rtl, job.block, job.stubs.split()))
    sets = " ".join(f"-set {p.replace('=', ' ')}" for p in job.parameters.split())
    steps = [
        f"read_verilog -formal -sv -DVCTOE_TOP_{job.block.upper()} -DVCTOE_ASSERT -I{HERE} {files}",
        f"chparam {sets} {top}", f"hierarchy -top {top}", "proc -noopt", "flatten", "opt_expr",
        # Small memories as registers: Yosys 0.23 sees a loop where the address of one port of a
        # memory depends on the data of another.
        "opt_clean", "memory -nomap", "memory_map", "opt_expr", "opt_merge", "opt_clean",
        "async2sync", "setundef -undriven -anyseq", "dffunmap",
        f"techmap -map {HERE}/{SOUGHT} t:$cover", "setattr -unset keep", "delete -output", "opt_clean",
        "alumacc", "techmap", "opt_expr", "setundef -anyseq", "dffunmap", "aigmap", "opt_clean",
        "json -o model.json t:$assert",
        "write_aiger -I -B -zinit -no-startoffset -map model.aim model.aig"]
    return run(["yosys", "-q", "-p", "; ".join(steps)], folder, "log", None)


def source_line(where):
    """Text of a statement whose last line Yosys names as FILE:A.B-LINE.COLUMN."""
    found = re.search(r"([^|\s]+\.svh?):\d+\.\d+-(\d+)\.\d+", where.split("|")[-1])
    if not found or not os.path.exists(found[1]):
        return where
    text = open(found[1]).read().splitlines()[int(found[2]) - 1].strip()
    return f"{os.path.basename(found[1])}:{found[2]}: {text}"


def properties(folder):
    """Where each stands, and whether it is a cover; in the order of the AIGER file."""
    module = next(iter(json.load(open(os.path.join(folder, "model.json")))["modules"].values()))
    found = []
    for name, cell in module["cells"].items():
        if cell["type"] == "$assert":
            parts = cell["attributes"].get("src", name).split("|")
            found.append(("|".join(p for p in parts if SOUGHT not in p), SOUGHT in parts[-1]))
    return found


def search(mode, depth, folder, limit):
    """What went wrong, if anything, and which properties that concerns."""
    named = properties(folder)
    wanted = [i for i, (_, sought) in enumerate(named) if sought == (mode == "cover")]
    model, target, names = (os.path.join(folder, f) for f in ("model.aig", mode + ".aig", "model.aim"))
    # A property is checked by registers that see it one edge later.
    if mode == "induction":
        aig_proof.step(model, target, wanted, depth + 1)
        frames = depth + 2
    else:
        aig_proof.from_reset(model, aig_trace.read_names(names), target, wanted)
        frames = depth + 1
    how = f"bmc3 -a -x -F {frames}" if mode == "cover" else f"bmc3 -F {frames}; write_cex -a witness"
    code, text = run(["yosys-abc", "-c", f"read_aiger {mode}.aig; fold; strash; {how}"], folder, "log",
                     limit)
    where = [source_line(named[i][0]) for i in wanted]
    if mode == "cover":
        seen = {int(m[1]) for m in re.finditer(r"Output +(\d+) .*?asserted", text)}
        missing = [text for i, text in enumerate(where) if i not in seen]
        return ("not all reached" if missing or not wanted else ""), missing
    if "asserted in frame" in text:
        bad = aig_trace.trace(target, names, os.path.join(folder, "witness"),
                              os.path.join(folder, f"{mode}.vcd"))
        return "failed", [where[i] for i in (bad[0] if bad else [])]
    if code == -1:
        return "no answer in time", []
    return ("", []) if "No output asserted" in text else ("failed", text.splitlines()[-3:])


def prove(job, rtl, out, limit):
    """Of each mode: (job, mode, depth, what went wrong, which properties, seconds)"""
    folder = os.path.join(out, job.name)
    os.makedirs(folder, exist_ok=True)
    for old in ["log"] + [f"{mode}.vcd" for mode, _ in job.modes]:
        if os.path.exists(os.path.join(folder, old)):
            os.remove(os.path.join(folder, old))
    begin = time.monotonic()
    code, text = build(job, rtl, folder)
    results = []
    for mode, depth in job.modes:
        wrong, why = "failed", text.strip().splitlines()[-3:]
        if code == 0:
            wrong, why = search(mode, depth, folder, limit)
        results.append((job, mode, depth, wrong, why, time.monotonic() - begin))
        begin = time.monotonic()
    return results


def markdown(results):
    """The table of docs/formal.md."""
    print("| block | shown | parameters | how far | covers | seconds |\n|---|---|---|---|---|---|")
    groups = {}
    for job, mode, depth, wrong, _, seconds in results:
        groups.setdefault(job, {})[mode] = (depth, wrong, seconds)
    for job, modes in groups.items():
        proofs = [f"{mode} {depth}" + (f" **{wrong}**" if wrong else "")
                  for mode, (depth, wrong, _) in modes.items() if mode != "cover"]
        far = ", ".join(proofs)
        if "induction" in modes and not any(wrong for _, wrong, _ in modes.values()):
            far = f"unbounded ({far})"
        elif "induction" not in modes:
            far = f"{modes['base'][0]} cycles" + (f" **{modes['base'][1]}**" if modes["base"][1] else "")
        depth, wrong, _ = modes.get("cover", (0, "", 0))
        reached = (f"**{wrong}**" if wrong else f"all, within {depth}") if depth else ""
        print(f"| {job.block} | {ABOUT[job.block]} | {job.parameters} | {far} | {reached} | "
              f"{sum(s for _, _, s in modes.values()):.0f} |")


def main():
    parser = argparse.ArgumentParser(prog="prove.py", description=__doc__.splitlines()[0])
    parser.add_argument("--block", action="append", help="only this one; may be repeated")
    parser.add_argument("--mode", action="append", choices=sorted(GOOD),
                        help="only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--list", action="store_true", help="print the jobs and do nothing")
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/formal.md")
    parser.add_argument("--rtl", default=os.path.join(HERE, "../../rtl"), help="folder of the RTL")
    parser.add_argument("--out", help="where logs and traces go (default: a new folder)")
    parser.add_argument("--jobs", type=int, default=2, help="at the same time (default: 2)")
    parser.add_argument("--limit", type=float, default=3600, help="seconds for a job")
    options = parser.parse_args()

    known = sorted({j.block for j in JOBS})
    for block in options.block or []:
        if block not in known:
            parser.error(f"no block {block}; there are {', '.join(known)}")
    jobs = [j for j in JOBS if (not options.block or j.block in options.block)
            and (j.quick or not options.quick)]
    modes = options.mode or list(GOOD)
    jobs = [dataclasses.replace(j, **{m: 0 for m in GOOD if m not in modes}) for j in jobs]
    jobs = [j for j in jobs if j.modes]
    if options.list:
        for j in jobs:
            for mode, depth in j.modes:
                print(f"{j.block:8} {mode:10} depth {depth:3}  {j.parameters}")
        return 0
    out = os.path.abspath(options.out or tempfile.mkdtemp(prefix="vctoe_formal_"))
    rtl = os.path.abspath(options.rtl)
    say = sys.stderr if options.markdown else sys.stdout
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(prove, j, rtl, out, options.limit) for j in jobs]
        for done in concurrent.futures.as_completed(running):
            results += done.result()
            for job, mode, depth, wrong, why, seconds in done.result():
                print(f"{job.block:8} {mode:10} depth {depth:3}  {job.parameters:28} "
                      f"{wrong or GOOD[mode]}  {seconds:.1f} s", file=say, flush=True)
                for line in why:
                    print(f"    {line}", file=say)
                if wrong:
                    print(f"    see {os.path.join(out, job.name)}", file=say, flush=True)
    results.sort(key=lambda r: jobs.index(r[0]))
    if options.markdown:
        markdown(results)
    bad = sum(1 for r in results if r[3])
    print(f"{len(results) - bad} of {len(results)} proven", file=say)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
