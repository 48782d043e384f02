# vctoe sweep keep: the same points again, with pictures; what is drawn is what was measured.
. "$(dirname "$0")/in_folder.sh"
small_sweep <<'T'
net.loss.kind = "bernoulli"
net.loss.probability = 0.001
[[axis]]
parameter = "schemes"
values = ["fig3", "fig8", "fig11", "fig12+fig10"]
T
"$vctoe" sweep keep small 0 1 2 3 >kept
grep -q "point 3 is kept in small/kept/000003" kept
python3 - <<'P'
import json, math
for i in range(4):
    folder = "small/kept/%06d/" % i
    series = json.load(open(folder + "series.json"))
    assert series["schema"] == "vctoe-series" and series["version"] == 1 and series["index"] == i
    head, body = open("small/results/000/%06d.json" % i).read().splitlines()
    metrics = json.loads(body)["metrics"]
    steps = series["pinned"]
    assert len(steps) <= 2000 and steps == sorted(steps)
    integral = sum((b[0] - a[0]) * a[1] for a, b in zip(steps, steps[1:]))
    assert math.isclose(integral, metrics["pinned_integral"], rel_tol=1e-9), (i, integral, metrics["pinned_integral"])
    assert max(b for _, b in steps) == metrics["pinned_peak"], i
    latencies = series["latency"]["sorted"]
    assert latencies and latencies == sorted(latencies) and latencies[0] > 0, i
    assert series["latency"]["what"].startswith("read" if i in (0, 3) else "block:"), (i, series["latency"])
    assert json.load(open(folder + "timeline.json"))["traceEvents"]
assert series["scheme"] == "fig12+fig10"
P
# Again: the same bytes.
cp -r small/kept first
"$vctoe" sweep keep small 0 1 2 3 >/dev/null
diff -r small/kept first
