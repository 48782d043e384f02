// Memory pinned over time, of every kept run that recorded it.

function keptName(k) {
  return report.kind === "run" ? axes[0].text(k.point) : `point ${k.point} (${axes[0].text(k.point)})`;
}

function drawPinned() {
  const kept = report.kept.filter((k) => k.series?.pinned?.length);
  if (kept.length === 0) return;
  const view = addView("pinned", "Pinned memory over time", "Memory that the NIC may read and the host may not move, in simulated time. The area below a line is its pinned byte-seconds.", false);
  const chart = addChart(view, 420, "Pinned memory over time of the kept runs");
  drawOn(view, () => chart.setOption(base(pinnedOption(kept)), true), ["theme"]);
}

function pinnedOption(kept) {
  let most = 0, end = 0, start = Infinity;
  for (const k of kept) {
    for (const [time, bytes] of k.series.pinned) {
      most = Math.max(most, bytes);
      if (bytes > 0) start = Math.min(start, time);
      end = Math.max(end, time);
    }
  }
  // Before the first post, which comes after the other application has warmed up, nothing is pinned.
  const size = scaleFor("B", most), time = scaleFor("s", end);
  return {
    grid: { left: 66, right: 24, top: belowLegend(kept.length), bottom: 70 },
    legend: legend(kept.map(keptName)),
    tooltip: { trigger: "axis", formatter: (all) => [`${digits(all[0].value[0])} ${time.unit}`, ...all.map((p) => `${p.seriesName}: ${digits(p.value[1])} ${size.unit}`)].join("\n") },
    xAxis: numericAxis("simulated time", time, { axisLabel: { formatter: digits6 }, min: scaled(time, Math.min(start, end)), max: scaled(time, end) }),
    yAxis: numericAxis("pinned", size, { scale: false, nameGap: 50 }),
    dataZoom: zoom(),
    series: kept.map((k, at) => ({ name: keptName(k), type: "line", step: "end", symbol: "none", data: k.series.pinned.map(([t, bytes]) => [scaled(time, t), scaled(size, bytes)]), lineStyle: { width: 1.6, type: at % 2 ? "dashed" : "solid" }, color: levelColour(at) })),
  };
}

// Names of runs are long: three fit into a row of the legend.
function belowLegend(names) {
  return 24 + 18 * Math.ceil(names / 3);
}

// Wheel and a slider below the chart.
function zoom() {
  return [{ type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl" }, { type: "slider", filterMode: "none", height: 18, bottom: 6, borderColor: colour("line"), textStyle: { color: colour("soft") }, labelFormatter: digits }];
}
