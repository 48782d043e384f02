"""Which mutants that live are no change at all: whatever the registers and inputs hold, every output
and every next value of a register is the same as without the mutation. Registers and memories are
cut open for that, so the question is one of logic without time, which a solver answers."""
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

SECONDS = 60  # of real time for a mutant
WIDTH = 14    # bits of the input that chooses the mutant


def cut(text):
    """Makes the registers of a netlist in RTLIL inputs (what they hold) and outputs (what comes)."""
    number = 0

    def port(match):
        nonlocal number
        number += 1
        width = re.search(r"parameter \\WIDTH (\d+)", match[0])[1]
        d, q = (re.search(rf"connect \\{pin} (.*)", match[0])[1] for pin in "DQ")
        return (f"  wire width {width} input {10000 + 2 * number} \\held{number}\n"
                f"  wire width {width} output {10001 + 2 * number} \\next{number}\n"
                f"  connect {q} \\held{number}\n  connect \\next{number} {d}\n")

    return re.sub(r"  cell \$dff .*\n(?:    .*\n)*  end\n", port, text)


def prepare(out, mutants):
    """Leaves the netlist with these mutants, its registers cut, in cut.il."""
    chosen = out / "survivors.ys"
    chosen.write_text("".join(m.command() + "\n" for m in mutants))
    subprocess.run(["yosys", "-q", "-p", f"""
        read_rtlil {out}/netlist.il
        script {chosen}
        delete -output o:trigger
        opt_clean
        memory_map
        async2sync
        dffunmap
        setundef -zero
        opt_clean
        write_rtlil {out}/whole.il"""], check=True, capture_output=True)
    (out / "cut.il").write_text(cut((out / "whole.il").read_text()))


def same(out, mutant):
    """True: proven. False: there is a difference, or no proof in time."""
    script = f"""
        read_rtlil {out}/cut.il
        copy vctoe_netlist changed
        delete -input vctoe_netlist/mutsel changed/mutsel
        cd vctoe_netlist; connect -set mutsel {WIDTH}'d0; cd ..
        cd changed; connect -set mutsel {WIDTH}'d{mutant.number}; cd ..
        opt_expr; opt_clean
        miter -equiv -flatten vctoe_netlist changed miter
        hierarchy -top miter
        opt_expr; opt_merge; opt_expr; opt_merge; opt_expr; opt_clean
        sat -timeout {SECONDS} -verify -prove trigger 0 miter"""
    try:
        done = subprocess.run(["yosys", "-q", "-p", script], capture_output=True, timeout=3 * SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def prove(out, mutants):
    if not mutants:
        return
    prepare(out, mutants)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for mutant, equal in zip(mutants, pool.map(lambda m: same(out, m), mutants)):
            if equal:
                mutant.result = "equivalent"
