// The mean of a metric over the points that are left, for every pair of levels of two axes.

const kMostCells = 24;  // along one axis

function drawHeatMap() {
  if (varied.length < 2) return;
  const shown = metrics.filter(varies);
  if (shown.length === 0) return;
  const view = addView("heatmap", "Heat map", "Mean of the metric over all points that are left at two values of two axes. Empty cells have no point.", false);
  const later = () => redraw();
  const x = addSelect(view, "x", "x", namesOf(varied), varied[1].name, later);
  const y = addSelect(view, "y", "y", namesOf(varied), varied[0].name, later);
  const metric = addSelect(view, "metric", "metric", namesOf(shown), objectiveNames()[0] ?? shown[0].name, later);
  const log = addCheck(view, "log", "log colours", false, later);
  const chart = addChart(view, 420, "Heat map of the means of a metric");

  function draw() {
    const of = (select) => varied.find((a) => a.name === select.value);
    chart.setOption(base(heatOption(of(x), of(y), columns.get(metric.value), log.checked)), true);
  }
  const redraw = drawOn(view, draw, ["selection", "theme"]);
}

function cellMeans(bx, by, metric) {
  const width = bx.labels.length, n = width * by.labels.length;
  const sums = new Float64Array(n), counts = new Uint32Array(n);
  for (let i = 0; i < count; ++i) {
    const v = metric.value(i);
    if (v === null || !isLeft(i)) continue;
    const cell = by.place(i) * width + bx.place(i);
    sums[cell] += v;
    ++counts[cell];
  }
  const cells = [];
  for (let c = 0; c < n; ++c) if (counts[c] > 0) cells.push([c % width, Math.floor(c / width), sums[c] / counts[c], counts[c]]);
  return cells;
}

function heatOption(ax, ay, metric, log) {
  const bx = bins(ax, kMostCells), by = bins(ay, kMostCells);
  const cells = cellMeans(bx, by, metric);
  let least = Infinity, most = -Infinity, positive = Infinity;
  for (const [, , mean] of cells) {
    least = Math.min(least, mean);
    most = Math.max(most, mean);
    if (mean > 0) positive = Math.min(positive, mean);
  }
  // Where colours are logarithmic, zero looks as the least that is above it.
  const shade = (v) => (log && positive < most ? Math.log(Math.max(v, positive) / positive) / Math.log(most / positive) : (v - least) / (most - least || 1));
  for (const cell of cells) cell.push(shade(cell[2]));
  const scale = scaleFor(metric.unit, Math.max(Math.abs(least), Math.abs(most)));
  const labels = bx.labels.length <= 12 && by.labels.length <= 12;
  // Black or white, whichever stands out: viridis is light at its upper end.
  const ink = (cell) => (cell[4] > 0.6 ? "dark" : "light");
  return {
    grid: { left: 20, right: 96, top: 30, bottom: 30, containLabel: true },
    tooltip: { formatter: (p) => `${ax.name}: ${bx.labels[p.value[0]]}\n${ay.name}: ${by.labels[p.value[1]]}\nmean ${metric.name}: ${quantity(p.value[2], metric.unit)}\n${plural(p.value[3], "point")}` },
    xAxis: axisStyle(ax.name, { type: "category", data: bx.labels, splitLine: { show: false } }),
    yAxis: axisStyle(ay.name, { type: "category", data: by.labels, nameLocation: "end", nameGap: 10, splitLine: { show: false } }),
    visualMap: { type: "continuous", dimension: 4, min: 0, max: 1, calculable: false, right: 0, top: "middle", inRange: { color: kViridis }, itemHeight: 180, textStyle: { color: colour("text"), fontSize: 11 }, text: [`${numberIn(scale, most)} ${scale.unit}`, `${numberIn(scale, log ? positive : least)} ${scale.unit}`] },
    series: [{
      type: "heatmap", data: cells, itemStyle: { borderColor: colour("panel"), borderWidth: 1 },
      label: { show: labels, formatter: (p) => `{${ink(p.value)}|${numberIn(scale, p.value[2])}}`, rich: { dark: { color: "#000", fontSize: 11 }, light: { color: "#fff", fontSize: 11 } } },
    }],
  };
}
