#!/usr/bin/env python3
"""Breaks the walker in many small ways and counts which the bench notices.

  tb/mutation/mutate.py BUILD [--count N] [--seed S] [--out DIR] [--stages N] [--rtl DIR] [--least P]
                         [--continue]

BUILD: build folder with mutant_bench. Yosys picks N places of the netlist (parameter set "pair") and
changes one bit of one cell's port in each: stuck at 0 or 1, inverted, or inverted when another bit is 0
or 1. Many mutants are one Verilated model. What the bench lets live is checked for
being no change at all; score = killed / (all - proven equivalent). Leaves DIR/mutants.csv.
Exit code: 1 if the score is below P percent, 2 for anything that went wrong.
"""
import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from places import Places

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WIDTH = 14  # bits of the input that chooses the mutant
PART = 334  # mutants of a model
# A mutated clock, reset or kind of a memory's port is no netlist that Yosys can write.
FIXED = {"RD_EN", "RD_CLK", "RD_ARST", "RD_SRST", "WR_CLK", "CLK", "ARST"}
WORDS = {
    "const0": "stuck at 0",
    "const1": "stuck at 1",
    "inv": "inverted",
    "cnot0": "inverted when bit {} is 0",
    "cnot1": "inverted when bit {} is 1",
}


class Mutant:
    def __init__(self, number, line):
        self.number, self.line = number, line
        self.option = dict(re.findall(r"-(mode|cell|port|portbit|ctrlbit|wire|wirebit) (\S+)", line))
        sources = re.findall(r"-src (?:\S*/)?rtl/(\S+)", line)
        # The instances that it lies in come with it; what is deepest is what was changed.
        inner = [s for s in sources if not s.startswith("vctoe_walker.sv:")] or sources
        spans = [s for s in inner if not re.search(r":0\.0", s)] or inner or ["?"]
        self.source = min(spans, key=span_of)
        self.result, self.by, self.walks, self.what = "", "", "", ""

    def command(self):
        return re.sub(r"-ctrl \S+ \d+ \d+", f"-ctrl mutsel {WIDTH} {self.number}", self.line)

    def place(self):
        o = self.option
        cell = re.sub(r"\$(flatten)?\\?|\d+$", "", o["cell"]).replace("\\", "")
        cell = re.sub(r"\$?(\S*/)?rtl/", " ", cell)
        bit = f"{o['port']}[{o['portbit']}]"
        wire = f" ({o['wire']}[{o.get('wirebit', 0)}])" if "wire" in o else ""
        return f"{cell}.{bit}{wire}"

    def change(self):
        return WORDS[self.option["mode"]].format(self.option.get("ctrlbit", ""))


def span_of(source):
    """Lines that a source range covers: the smallest says most."""
    numbers = re.match(r"\S*:(\d+)\.\d+-(\d+)\.\d+", source)
    return int(numbers[2]) - int(numbers[1]) if numbers else 9999


def run(words, **options):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def make_list(out, count, seed):
    raw = out / "list.ys"
    # What only assertions look at is none of the walker.
    run(["yosys", "-q", "-p", f"""
        read_rtlil {out}/netlist.il
        select -set walker o:* o:trigger %d %ci*
        mutate -list {count * 13 // 10 + 20} -seed {seed} -ctrl mutsel {WIDTH} 1 -o {raw} @walker"""])
    places = Places(out)
    mutants = [Mutant(0, line) for line in raw.read_text().splitlines()]
    mutants = [m for m in mutants if m.option["port"] not in FIXED
               and places.changes_something(m.option)][:count]
    if len(mutants) < count:
        raise RuntimeError(f"only {len(mutants)} places were found")
    for number, mutant in enumerate(mutants, 1):
        mutant.number = number
    return mutants


def try_part(out, build, mutants, options):
    """Makes a model with these mutants and runs the bench on each of them."""
    part = out / f"part{mutants[0].number}"
    part.mkdir(exist_ok=True)
    (part / "mutations.ys").write_text("".join(m.command() + "\n" for m in mutants))
    (part / "numbers").write_text("".join(f"{m.number}\n" for m in mutants))
    shutil.copy(out / "netlist.il", part)
    run([HERE / "model.sh", part, build / "rtl/libvctoe_verilated.a", "unique",
         part / "mutations.ys"])
    words = [build / "tb/mutation/mutant_bench", part / "model.so", part / "numbers", *options]
    with subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, text=True) as bench:
        for line in bench.stdout:  # as they come: a run that is broken off goes on from here
            take(mutants, line)
            with open(out / "results", "a") as file:
                file.write(line)
    if bench.returncode != 0:
        raise RuntimeError(f"{words[0]} failed: exit code {bench.returncode}")
    shutil.rmtree(part)


def take(mutants, lines):
    """Notes what mutant_bench says of them."""
    of = {m.number: m for m in mutants}
    for line in lines.splitlines():
        number, result, by, walks, what = (line + "\t\t").split("\t")[:5]
        if int(number) in of:
            m = of[int(number)]
            m.result, m.by, m.walks, m.what = result, by, walks, what


def try_all(out, build, mutants, options, jobs):
    """As many parts at a time as jobs: the more mutants a model has, the slower it is."""
    parts = [mutants[i:i + PART] for i in range(0, len(mutants), PART)]
    with ThreadPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(try_part, out, build, p, options) for p in parts]):
            done.result()


def write_table(out, mutants):
    with open(out / "mutants.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["mutant", "source", "place", "change", "result", "by", "walks", "what"])
        for m in mutants:
            table.writerow([m.number, m.source, m.place(), m.change(), m.result, m.by, m.walks,
                            m.what])


def report(mutants, least, began):
    count = {r: sum(m.result == r for m in mutants) for r in ("killed", "equivalent", "lives")}
    for m in mutants:
        if m.result == "lives":
            print(f"lives: {m.number:>5} {m.source:<44} {m.place()}: {m.change()}")
    score = 100 * count["killed"] / max(1, len(mutants) - count["equivalent"])
    print(f"{len(mutants)} mutants in {time.time() - began:.0f} s: {count['killed']} killed, "
          f"{count['equivalent']} proven equivalent, {count['lives']} live; score {score:.1f} %")
    return 0 if score >= least else 1


def main():
    options = argparse.ArgumentParser(prog="vctoe verify mutate")
    options.add_argument("build", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--count", type=int, default=1000, help="of mutants (default: 1000)")
    options.add_argument("--seed", type=int, default=1, help="of their choice (default: 1)")
    options.add_argument("--out", type=Path, default=Path("out/mutation"))
    options.add_argument("--stages", type=int, default=4, help="of the stimuli, 1 to 4 (default: 4)")
    options.add_argument("--rtl", type=Path, default=ROOT / "rtl", help="folder of the walker")
    options.add_argument("--least", type=float, default=0, help="score below which it fails")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at the same time")
    options.add_argument("--continue", dest="go_on", action="store_true",
                         help="keep what an earlier run has left in --out")
    options.add_argument("--no-proof", action="store_true", help="do not look for equivalent ones")
    o = options.parse_args()
    began = time.time()
    out = o.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    results = out / "results"
    if not o.go_on:
        results.unlink(missing_ok=True)
        run([HERE / "netlist.sh", o.rtl, "pair", out, "narrow"])
    mutants = make_list(out, o.count, o.seed)
    if results.exists():
        take(mutants, results.read_text())
    # The fewer mutants a model has, the faster it is: the long stages are for those that are left.
    first = min(o.stages, 2)
    try_all(out, o.build, [m for m in mutants if not m.result], ["--stages", first], o.jobs)
    if o.stages > first:
        try_all(out, o.build, [m for m in mutants if m.result == "lives"],
                ["--from", first + 1, "--stages", o.stages], o.jobs)
    if not o.no_proof:
        from equivalence import prove
        prove(out, [m for m in mutants if m.result == "lives"])
    write_table(out, mutants)
    return report(mutants, o.least, began)


if __name__ == "__main__":
    sys.exit(main())
