#!/usr/bin/env python3
"""rtl/README.md and the sources say the same of ports, parameters, modules, fault codes and
counters, and its areas are the newest of data/rtl_area.csv.

  readme_test.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
readme = (root / "rtl/README.md").read_text()
top = (root / "rtl/vctoe_walker.sv").read_text()
package = (root / "rtl/vctoe_walker_pkg.sv").read_text()
failures = []


def same(what, documented, real):
    if documented == real:
        return
    for item in sorted(set(documented) - set(real), key=str):
        failures.append(f"{what}: only in README: {item}")
    for item in sorted(set(real) - set(documented), key=str):
        failures.append(f"{what}: not in README: {item}")
    if sorted(documented, key=str) == sorted(real, key=str):
        failures.append(f"{what}: in another order")


def table(heading):
    """Cells of the rows of the first table behind `heading`."""
    lines = readme[readme.index(heading):].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|---"))
    rows = []
    for line in lines[start + 1:]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names(cell):
    return re.findall(r"`(\w+)`", cell)


def ports():
    real = []
    header = top[top.index(") (\n"):top.index("\n);")]
    for way, high, name in re.findall(
            r"^\s*(input|output)\s+logic\s+(?:\[(\d+):0\])?\s*(\w+),?", header, re.M):
        real.append((name, {"input": "in", "output": "out"}[way], int(high or 0) + 1))
    documented = []
    for cells in table("## Interface"):
        widths = re.findall(r"(in|out) (\d+)", cells[1])
        if len(widths) != len(names(cells[0])):
            failures.append(f"ports: {cells[0]}: {len(widths)} widths")
        documented += [(n, way, int(w)) for n, (way, w) in zip(names(cells[0]), widths)]
    same("ports", documented, real)


def parameters():
    header = top[:top.index(") (\n")]
    values = re.findall(r"parameter int unsigned (\w+) = (\d+)", header)
    ranges = dict(re.findall(r'"vctoe_walker: (\w+) must be ([^"]+)"', top))
    real = [(name, value, ranges.get(name)) for name, value in values]
    documented = [(names(c[0])[0], c[1], c[2].replace("`", "")) for c in
                  table("## Elaboration parameters")]
    same("parameters", documented, real)
    # The sets of parameters.sh have the defaults as standard.
    standard = re.search(r"standard\) values=\(([\d ]+)\)",
                         (root / "rtl/parameters.sh").read_text())[1].split()
    same("standard set", [v for _, v, _ in documented], standard)


def modules():
    files = sorted(p.stem for p in (root / "rtl").glob("*.sv"))
    documented = []
    for cells in table("One module a file"):
        documented += [n if n == "vctoe_walker" else "vctoe_walker_" + n for n in names(cells[0])]
    same("modules", sorted(documented), files)
    for file in files:
        defined = re.findall(r"^(?:module|package) (\w+)", (root / f"rtl/{file}.sv").read_text(), re.M)
        if defined != [file]:
            failures.append(f"{file}.sv defines {defined}")


def codes():
    real = [(int(n), name) for name, n in
            re.findall(r"logic \[3:0\] Fault(\w+) = 4'd(\d+)", package) if name != "None"]
    line = re.search(r"Fault codes: (.*?)\.\n", readme, re.S)[1]
    same("fault codes", [(int(n), name) for n, name in re.findall(r"(\d+) (\w+)", line)], real)
    kinds = [(int(n), name.lower()) for name, n in
             re.findall(r"logic \[2:0\] Out(\w+) = 3'd(\d)", package)]
    row = next(c for c in table("## Interface") if "`out_kind_o`" in c[0])
    same("kinds", [(int(n), name) for n, name in re.findall(r"(\d) (\w+)", row[2])], kinds)


def counters():
    real = [int(n) for n in re.findall(r"assign events\[(\d+)\]", top)]
    same("counters", [int(c[0]) for c in table("### Performance counters")], real)


def area():
    rows = [line.split(",") for line in (root / "data/rtl_area.csv").read_text().splitlines()[1:]]
    newest = {row[2]: tuple(row[3:7]) for row in rows}
    documented = {c[0]: tuple(cell.replace(" ", "") for cell in c[2:6]) for c in table("## Area")}
    same("area", sorted(documented.items()), sorted(newest.items()))


for check in (ports, parameters, modules, codes, counters, area):
    check()
print("\n".join(failures))
sys.exit(1 if failures else 0)
