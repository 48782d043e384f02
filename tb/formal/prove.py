#!/usr/bin/env python3
"""Proves properties of the blocks of the RTL walker with Yosys and a solver.

A property stands in its block under VCTOE_ASSERT, or in tb/formal/BLOCK.svh, which the block includes
when it is the top of a proof (VCTOE_TOP_BLOCK). Then VCTOE_ASSUME is an assumption; everywhere else it
is an assertion, so that the neighbours prove what a block takes for granted.

Modes. base: no assertion fails within `depth` cycles from reset. induction: nor ever after, if none
failed in `depth` cycles before (with base: proven for all time). cover: every cover is reached, so
that nothing is proven for want of cases. z3 does these through yosys-smtbmc; deep and deep-cover are
base and cover by abc, whose SAT solver gets further with the engine's adders and the whole walker.
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
import aig_trace  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclasses.dataclass(frozen=True)
class Job:
    block: str
    mode: str
    depth: int
    parameters: str = ""  # NAME=VALUE, separated by blanks
    quick: bool = False
    stubs: str = ""  # blocks that tb/formal/BLOCK_stub.sv stands for

    @property
    def name(self):
        return "-".join([self.block, self.mode] + self.parameters.replace("=", "").split())


FIFO = "Depth=3 Width=4"
TLB = "Pages=2 Connections=2"
CURSORS = "Sets=2 Anchors=2"
ENGINE = "SlotW=2"
READER = "Tags=2 Pages=2 Connections=2 SlotW=1"
TOP = "Engines=1 Walks=2 Queue=1 Tags=2 Pages=1 Sets=1 Cursors=1 Anchors=1 Connections=2"

JOBS = [
    Job("fifo", "base", 10, FIFO, True),
    Job("fifo", "induction", 4, FIFO, True),
    Job("fifo", "cover", 12, FIFO, True),
    Job("fifo", "base", 10, "Depth=1 Width=4", True),
    Job("fifo", "induction", 4, "Depth=1 Width=4", True),
    Job("arbiter", "base", 8, "Requests=5", True),
    Job("arbiter", "induction", 2, "Requests=5", True),
    Job("arbiter", "cover", 10, "Requests=5", True),
    Job("arbiter", "base", 8, "Requests=2", True),
    Job("arbiter", "induction", 2, "Requests=2", True),
    Job("cache", "base", 4, "Sets=2 Ways=2"),
    Job("cache", "induction", 2, "Sets=2 Ways=2", True),
    Job("cache", "cover", 8, "Sets=2 Ways=2"),
    Job("tlb", "base", 6, TLB),
    Job("tlb", "induction", 2, TLB, True),
    Job("tlb", "cover", 12, TLB),
    Job("tlb", "base", 4, "Pages=3 Connections=2"),
    Job("tlb", "induction", 2, "Pages=3 Connections=2"),
    Job("cursors", "base", 6, CURSORS),
    Job("cursors", "induction", 2, CURSORS),
    Job("cursors", "cover", 12, CURSORS),
    Job("reader", "base", 4, READER, stubs="tlb"),
    Job("reader", "induction", 2, READER, stubs="tlb"),
    Job("reader", "cover", 12, READER, stubs="tlb"),
    Job("engine", "deep", 8, ENGINE),
    Job("engine", "cover", 16, ENGINE),
    Job("walker", "deep", 21, TOP),
    Job("walker", "deep-cover", 30, TOP),
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
    """The Yosys script; leaves model.smt2, or model.aig with its map and list of properties."""
    top = "vctoe_walker" if job.block == "walker" else "vctoe_walker_" + job.block
    defines = ["-DVCTOE_TOP_" + job.block.upper(), f"-I{HERE}"]
    # Covers as assertions that they are never reached, or the assertions of the blocks.
    defines.append("-DVCTOE_SEEK" if job.mode == "deep-cover" else "-DVCTOE_ASSERT")
    steps = ["read_verilog -formal -sv " + " ".join(defines + sources(rtl, job.block, job.stubs.split()))]
    sets = " ".join(f"-set {p.replace('=', ' ')}" for p in job.parameters.split())
    if sets:
        steps.append(f"chparam {sets} {top}")
    # Small memories as registers: Yosys 0.23 sees a loop where the address of one port of a memory
    # depends on the data of another.
    steps += [f"prep -top {top} -flatten", "memory_map", "opt -keepdc -fast", "async2sync",
              "setundef -undriven -anyseq", "opt_clean", "dffunmap"]
    if job.mode.startswith("deep"):
        steps += ["chformal -cover -remove",
                  "setattr -unset keep", "delete -output", "opt -full",
                  "techmap", "opt -fast", "dffunmap", "opt_clean", "abc -g AND -fast", "opt_clean",
                  "json -o model.json t:$assert",
                  "write_aiger -I -B -zinit -no-startoffset -map model.aim model.aig"]
    else:
        steps.append("write_smt2 -wires model.smt2")
    return run(["yosys", "-q", "-p", "; ".join(steps)], folder, "log", None)


def source_line(where):
    """Text of a statement whose last line Yosys names as FILE:A.B-LINE.COLUMN."""
    found = re.search(r"([^|\s]+\.svh?):\d+\.\d+-(\d+)\.\d+", where.split("|")[-1])
    if not found or not os.path.exists(found[1]):
        return where
    text = open(found[1]).read().splitlines()[int(found[2]) - 1].strip()
    return f"{os.path.basename(found[1])}:{found[2]}: {text}"


def smt(job, folder, limit):
    flags = {"base": [], "induction": ["-i", "--noincr"], "cover": ["-c"]}[job.mode]
    code, text = run(["yosys-smtbmc", "--noprogress", "--unroll", "-s", "z3", *flags, "-t",
                      str(job.depth), "--dump-vcd", "trace.vcd", "model.smt2"], folder, "log", limit)
    if code == -1:
        return "no answer in time", []
    if code == 0 and "Status: PASSED" in text:
        return "", []
    why = [source_line(m[1]) for m in
           re.finditer(r"(?:Assert failed in \S+|Unreached cover statement at):? (\S+)", text)]
    return "failed", why or text.strip().splitlines()[-3:]


def properties(folder):
    module = next(iter(json.load(open(os.path.join(folder, "model.json")))["modules"].values()))
    return [c["attributes"].get("src", n) for n, c in module["cells"].items()
            if c["type"] == "$assert"]


def deep(job, folder, limit):
    what = "-a -x " if job.mode == "deep-cover" else ""
    write = "" if job.mode == "deep-cover" else "; write_cex -a witness"
    code, text = run(["yosys-abc", "-c", "read_aiger model.aig; fold; strash; "
                      f"bmc3 {what}-F {job.depth}{write}"], folder, "log", limit)
    named = properties(folder)
    if job.mode == "deep-cover":
        seen = {int(m[1]) for m in re.finditer(r"Output +(\d+) .*?asserted", text)}
        covers = [i for i, p in enumerate(named) if "walker.svh" in p.split("|")[-1]
                  and "SEEK" in source_line(p)]
        missing = [source_line(named[i]) for i in covers if i not in seen]
        return ("failed", missing) if missing or not covers else ("", [])
    if "asserted in frame" in text:
        path = [os.path.join(folder, f) for f in
                ("model.aig", "model.aim", "witness", "trace.vcd")]
        bad = aig_trace.trace(*path)
        return "failed", [source_line(named[i]) for i in (bad[0] if bad else [])]
    if code == -1:
        return "no answer in time", []
    return ("", []) if "No output asserted" in text else ("failed", text.splitlines()[-3:])


def prove(job, rtl, out, limit):
    """(job, what went wrong, which properties, seconds)"""
    folder = os.path.join(out, job.name)
    os.makedirs(folder, exist_ok=True)
    for old in ("log", "trace.vcd"):
        if os.path.exists(os.path.join(folder, old)):
            os.remove(os.path.join(folder, old))
    begin = time.monotonic()
    code, text = build(job, rtl, folder)
    if code != 0:
        return job, "failed", text.strip().splitlines()[-3:], 0.0
    wrong, why = (deep if job.mode.startswith("deep") else smt)(job, folder, limit)
    return job, wrong, why, time.monotonic() - begin


def markdown(results):
    print("# What is proven of the walker in RTL\n")
    print("Written by `tb/formal/prove.py --markdown`; `vctoe verify formal` runs the same jobs. "
          "Yosys 0.23, z3 4.8.12 through yosys-smtbmc; abc for the whole walker. Seconds are those "
          "of one run on two cores.\n")
    print("| block | shown | parameters | how far | seconds |\n|---|---|---|---|---|")
    groups = {}
    for job, wrong, _, seconds in results:
        groups.setdefault((job.block, job.parameters), []).append((job, wrong, seconds))
    for (block, parameters), group in groups.items():
        modes = {j.mode: (j, w) for j, w, _ in group}
        far = []
        if any(w for _, w, _ in group):
            far.append("**failed**")
        elif "induction" in modes and "base" in modes:
            far.append(f"unbounded (base {modes['base'][0].depth}, "
                       f"induction {modes['induction'][0].depth})")
        else:
            far += [f"{j.depth} cycles" for m, (j, _) in modes.items() if m in ("base", "deep")]
        far += ["all covers reached" for m in modes if m in ("cover", "deep-cover")]
        print(f"| {block} | {ABOUT[block]} | {parameters} | {', '.join(far)} | "
              f"{sum(s for _, _, s in group):.0f} |")


def main():
    parser = argparse.ArgumentParser(prog="prove.py", description=__doc__.splitlines()[0])
    parser.add_argument("--block", action="append", help="only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--list", action="store_true", help="print the jobs and do nothing")
    parser.add_argument("--markdown", action="store_true", help="print docs/formal.md")
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
    if options.list:
        for j in jobs:
            print(f"{j.block:8} {j.mode:10} depth {j.depth:3}  {j.parameters}")
        return 0
    out = os.path.abspath(options.out or tempfile.mkdtemp(prefix="vctoe_formal_"))
    rtl = os.path.abspath(options.rtl)
    say = sys.stderr if options.markdown else sys.stdout
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(prove, j, rtl, out, options.limit) for j in jobs]
        for done in concurrent.futures.as_completed(running):
            job, wrong, why, seconds = done.result()
            results.append(done.result())
            print(f"{job.block:8} {job.mode:10} depth {job.depth:3}  {job.parameters:28} "
                  f"{wrong or 'proven'}  {seconds:.1f} s", file=say, flush=True)
            for line in why:
                print(f"    {line}", file=say)
            if wrong:
                print(f"    see {os.path.join(out, job.name)}", file=say, flush=True)
    results.sort(key=lambda r: JOBS.index(r[0]))
    if options.markdown:
        markdown(results)
    bad = sum(1 for r in results if r[1])
    print(f"{len(results) - bad} of {len(results)} proven", file=say)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
