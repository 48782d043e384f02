// How much of a metric's variance each axis explains, and the metric's mean at each level of an axis.

function drawSensitivity() {
  const entries = analysis.sensitivity ?? [];
  // The schemes of one run are no design space.
  if (entries.length === 0 || report.kind === "run") return;
  const names = [...new Set(entries.map((e) => e.metric))].filter((n) => columns.has(n));
  if (names.length === 0) return;
  const view = addView("sensitivity", "Sensitivity", "Left: share of the metric's variance that an axis explains alone, and together with others. Right: the metric's mean over all points at each level of one axis.");
  const metric = addSelect(view, "metric", "metric", names.map((n) => [n, n]), names[0], () => later());
  const factor = addSelect(view, "factor", "effect of", [...new Set(entries.map((e) => e.factor))].map((n) => [n, n]), strongest(entries, names[0]), () => later());
  view.body.classList.add("pair");
  const bars = addChart(view, 300, "Sensitivities as bars");
  const effect = addChart(view, 300, "Means at the levels of an axis");
  bars.on("click", (p) => { factor.value = p.name; later(); });

  function draw() {
    bars.setOption(base(sensitivityOption(entries.filter((e) => e.metric === metric.value))), true);
    const found = (analysis.effects ?? []).find((e) => e.metric === metric.value && e.factor === factor.value);
    effect.setOption(base(effectOption(found, columns.get(metric.value), factor.value)), true);
  }
  const later = drawOn(view, draw, ["theme"]);
}

function strongest(entries, metric) {
  return entries.filter((e) => e.metric === metric).reduce((a, b) => ((b.first_order ?? 0) > (a.first_order ?? 0) ? b : a)).factor;
}

function sensitivityOption(entries) {
  const sorted = [...entries].sort((a, b) => (a.first_order ?? 0) - (b.first_order ?? 0));
  const bar = (name, key, at) => ({ name, type: "bar", data: sorted.map((e) => e[key] ?? null), itemStyle: { color: levelColour(at) }, label: { show: true, position: "right", color: colour("soft"), formatter: (p) => percent(p.value) } });
  const total = sorted.some((e) => typeof e.total_interaction === "number");
  return {
    grid: { left: 20, right: 64, top: 34, bottom: 28, containLabel: true },
    legend: legend(["alone", ...(total ? ["in interactions"] : [])]),
    tooltip: { formatter: (p) => `${p.name}, ${p.seriesName}: ${percent(p.value)}` },
    xAxis: axisStyle("share of the variance", { type: "value", min: 0, axisLabel: { formatter: percent } }),
    yAxis: axisStyle("", { type: "category", data: sorted.map((e) => e.factor), axisLabel: { color: colour("text") } }),
    series: [bar("alone", "first_order", 0), ...(total ? [bar("in interactions", "total_interaction", 1)] : [])],
  };
}

function effectOption(effect, column, factor) {
  const levels = effect?.levels ?? [];
  const scale = scaleFor(column.unit, Math.max(0, ...levels.map((l) => Math.abs(l.mean ?? 0))));
  const names = levels.map((l) => String(l.value));
  const slanted = names.join("").length > 50;
  return {
    grid: { left: 66, right: 20, top: 34, bottom: slanted ? 84 : 44 },
    title: levels.length === 0 ? { text: "no effect was computed", left: "center", top: "middle", textStyle: { color: colour("soft"), fontSize: 13 } } : undefined,
    tooltip: { formatter: (p) => `${p.name}: ${quantity(levels[p.dataIndex].mean, column.unit)}, ${plural(levels[p.dataIndex].points, "point")}` },
    xAxis: axisStyle(factor, { type: "category", data: names, nameGap: slanted ? 64 : 30, axisLabel: { interval: 0, rotate: slanted ? 30 : 0 } }),
    yAxis: numericAxis("mean " + column.name, scale, { scale: false, nameGap: 50 }),
    series: [{ type: "bar", barMaxWidth: 48, data: levels.map((l) => scaled(scale, l.mean)), itemStyle: { color: levelColour(4) } }],
  };
}
