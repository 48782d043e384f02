#!/usr/bin/env python3
"""Line and toggle coverage of the walker's RTL by its bench.

  tb/rtl_coverage/coverage.py BUILD [--walks N] [--set SET].. [--out DIR] [--rtl DIR] [--holes FILE]

BUILD: build folder. Builds walker_bench_cover, runs it, directed tests and N random walks; merges its runs,
instances and parameter sets. A point is a branch of a file's line (verilator_coverage), or a bit of a
signal that changes (tb/cosim/toggles.h); of an array, each element of which a bit changes and each bit
that changes in any of them. What no run has reached is a hole and listed, unless a row of holes.csv
explains it: file, signal or text of the line (a regular expression), reason. A row that explains no
hole, or one that is covered, is wrong. Exit code: 1 for unexplained holes and wrong rows, 2 for what
went wrong.
"""
import argparse
import csv
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"coverage.py: {words[0]} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}",
              file=sys.stderr)
        sys.exit(2)


def lines_of(merged):
    """{("line", file, line, name): times}, of all instances together."""
    points = defaultdict(int)
    with open(merged, encoding="latin-1") as file:
        for row in file:
            if not row.startswith("C '"):
                continue
            text, times = row[3:].rsplit("' ", 1)
            key = dict(part.split("\x02", 1) for part in text.split("\x01") if "\x02" in part)
            name = f"{key.get('o', '')} at column {key.get('n', '?')}"
            points["line", Path(key["f"]).name, int(key["l"]), name] += int(times)
    return points


def instances_of(sources):
    """{(module, instance): module of that}"""
    inner = r"\((?:[^()]|\([^()]*\))*\)"
    pattern = re.compile(rf"(\w+)\s*(?:#\((?:[^()]|{inner})*\)\s*)?(u_\w+)\s*\(")
    return {(file.removesuffix(".sv"), m[2]): m[1]
            for file, lines in sources.items()
            for m in pattern.finditer("\n".join(re.sub("//.*", "", text) for text in lines))}


def module_of(path, instances):
    """Of "TOP/vctoe_walker/gen_engine[0]/u_engine"; None for what is no part of the walker."""
    parts = path.split("/")
    if len(parts) < 2 or any(p.startswith("unnamedblk") for p in parts):
        return None
    module = parts[1]
    for part in parts[2:]:
        if part.startswith("u_"):
            module = instances[module, part]
    return module


def place_of(signal, lines):
    """The line that declares it."""
    name = re.match(r"\w+", signal)[0]
    word = re.compile(rf"\b{name}\b")
    found = [n for n, text in enumerate(lines, 1) if word.search(text.split("//")[0])]
    declared = [n for n in found if re.search(r"\b(logic|input|output|\w+_t)\b", lines[n - 1])]
    return (declared or found or [0])[0]


def bundles_of(sources):
    """{(file, signal)}: vectors that hold something of each engine side by side."""
    declared = re.compile(r"logic \[Engines\*\w+-1:0\]\s+(\w+)")
    return {(file, m[1]) for file, lines in sources.items() for text in lines
            if (m := declared.search(text))}


def toggles_of(files, sources):
    """{("toggle", file, line, signal): 1 if it has changed}, of all instances and sets together."""
    points, instances, bundles = defaultdict(int), instances_of(sources), bundles_of(sources)
    for rows in (open(file).read().splitlines() for file in files):
        engines = 1 + max((int(n) for row in rows for n in re.findall(r"gen_engine\[(\d+)", row)),
                          default=0)
        for path, name, bits in (row.split() for row in rows):
            module = module_of(path, instances)
            if module is None or name[0].isupper():  # a parameter
                continue
            file = f"{module}.sv"
            line = place_of(name, sources[file])
            if (file, name) not in bundles:
                add_signal(points, file, line, name, bits)
                continue
            width = len(bits) // engines
            for n in range(engines):
                end = len(bits) - n * width
                add_signal(points, file, line, f"{name}[{n}]", bits[end - width:end])
    return points


def add_signal(points, file, line, signal, bits):
    """Its bits; of an element of an array the element and the bits of all elements."""
    element = re.search(r"\[\d+\]$", signal)
    if element:
        points["toggle", file, line, signal] |= int("1" in bits)
        signal = signal[:element.start()] + "[*]"
    for n, changed in enumerate(reversed(bits)):
        points["toggle", file, line, f"{signal}[{n}]" if len(bits) > 1 else signal] |= int(changed)


def subject(point, sources):
    """What a row of holes.csv is compared with."""
    kind, file, line, name = point
    if kind == "toggle":
        return name
    return sources[file][line - 1].strip() if line <= len(sources[file]) else ""


def explain(points, rows, sources):
    """Sets aside the holes that have a reason; returns the others, and complaints about rows."""
    holes = {p for p, times in points.items() if times == 0}
    complaints = []
    for row in rows:
        pattern = re.compile(row["what"])
        of = {p for p in points if p[0] == row["kind"] and p[1] == row["file"] and
              pattern.fullmatch(subject(p, sources))}
        if not of:
            complaints.append(f"{row['file']}: {row['what']}: there is no such point")
        covered = {p for p in of if points[p] > 0}
        if covered:
            complaints.append(f"{row['file']}: {row['what']}: explained as a hole, but covered: "
                              f"{subject(min(covered), sources)}")
        holes -= of
    return holes, complaints


def report(points, holes, complaints):
    for kind in ("line", "toggle"):
        all_of = [p for p in points if p[0] == kind]
        hit = sum(points[p] > 0 for p in all_of)
        print(f"{kind:<7}{hit:>7} of {len(all_of)} covered: {100 * hit / max(1, len(all_of)):.2f} %")
    for kind, file, line, name in sorted(holes):
        print(f"hole: {file}:{line}: {kind} {name}")
    for complaint in complaints:
        print(f"holes.csv: {complaint}")
    return 1 if holes or complaints else 0


def main():
    options = argparse.ArgumentParser(prog="vctoe verify coverage")
    options.add_argument("build", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--walks", type=int, default=1500, help="random ones (default: 1500)")
    options.add_argument("--set", action="append", default=[], help="small, standard, large")
    options.add_argument("--out", type=Path, default=Path("out/rtl_coverage"))
    options.add_argument("--rtl", type=Path, default=ROOT / "rtl")
    options.add_argument("--holes", type=Path, default=HERE / "holes.csv")
    options.add_argument("--merged", type=Path, help="read lines from here and do not run the bench")
    o = options.parse_args()
    parts = o.out / "runs"
    merged = o.merged or o.out / "merged.dat"
    if not o.merged:
        parts.mkdir(parents=True, exist_ok=True)
        for old in [*parts.glob("*.dat"), *parts.glob("*.toggles")]:
            old.unlink()
        sets = [word for name in o.set for word in ("--set", name)]
        # Not part of the usual build.
        run(["cmake", "--build", o.build, "--target", "walker_bench_cover"])
        run([o.build / "tb/cosim/walker_bench_cover", "--wave", "never", "--walks", o.walks,
             "--rtl-coverage", parts, *sets])
        run(["verilator_coverage", "--write", merged, *sorted(parts.glob("*.dat"))])
    sources = {f.name: f.read_text().splitlines() for f in o.rtl.glob("*.sv")}
    points = lines_of(merged) | toggles_of(sorted(parts.glob("*.toggles")), sources)
    with open(o.holes, newline="") as file:
        rows = list(csv.DictReader(file))
    holes, complaints = explain(points, rows, sources)
    return report(points, holes, complaints)


if __name__ == "__main__":
    sys.exit(main())
