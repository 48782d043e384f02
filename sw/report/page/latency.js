// How long blocks took: the distribution of every kept run, and the histogram of one.

function drawLatency() {
  const kept = report.kept.filter((k) => k.series?.latency?.count > 0);
  if (kept.length === 0) return;
  const view = addView("latency", "Latency of blocks", `${kept[0].series.latency.what}: share of blocks that took at most so long, and how many took how long.`, false);
  view.stacked = true;  // two charts, one above the other
  const run = addSelect(view, "run", "histogram of", kept.map((k) => [k.point, keptName(k)]), kept[0].point, () => later());
  const cdf = addChart(view, 280, "Cumulative distribution of latencies");
  const bars = addChart(view, 200, "Histogram of latencies");
  const note = element("p", { class: "note" });
  view.body.append(note);

  function draw() {
    const one = kept.find((k) => String(k.point) === run.value);
    const { unit, quantiles } = one.series.latency;
    cdf.setOption(base(cdfOption(kept, unit)), true);
    bars.setOption(base(histogramOption(one.series.latency)), true);
    note.textContent = `${keptName(one)}: ` + Object.entries(quantiles).map(([name, v]) => `${name} ${quantity(v, unit)}`).join(", ");
  }
  const later = drawOn(view, draw, ["theme"]);
}

function cdfOption(kept, unit) {
  const scale = scaleFor(unit, Math.max(...kept.map((k) => k.series.latency.quantiles.max)));
  return {
    grid: { left: 56, right: 24, top: belowLegend(kept.length), bottom: 46 },
    legend: legend(kept.map(keptName)),
    tooltip: { trigger: "item", formatter: (p) => `${p.seriesName}\n${percent(p.value[1])} take at most ${digits(p.value[0])} ${scale.unit}` },
    xAxis: numericAxis("latency", scale, { scale: false }),
    yAxis: axisStyle("share of blocks", { type: "value", min: 0, max: 1, nameGap: 42, axisLabel: { formatter: (v) => `${Math.round(v * 100)} %` } }),
    series: kept.map((k, at) => ({ name: keptName(k), type: "line", step: "end", symbolSize: 4, showSymbol: false, data: k.series.latency.cdf.map(([v, share]) => [scaled(scale, v), share]), lineStyle: { width: 1.6, type: at % 2 ? "dashed" : "solid" }, color: levelColour(at) })),
  };
}

function histogramOption(latency) {
  const scale = scaleFor(latency.unit, latency.quantiles.max);
  return {
    grid: { left: 56, right: 24, top: 10, bottom: 46 },
    tooltip: { formatter: (p) => `${digits(p.value[0])} to ${digits(p.value[1])} ${scale.unit}: ${plural(p.value[2], "block")}` },
    xAxis: numericAxis("latency", scale, { min: 0 }),
    yAxis: axisStyle("blocks", { type: "value", nameGap: 42 }),
    series: [{
      type: "custom", encode: { x: [0, 1], y: 2 }, data: latency.bars.map(([from, to, n]) => [scaled(scale, from), scaled(scale, to), n]),
      renderItem: (_, api) => {
        const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), 0]);
        return { type: "rect", shape: { x: from[0], y: from[1], width: Math.max(2, to[0] - from[0] - 1), height: to[1] - from[1] }, style: { fill: levelColour(4) } };
      },
    }],
  };
}
