# Validates a timeline against the schema, and what a schema cannot say: lanes have names, slices of a
# lane nest, arrows lead from a request to a frame, and the lanes that every run fills are filled.
# Usage: timeline_check.py SCHEMA TIMELINE TRACE
import collections
import decimal
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
# A validator of its own rather than validate(): the schema itself is checked once.
jsonschema.Draft7Validator.check_schema(schema)
document = json.load(open(sys.argv[2]))
errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
assert not errors, f"{len(errors)} violations, first: {errors[0].message} at {list(errors[0].path)}"


def picoseconds(number):
    return int(decimal.Decimal(number).scaleb(6))


events = json.load(open(sys.argv[2]), parse_float=picoseconds)["traceEvents"]
named = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
assert {e["args"]["name"] for e in events if e["name"] == "process_name"} == {"sender", "receiver"}
for e in events:
    assert e["ph"] == "M" or (e["pid"], e["tid"]) in named, f"a lane without a name: {e}"

lanes = collections.defaultdict(list)
for e in events:
    if e["ph"] == "X":
        lanes[e["pid"], e["tid"]].append(e)
for lane, slices in lanes.items():
    slices.sort(key=lambda s: (s["ts"], -s["dur"]))
    ends = []
    for s in slices:
        while ends and ends[-1] <= s["ts"]:
            ends.pop()
        assert not ends or s["ts"] + s["dur"] <= ends[-1], f"{named[lane]}: slices cross at {s}"
        ends.append(s["ts"] + s["dur"])

trace = [line.split() for line in open(sys.argv[3]) if not line.startswith("#")]
filled = {(pid, named[pid, tid].split(" ")[0]) for pid, tid in lanes if lanes[pid, tid]}
wanted = {"application", "host", "disk", "walker", "requests", "PCIe", "sent", "received"}
if any(t[1] == "dma_begin" for t in trace):  # a host that pushes leaves nothing to read
    wanted.add("dma")
assert {(0, lane) for lane in wanted} <= filled, f"nothing in some of {wanted}: {filled}"
lengths = collections.Counter(s["dur"] == 0 for slices in lanes.values() for s in slices)
assert lengths[True] * 100 < lengths[False], "slices without a length"

starts = {e["id"]: e for e in events if e["ph"] == "s"}
ends = {e["id"]: e for e in events if e["ph"] == "f"}
assert starts and starts.keys() == ends.keys(), "arrows without an end"
at = {(lane, s["ts"], s["name"]): s for lane, slices in lanes.items() for s in slices}
targets = collections.Counter()
for number, start in starts.items():
    end = ends[number]
    block = at.get(((start["pid"], start["tid"]), start["ts"], "block"))
    assert block, f"an arrow begins at no block: {start}"
    frame = next((at[key] for name in ("DATA", "DATA+FIN", "RETX")
                  if (key := ((end["pid"], end["tid"]), end["ts"], name)) in at), None)
    assert frame, f"an arrow ends at no frame: {end}"
    assert frame["args"]["txn"] == block["args"]["txn"] != 0
    targets[frame["args"]["txn"]] += 1

# Against the trace of the same run: every transmission of a block's bytes has its arrow, and slices
# begin and end with the events that they stand for.
sent = collections.Counter(int(t[5]) for t in trace
                           if t[1] in ("tx_first", "tx_retransmit") and t[5] != "0")
assert targets == sent, "arrows are not one for each transmission"
asked = {int(t[5]): int(t[0]) for t in trace if t[1] == "block_request"}
answered = {int(t[5]): int(t[0]) for t in trace if t[1].startswith("reply_")}
waits = {s["args"]["txn"]: s for slices in lanes.values() for s in slices
         if s["name"] == "wait for host"}
assert waits.keys() == asked.keys()
for txn, s in waits.items():
    assert (s["ts"], s["ts"] + s["dur"]) == (asked[txn], answered[txn])
print(len(events), "events,", len(starts), "arrows")
