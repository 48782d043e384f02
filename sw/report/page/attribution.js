// Where the time went: the parts of elapsed time, stacked. Several points in a bar are their mean.

const kParts = metrics.filter((m) => m.name.startsWith("time.") && varies(m));
const kMostBars = 60;
// Eleven parts and eight colours: the three that are smallest as a rule have stripes.
const kPartColours = { wire: 0, swap_in: 1, host: 2, window: 3, pcie: 4, loss_recovery: 5, application: 6, pinning: 7 };
const kStriped = { walker: 2, dma_tags: 4, packet_buffer: 1 };

function drawAttribution() {
  if (kParts.length === 0) return;
  const view = addView("attribution", "Where the time went", "Elapsed time of the stream, divided among what it waited for; the parts add up to the whole. A bar is the mean of the points that are left.");
  const ways = [...varied, ...(limits ? [limits] : [])].map((a) => [a.name, "mean for each " + a.name]);
  const options = [...ways, ["front", "points of the front"], ["points", `the first ${kMostBars} points left`]];
  const by = addSelect(view, "by", "bars", options, ways.length > 0 ? ways[0][0] : "points", () => later());
  const share = addCheck(view, "share", "as shares", false, () => later());
  const chart = addChart(view, 420, "Time attribution as stacked bars");
  chart.on("click", (p) => { const bar = groups[p.dataIndex]; if (bar.points.length === 1) openPoint(bar.points[0]); });
  let groups = [];

  function draw() {
    groups = barGroups(by.value);
    chart.setOption(base(attributionOption(groups, share.checked)), true);
  }
  const later = drawOn(view, draw, ["selection", "theme"]);
}

function barGroups(by) {
  const measured = (i) => kParts.some((m) => m.value(i) !== null);
  if (by === "points" || by === "front") {
    const points = (by === "front" ? [...front].filter(isLeft) : pointsLeft()).filter(measured).slice(0, kMostBars);
    return points.map((i) => ({ name: String(i), points: [i] }));
  }
  const column = by === "limit" ? limits : columns.get(by);
  const { labels, place } = bins(column, kMostBars);
  const groups = labels.map((name) => ({ name, points: [] }));
  for (let i = 0; i < count; ++i) if (isLeft(i) && measured(i)) groups[place(i)].points.push(i);
  return groups.filter((g) => g.points.length > 0);
}

function attributionOption(groups, share) {
  const mean = (m, g) => g.points.reduce((sum, i) => sum + (m.value(i) ?? 0), 0) / g.points.length;
  const means = kParts.map((m) => groups.map((g) => mean(m, g)));
  const totals = groups.map((_, at) => means.reduce((sum, part) => sum + part[at], 0));
  const scale = scaleFor("s", Math.max(0, ...totals));
  const names = kParts.map((m) => m.name.slice("time.".length).replaceAll("_", " "));
    const stripes = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4, color: colour("panel") };
  const look = (part) => ({ color: levelColour(kPartColours[part] ?? kStriped[part] ?? 6), decal: part in kPartColours ? undefined : stripes, borderColor: colour("panel"), borderWidth: 0.5 });
  return {
    grid: { left: 20, right: 24, top: 44, bottom: 30, containLabel: true },
    legend: legend(names),
    tooltip: { formatter: (p) => `${p.name}: ${plural(groups[p.dataIndex].points.length, "point")}\n${p.seriesName}: ${quantity(means[p.seriesIndex][p.dataIndex], "s")}\nof ${quantity(totals[p.dataIndex], "s")}` },
    xAxis: share ? axisStyle("share of elapsed time", { type: "value", max: 1, axisLabel: { formatter: percent } }) : numericAxis("elapsed time", scale, { scale: false }),
    yAxis: axisStyle("", { type: "category", inverse: true, data: groups.map((g) => g.name), axisLabel: { color: colour("text") } }),
    series: kParts.map((m, at) => ({ name: names[at], type: "bar", stack: "time", barMaxWidth: 34, data: means[at].map((v, g) => (share ? v / (totals[g] || 1) : scaled(scale, v))), itemStyle: look(m.name.slice("time.".length)) })),
  };
}
