#!/usr/bin/env python3
"""Copies the TCP core with the faults of a list planted into it.

plant.py FAULTS SOURCE_ROOT TARGET   the copy, with TARGET/planted.h
plant.py FAULTS                      names of the files that the copy has, one a line

Every place must be found exactly once: who changes the core changes the list.
"""
import re
import sys
from pathlib import Path

CORE = "models/nic/toe"
OTHERS = ["models/net/headers.cpp", "models/net/icmp.cpp", "models/net/tcp_options.cpp"]


def read(path):
    """[(name, source, what, [(file, old lines, new lines)])]"""
    faults = []
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        mark, text = line[:1], line[2:]
        if mark in ("", "#"):
            continue
        if mark == "=":
            faults.append((*[part.strip() for part in text.split("|", 2)], []))
        elif mark == "@":
            faults[-1][3].append((text.strip(), [], []))
        elif mark in "-+":
            faults[-1][3][-1][1 if mark == "-" else 2].append(text)
        else:
            sys.exit(f"{path}:{number}: not understood")
    return faults


def replace(text, old, new, where):
    # However deep it is indented, and whatever a line begins with besides.
    pattern = r"\s*\n\s*".join(re.escape(line.strip()) for line in old)
    found = list(re.finditer(pattern, text))
    if len(found) != 1:
        sys.exit(f"{where}: found {len(found)} times, has to be once")
    return text[: found[0].start()] + "\n".join(new) + text[found[0].end() :]


def plant(faults, root, target):
    files = {str(p.relative_to(root)) for p in (root / CORE).iterdir() if p.suffix in (".h", ".cpp")}
    texts = {name: (root / name).read_text() for name in sorted(files) + OTHERS}
    for name, _, _, places in faults:
        for file, old, new in places:
            texts[file] = replace(texts[file], old, new, f"{name}: {file}")
    for name, text in texts.items():
        write(target / name, '#include "planted.h"\n' + text)
    write(target / "planted.h", header(faults))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def header(faults):
    lines = ["#pragma once", "namespace vctoe::faults {", "enum Fault : int {", "  none,"]
    lines += [f"  {name}," for name, *_ in faults]
    lines += ["  count", "};", "struct Entry { const char *name, *source, *what; };"]
    lines += ["inline constexpr Entry kEntries[] = {", '  {"none", "", "nothing is planted"},']
    lines += [f'  {{"{name}", "{source}", "{what}"}},' for name, source, what, _ in faults]
    lines += ["};", "inline thread_local int active = none;", "}"]
    lines += ["#define PLANTED(fault) (::vctoe::faults::active == ::vctoe::faults::fault)", ""]
    return "\n".join(lines)


def main():
    faults = read(sys.argv[1])
    if len(sys.argv) == 2:
        print("\n".join(OTHERS))
    else:
        plant(faults, Path(sys.argv[2]), Path(sys.argv[3]))


main()
