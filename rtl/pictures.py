#!/usr/bin/env python3
"""Draws the wave pictures of rtl/README.md from dumps of the latency tests (rtl/pictures.sh).

  pictures.py DUMPS OUT

DUMPS has NAME.vcd and NAME.txt, with the lines
  window FROM TO          cycles that are drawn
  signals NAME ...        NAME or NAME[HIGH:LOW], with :state or :kind behind it shown by names
  arrow FROM TO FIGURE    a measured figure
OUT/NAME.svg is written. A cycle is 10 units of the dump; its values are those before its last edge.
"""
import pathlib
import re
import sys
from html import escape

NAMES = {
    "state": ["Idle", "Start", "Place", "Lookup", "Check", "Read", "Wait", "Record", "Note", "Emit",
              "Done", "Forget", "Fault"],
    "kind": ["block", "node", "release", "fault", "done"],
}
CYCLE, ROW, LEFT, HIGH = 54, 24, 170, 16  # pixels


def read_vcd(path):
    """Signal name -> (bits, [(time, value)]); of equal names the outermost."""
    ids, changes, time = {}, {}, 0
    for line in path.read_text().splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "$var":
            ids.setdefault(words[4], (words[3], int(words[2])))
        elif words[0].startswith("#"):
            time = int(words[0][1:])
        elif words[0][0] == "b":
            changes.setdefault(words[1], []).append((time, int(words[0][1:].replace("x", "0"), 2)))
        elif words[0][0] in "01":
            changes.setdefault(words[0][1:], []).append((time, int(words[0][0])))
    return {name: (bits, changes.get(key, [])) for name, (key, bits) in ids.items()}


def value_at(changes, time):
    value = 0
    for when, new in changes:
        if when > time:
            break
        value = new
    return value


def row_of(vcd, token, cycles):
    """Label, is one bit, by cycle texts (None: nothing) or bits."""
    name, _, names = token.partition(":") if "[" not in token else token.partition("]")
    if "[" in token:
        names = names.lstrip(":")
    part = re.match(r"(\w+)(?:\[(\d+):(\d+))?", name)
    bits, changes = vcd[part[1]]
    values = [value_at(changes, cycle * 10 + 9) for cycle in cycles]
    label = part[1]
    if part[2]:
        low, width = int(part[3]), int(part[2]) - int(part[3]) + 1
        values = [value >> low & (1 << width) - 1 for value in values]
        label = f"engine {low // 4}"
    if names:
        table = NAMES[names]
        texts = [table[v] if v < len(table) else str(v) for v in values]
    elif bits == 1:
        return label, True, values
    else:
        texts = [f"{v:x}" if v > 9 else str(v) for v in values]
    # What goes with a valid means nothing without it.
    stream = label.split("_")[0] + "_valid_"
    valid = next((vcd[stream + way][1] for way in "io" if stream + way in vcd), None)
    if valid is not None:
        texts = [words if value_at(valid, cycle * 10 + 9) else None
                 for words, cycle in zip(texts, cycles)]
    return label, False, texts


def line(points, style):
    return f'<polyline class="{style}" points="{" ".join(f"{x},{y}" for x, y in points)}"/>'


def text(x, y, words, style):
    return f'<text class="{style}" x="{x}" y="{y}">{escape(words)}</text>'


def draw_bits(values, top):
    points = []
    for i, value in enumerate(values):
        y = top + (0 if value else HIGH)
        points += [(LEFT + i * CYCLE, y), (LEFT + (i + 1) * CYCLE, y)]
    return [line(points, "wave")]


def draw_words(values, top):
    parts, start = [], 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] == values[start]:
            continue
        a, b, m = LEFT + start * CYCLE, LEFT + i * CYCLE, top + HIGH / 2
        word, room = values[start], int((b - a - 4) / 6.6)
        parts.append(line([(a, m), (a + 4, top), (b - 4, top), (b, m), (b - 4, top + HIGH),
                           (a + 4, top + HIGH), (a, m)], "void" if word is None else "word"))
        if word is not None:
            shown = word if len(word) <= room else word[:room - 1] + "~"
            parts.append(text((a + b) / 2, top + 12, shown, "value"))
        start = i
    return parts


def draw(vcd, spec):
    cycles = range(spec["window"][0], spec["window"][1] + 1)
    rows = [row_of(vcd, token, cycles) for token in spec["signals"]]
    top = 30
    parts = []
    for i, cycle in enumerate(cycles):
        x = LEFT + i * CYCLE
        parts.append(text(x + CYCLE / 2, 14, str(cycle - cycles[0]), "number"))
        bottom = top + ROW * (len(rows) + 1)
        parts.append(line([(x, 18), (x, bottom)], "grid"))
    clock = []
    for i in range(len(cycles)):
        x = LEFT + i * CYCLE
        clock += [(x, top), (x + CYCLE / 2, top), (x + CYCLE / 2, top + HIGH), (x + CYCLE, top + HIGH)]
    parts.append(text(LEFT - 8, top + 12, "clk_i", "label"))
    parts.append(line(clock, "wave"))
    for number, (label, one_bit, values) in enumerate(rows, 1):
        y = top + number * ROW
        parts.append(text(LEFT - 8, y + 12, label, "label"))
        parts += draw_bits(values, y) if one_bit else draw_words(values, y)
    y = top + (len(rows) + 1) * ROW + 10
    for begin, end, figure in spec["arrows"]:
        a = LEFT + (begin - cycles[0] + 0.5) * CYCLE
        b = LEFT + (end - cycles[0] + 0.5) * CYCLE
        parts.append(line([(a, y - 6), (a, y + 6)], "arrow"))
        parts.append(line([(b, y - 6), (b, y + 6)], "arrow"))
        parts.append(line([(a, y), (b, y)], "arrow"))
        parts.append(text(b + 6, y + 4, f"{figure}: {end - begin}", "figure"))
        y += 20
    width, height = LEFT + (len(cycles) + 1) * CYCLE + 90, y
    style = ("text{font:11px monospace}.label{text-anchor:end}.value,.number{text-anchor:middle}"
             ".number{fill:#777}.figure{fill:#a00}.wave{fill:none;stroke:#000}.grid{stroke:#ddd}"
             ".word{fill:#eef4ff;stroke:#000}.void{fill:#ccc;stroke:#ccc}"
             ".arrow{fill:none;stroke:#a00}")
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">\n<style>{style}</style>\n'
            '<rect width="100%" height="100%" fill="#fff"/>\n')
    return head + "\n".join(parts) + "\n</svg>\n"


def read_spec(path):
    spec = {"arrows": []}
    for words in map(str.split, path.read_text().splitlines()):
        if words[0] == "window":
            spec["window"] = int(words[1]), int(words[2])
        elif words[0] == "signals":
            spec["signals"] = words[1:]
        else:
            spec["arrows"].append((int(words[1]), int(words[2]), words[3]))
    return spec


def main():
    dumps, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(dumps.glob("*.txt")):
        vcd = read_vcd(path.with_suffix(".vcd"))
        (out / (path.stem + ".svg")).write_text(draw(vcd, read_spec(path)))
        print(out / (path.stem + ".svg"))


main()
