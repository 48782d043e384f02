#!/usr/bin/env python3
"""Runs the commands of the pages in docs/studies and holds the numbers that the pages quote.

A page has a block ```sh with its commands, which leave a sweep in a folder named like the page, and tables below a line
`<!-- numbers: reduced -->` with the columns figure, points and value:

    | mean goodput | scheme=fig8+fig9 net.delay=50us | 9.21 Gb/s |

A page may also quote other sweeps that its commands leave: `<!-- numbers: FOLDER -->`.

figure: mean, least, most, share (of the completion time, the mean over the points) or count, and a column of
results.csv; `over w3` weighs the points by their share of the messages of a published distribution (axis stream.size).
points: all that fit. value: in the unit that stands there.

Of every point the parts of the elapsed time have to add up, and the points with a gap to the analytic twin beyond what
is expected have to be as many as the page says: `<!-- gaps: reduced N -->`. The question of the sweep file has to
stand on the page.

Usage: studies.py ROOT PROGRAM [--page NAME] [--full] [--ran DIR] [--update] [--tolerance 0.01]
  --full: the tables below `<!-- numbers: full -->`, from the whole sweep; each page has to have one.
  --ran: runs nothing, the sweeps are there as DIR/NAME.
  --update: write the values anew. Exit code 1 when a command fails or a number is off.
"""
import argparse
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

UNITS = {
    "": 1, "s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "Gb/s": 1e9, "Mb/s": 1e6, "Gbps": 1e9,
    "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "B.s": 1, "KiB.s": 2**10, "MiB.s": 2**20,
    "%": 1e-2, "x": 1, "points": 1,
}


def base(text):
    """A value with its unit as a number in the base unit; a name as it is."""
    found = re.fullmatch(r"([-+0-9.e]+) ?([A-Za-z/.%]*)", text)
    if found and found[2] in UNITS:
        return float(found[1]) * UNITS[found[2]]
    return text


def fits(row, conditions):
    for name, wanted in conditions:
        value, right = base(row[name]), base(wanted)
        if isinstance(right, float) and isinstance(value, float):
            if abs(value - right) > 1e-9 * max(abs(value), abs(right)):
                return False
        elif str(row[name]) != wanted:
            return False
    return True


def shares(root, name, sizes):
    """Of the messages of a distribution, by the size of the sweep that is nearest above in ratio."""
    edges = [(a * b) ** 0.5 for a, b in zip(sizes, sizes[1:])] + [float("inf")]
    out, before = [0.0] * len(sizes), 0.0
    path = os.path.join(root, "data", "flow_cdf", "homamodule_%s.csv" % name)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            share = float(row["cdf"]) - before
            before = float(row["cdf"])
            out[next(i for i, e in enumerate(edges) if float(row["size_B"]) <= e)] += share
    return out


def evaluate(root, rows, figure, points):
    words = figure.split()
    kind, column = words[0], words[1]
    conditions = [c.split("=", 1) for c in points.split()] if points != "all" else []
    chosen = [r for r in rows if fits(r, conditions) and r["state"] == "ok" and r[column] != ""]
    if not chosen:
        raise ValueError("no point fits '%s'" % points)
    values = [float(r[column]) for r in chosen]
    if len(words) == 4 and words[2] == "over":
        sizes = sorted({float(r["stream.size"]) for r in rows})
        weights = dict(zip(sizes, shares(root, words[3], sizes)))
        by_size = {float(r["stream.size"]): v for r, v in zip(chosen, values)}
        if len(by_size) != len(chosen) or len(by_size) != len(sizes):
            raise ValueError("'%s' has to leave one point of each size" % points)
        return sum(weights[s] * v for s, v in by_size.items())
    if kind == "share":
        values = [v / float(r["completion"]) for r, v in zip(chosen, values)]
        kind = "mean"
    return {"mean": sum(values) / len(values), "least": min(values), "most": max(values),
            "count": float(len(values))}[kind]


def shown(value, unit):
    return ("%.4g %s" % (value / UNITS[unit], unit)).strip()


class Page:
    def __init__(self, root, program, path, full):
        self.root, self.program, self.path = root, program, path
        self.name = os.path.basename(path)[:-3]
        self.grid = "full" if full else "reduced"
        with open(path) as file:
            self.lines = file.read().split("\n")
        self.rows = {}
        self.question = ""

    def commands(self):
        text, inside = [], False
        for line in self.lines:
            if line.startswith("```"):
                inside = line == "```sh"
            elif inside:
                text.append(line)
        script = "\n".join(text)
        if self.grid == "full":
            script = script.replace(" --subset reduced", "")
        return script

    def run(self, folder):
        os.symlink(self.program, os.path.join(folder, "vctoe"))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", self.commands()], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            print("%s: exit code %d\n%s" % (self.path, done.returncode, done.stdout[-3000:]))
            return False
        return True

    def read(self, folder):
        """The results of each folder that the page quotes; "" is the sweep that the page is about."""
        names = {self.folder_of(line) for line in self.lines if line.startswith("<!-- numbers:")}
        for name in names - {None} | {""}:
            with open(os.path.join(folder, name or self.name, "results.csv"), newline="") as file:
                self.rows[name] = list(csv.DictReader(file))
        with open(os.path.join(folder, self.name, "plan.jsonl")) as file:
            self.question = json.loads(file.readline()).get("question", "")

    def folder_of(self, line):
        """Of a line that begins a table: "", the name of another sweep, or None for the other grid."""
        name = line.split()[2]
        if name in ("reduced", "full"):
            return "" if name == self.grid else None
        return name

    def tables(self):
        """(line, cells, folder) of each quoted number."""
        folder = None
        for at, line in enumerate(self.lines):
            if line.startswith("<!-- numbers:"):
                folder = self.folder_of(line)
            elif line.startswith("<!-- end -->"):
                folder = None
            elif folder is not None and line.startswith("|") and not re.match(r"\|[- |]*$", line):
                cells = [c.strip() for c in line.strip("|").split("|")]
                if cells[0] != "figure":
                    yield at, cells, folder

    def check(self, tolerance, update):
        good, seen = True, 0
        for at, cells, folder in self.tables():
            seen += folder == ""
            value = evaluate(self.root, self.rows[folder], cells[0], cells[1].strip("`"))
            unit = cells[2].split(" ")[1] if " " in cells[2] else ""
            if update:
                self.lines[at] = "| %s | %s | %s |" % (cells[0], cells[1], shown(value, unit))
                continue
            quoted = base(cells[2])
            if abs(value - quoted) > tolerance * max(abs(value), abs(quoted)):
                print("%s:%d: %s of %s is %s, not %s" %
                      (self.path, at + 1, cells[0], cells[1], shown(value, unit), cells[2]))
                good = False
        if seen == 0:
            print("%s: no number of the %s grid" % (self.path, self.grid))
            good = False
        return good

    def asks(self):
        """The question of the sweep, as the report shows it, is that of the page."""
        text = " ".join(" ".join(self.lines).replace("`", "").split())
        if self.question and "**Question.** " + self.question in text:
            return True
        print("%s: the sweep's question is '%s'" % (self.path, self.question))
        return False

    def adds_up(self):
        for r in self.rows[""]:
            parts = [float(v) for name, v in r.items() if name.startswith("time.") and v]
            if parts and abs(sum(parts) / float(r["completion"]) - 1) > 1e-3:
                print("%s: the parts of point %s do not add up to its time" % (self.path, r["index"]))
                return False
        return True

    def gaps(self):
        beyond = 0
        for r in self.rows[""]:
            for gap, bound in (("goodput", "bound"), ("completion", "bound"),
                               ("pinned_integral", "pinned_bound")):
                if r["gap." + gap] and abs(float(r["gap." + gap])) > float(r["twin." + bound]):
                    beyond += 1
                    break
        allowed = 0
        for line in self.lines:
            found = re.fullmatch(r"<!-- gaps: %s ([0-9]+) -->" % self.grid, line)
            allowed = int(found[1]) if found else allowed
        if beyond != allowed:
            print("%s: %d points of the %s grid have a gap beyond what docs/twin.md expects, the page says %d" %
                  (self.path, beyond, self.grid, allowed))
            return False
        return True

    def write(self):
        with open(self.path, "w") as file:
            file.write("\n".join(self.lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("program")
    parser.add_argument("--page")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--ran", metavar="DIR")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--tolerance", type=float, default=0.01)
    options = parser.parse_args()
    root, program = os.path.abspath(options.root), os.path.abspath(options.program)
    good, seen = True, 0
    for path in sorted(glob.glob(os.path.join(root, "docs", "studies", "*.md"))):
        page = Page(root, program, path, options.full)
        if page.name == "README" or options.page not in (None, page.name):
            continue
        seen += 1
        with tempfile.TemporaryDirectory() as folder:
            if not options.ran and not page.run(folder):
                good = False
                continue
            page.read(options.ran or folder)
        good = page.check(options.tolerance, options.update) and good
        good = page.asks() and page.adds_up() and good
        good = (options.update or page.gaps()) and good
        if options.update:
            page.write()
    if seen == 0:
        print("no such page")
    return 0 if good and seen > 0 else 1


sys.exit(main())
