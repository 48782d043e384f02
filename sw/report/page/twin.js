// Simulated values beside what the closed forms say.

const kGaps = metrics.filter((m) => m.name.startsWith("gap.") && varies(m) && columns.has("twin." + m.name.slice(4)) && columns.has(m.name.slice(4)));

// How far a figure may be from its closed form: of each point, where the run states it.
function gapBound(figure, i) {
  const stated = columns.get(figure === "pinned_integral" ? "twin.pinned_bound" : "twin.bound");
  return stated?.value(i) ?? 0.25;
}

function isFlagged(figure, i) {
  const gap = columns.get("gap." + figure).value(i);
  return gap !== null && Math.abs(gap) > gapBound(figure, i);
}

function drawTwin() {
  if (kGaps.length === 0) return;
  const view = addView("twin", "Analytic twin", "Simulated against closed form. On the line both agree; crosses are farther from it than the form's stated bound.", false);
  const what = addSelect(view, "metric", "figure", kGaps.map((g) => [g.name.slice(4), g.name.slice(4)]), kGaps[0].name.slice(4), () => later());
  const chart = addChart(view, 400, "Simulated values against closed forms");
  const note = element("p", { class: "note", id: "twin-note" });
  view.body.append(note);
  chart.on("click", (p) => { if (p.componentType === "series") openPoint(p.value[2]); });
  const later = drawOn(view, () => chart.setOption(base(twinOption(what.value, note)), true), ["selection", "theme"]);
}

function twinOption(name, note) {
  const simulated = columns.get(name), twin = columns.get("twin." + name), gap = columns.get("gap." + name);
  const near = [], far = [];
  const scale = scaleOfColumn(simulated);
  let none = 0, least = Infinity, most = 0, worst = 0;
  for (let i = 0; i < count; ++i) {
    if (!isLeft(i)) continue;
    const x = twin.value(i), y = simulated.value(i), g = gap.value(i);
    if (x === null || y === null || g === null || x <= 0 || y <= 0) { ++none; continue; }
    (isFlagged(name, i) ? far : near).push([scaled(scale, x), scaled(scale, y), i]);
    least = Math.min(least, x, y);
    most = Math.max(most, x, y);
    if (Math.abs(g) > Math.abs(worst)) worst = g;
  }
  note.textContent = `${far.length} of ${near.length + far.length} points are flagged; the largest gap is ${percent(worst)}. ${plural(none, "point")} without a closed form that holds.`;
  const log = most / least > 100;
  const axis = (label, gapOfName) => numericAxis(label, scale, { type: log ? "log" : "value", nameGap: gapOfName });
  return {
    grid: { left: 72, right: 24, top: 16, bottom: 48 },
    tooltip: { formatter: (p) => pointText(p.value[2], [simulated, twin]) + `\ngap: ${percent(gap.value(p.value[2]))}, expected up to ${percent(gapBound(name, p.value[2]))}` },
    xAxis: axis("closed form: " + name, 28),
    yAxis: axis("simulated: " + name, 54),
    series: [
      { type: "line", data: most > 0 ? [least, most].map((v) => [scaled(scale, v), scaled(scale, v)]) : [], symbol: "none", silent: true, lineStyle: { color: colour("soft"), type: "dashed" } },
      { type: "scatter", data: near, symbolSize: 7, itemStyle: { color: levelColour(0), opacity: 0.7 } },
      { type: "scatter", data: far, symbol: "path://M0 2L2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6Z", symbolSize: 10, itemStyle: { color: kBad } },
    ],
  };
}
