# vctoe sweep analyse --one-more: a point of each region, run again with one more unit of what limits
# it. The limits are planted, so that the remedies are known.
. "$(dirname "$0")/in_folder.sh"
small_sweep <<'T'
stream.swapped = 0.5
[[axis]]
parameter = "schemes"
values = ["fig3", "fig8"]
[[axis]]
parameters = ["net.rate", "host.disk.kind"]
values = [["1 Gb/s", "sata"], ["3 Gb/s", "sata"]]
[[objective]]
metric = "goodput"
direction = "max"
T
# Which point is limited by what: fig3 by the disk, fig8 by the wire.
python3 - <<'P'
import glob, hashlib, json
for path in glob.glob("small/results/*/*.json"):
    head, body = [json.loads(line) for line in open(path).read().splitlines()]
    for part in ["swap_in", "wire"]:
        name = "time." + part
        most = part == ("swap_in" if head["index"] < 2 else "wire")
        body["metrics"][name] = body["metrics"]["completion"] * (0.8 if most else 0.1)
        body["defs"].setdefault(name, ["s", "planted"])
    for name in body["metrics"]:
        if name.startswith("time.") and name not in ("time.swap_in", "time.wire"):
            body["metrics"][name] = 0.0
    body = json.dumps(body, separators=(",", ":"))
    head["size"], head["sha256"] = len(body), hashlib.sha256(body.encode()).hexdigest()
    open(path, "w").write(json.dumps(head) + "\n" + body + "\n")
P
cp -r small/results before
"$vctoe" sweep analyse small >first
grep -q "swap_in, 2 of 2 points: scheme fig3" first
grep -q "wire, 2 of 2 points: scheme fig8+fig9" first
if grep -q "one more unit" first; then exit 1; fi
"$vctoe" sweep analyse small --one-more >second
grep -q "one more unit of what limits, as it was run" second
diff -r before small/results # the sweep itself is as it was
test -z "$(ls small/parts)"
python3 - <<'P'
import json
units = json.load(open("small/one_more.json"))
assert json.load(open("small/analysis.json"))["next_unit"] == units
by = {(u["limit"], u["parameter"], u["metric"]): u for u in units}
# net.rate is an axis: its next value, not twice its value. The wire's rate is what limits: three
# times the rate of the bottleneck is more than twice as fast.
rate = by["wire", "net.rate", "completion"]
assert (rate["point"], rate["from"], rate["to"]) == (2, "1 Gb/s", "3 Gb/s"), rate
assert rate["after"] < 0.5 * rate["before"], rate
# A faster port in front of the bottleneck helps nothing to speak of.
port = by["wire", "nic.mac.rate", "goodput"]
assert (port["from"], port["to"]) == ("10 Gb/s", "20 Gb/s") and abs(port["after"] / port["before"] - 1) < 0.05, port
disk = by["swap_in", "host.disk.kind", "completion"]
assert (disk["from"], disk["to"]) == ("sata", "nvme") and disk["after"] < disk["before"], disk
# What stood in the table is what was there before.
body = json.loads(open("small/results/000/000002.json").read().splitlines()[1])
assert rate["before"] == body["metrics"]["completion"]
P
# Without running anything it is shown again.
"$vctoe" sweep analyse small >third
cmp second third

# What limits by its nature, nothing planted: both remedies of the limit are tried, each makes the run
# shorter, and by no more than the time that the limit took.
relieve() {  # relieve LIMIT SETTING...
  { printf '%s\n' "base = \"$root/traces/default.toml\"" '[set]' 'stream.size = "256 KiB"' "${@:2}"
    printf '%s\n' '[[axis]]' 'parameter = "schemes"' 'values = ["fig8"]'; } >"$1.toml"
  "$vctoe" sweep plan "$1.toml" --out "$1" --no-estimate >/dev/null
  "$vctoe" sweep run "$1" >/dev/null
  "$vctoe" sweep analyse "$1" --one-more >/dev/null
  python3 - "$1" <<'P'
import json, sys
limit = sys.argv[1]
measured = json.loads(open(limit + "/results/000/000000.json").read().splitlines()[1])["metrics"]
tried = {u["parameter"]: u for u in json.load(open(limit + "/one_more.json")) if u["metric"] == "completion"}
remedies = {"window": ["nic.toe.receive_buffer, socket.receive_buffer", "nic.toe.initial_window"],
            "loss_recovery": ["nic.toe.sack", "nic.toe.rto_min"],
            "application": ["receiver.limit", "receiver.read_rate"]}
assert list(tried) == remedies[limit], tried
for u in tried.values():
    assert u["limit"] == limit and u["before"] == measured["completion"], u
    assert u["after"] < 0.9 * u["before"], u
    assert u["before"] - u["after"] <= measured["time." + limit], (u, measured)
P
}
relieve window 'stream.swapped = 0.0' 'net.delay = "1 ms"' 'nic.toe.receive_buffer = "32 KiB"' \
  'socket.receive_buffer = "32 KiB"' 'nic.toe.initial_window = 2'
relieve loss_recovery 'nic.toe.sack = false' 'net.loss.kind = "bernoulli"' 'net.loss.probability = 0.05'
relieve application 'receiver.limit = "500 Mb/s"' 'receiver.read_rate = "600 Mb/s"'
