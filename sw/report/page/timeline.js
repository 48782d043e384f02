// A kept run as lanes: host, walker, PCIe, DMA and wire of both sides in simulated time.

const kSliceFields = 7;  // lane, row, from, length, name, how many, transaction
const kMostRows = 12;    // of a lane; what overlaps further is drawn into the last

function drawTimeline() {
  const kept = report.kept.filter((k) => k.timeline?.slices?.length);
  if (kept.length === 0) return;
  const view = addView("timeline", "Timeline", "What each part was doing. Zoom with the slider, or with Ctrl and the wheel; drag to move. Vermilion: sent again, dropped.");
  const run = addSelect(view, "run", "run", kept.map((k) => [k.point, keptName(k)]), kept[0].point, () => later());
  const host = addSelect(view, "host", "hosts", [["", "both"], ["sender", "sender"], ["receiver", "receiver"]], "", () => later());
  const chart = addChart(view, 560, "Timeline of a run in lanes");
  const note = element("p", { class: "note" });
  view.body.append(note);

  function draw() {
    const { timeline } = kept.find((k) => String(k.point) === run.value);
    chart.setOption(base(timelineOption(timeline, host.value)), true);
    const drawn = timeline.slices.length / kSliceFields;
    note.textContent = drawn < timeline.total
      ? `${timeline.total} slices, drawn as ${drawn}: neighbours less than ${quantity(timeline.merged_below * 1e-6, "s")} apart are one. timeline.json has all of them, for ui.perfetto.dev.`
      : `${timeline.total} slices.`;
  }
  const later = drawOn(view, draw, ["theme"]);
}

// Slices as rows [lane, row, from, to, name, how many, transaction] with times in milliseconds.
function sliceRows(timeline, shown) {
  const rows = [], s = timeline.slices;
  for (let at = 0; at < s.length; at += kSliceFields) {
    const lane = shown.get(s[at]);
    if (lane !== undefined) rows.push([lane, s[at + 1], s[at + 2] * 1e-3, (s[at + 2] + s[at + 3]) * 1e-3, s[at + 4], s[at + 5], s[at + 6]]);
  }
  return rows;
}

function timelineOption(timeline, host) {
  const marked = new Set(timeline.marks.filter((_, at) => at % 3 === 0));
  const lanes = timeline.lanes.map((lane, at) => ({ ...lane, at })).filter((l) => (l.rows > 0 || marked.has(l.at)) && (host === "" || l.host === host));
  const shown = new Map(lanes.map((lane, place) => [lane.at, place]));
  const rows = sliceRows(timeline, shown);
  const marks = [];
  for (let at = 0; at < timeline.marks.length; at += 3) {
    const lane = shown.get(timeline.marks[at]);
    if (lane !== undefined) marks.push([timeline.marks[at + 1] * 1e-3, lane, timeline.marks[at + 2]]);
  }
  const text = (p) => (p.seriesType === "scatter" ? `${timeline.names[p.value[2]]} at ${digits6(p.value[0])} ms` : sliceText(timeline, lanes, p.value));
  return {
    grid: { left: 20, right: 24, top: 10, bottom: 56, containLabel: true },
    tooltip: { formatter: text },
    xAxis: axisStyle("simulated time (ms)", { type: "value", min: timeline.start * 1e-3, max: timeline.end * 1e-3, axisLabel: { formatter: digits6 } }),
    yAxis: axisStyle("", { type: "category", inverse: true, data: lanes.map((l) => `${l.host}: ${l.lane}`), axisLabel: { color: colour("text"), interval: 0 }, splitLine: { show: true, lineStyle: { color: colour("grid") } } }),
    dataZoom: zoom(),
    series: [
      { name: "slices", type: "custom", encode: { x: [2, 3], y: 0 }, data: rows, clip: true, progressive: 4000, renderItem: (params, api) => sliceShape(params, api, timeline, lanes) },
      { name: "marks", type: "scatter", data: marks, symbol: "triangle", symbolSize: 9, itemStyle: { color: kBad } },
    ],
  };
}

// For times that are close to each other and far from zero.
function digits6(v) {
  return String(Number(v.toPrecision(6)));
}

function sliceText(timeline, lanes, [lane, , from, to, name, many, txn]) {
  const what = many > 1 ? `${many} slices, mostly ${timeline.names[name]}` : timeline.names[name];
  return [`${lanes[lane].host}, ${lanes[lane].lane}: ${what}`, `${digits6(from)} ms, ${quantity((to - from) * 1e-3, "s")} long`, ...(txn ? [`transaction ${txn}`] : [])].join("\n");
}

// Rows of a lane share its band.
function sliceShape(params, api, timeline, lanes) {
  const lane = lanes[api.value(0)];
  const rows = Math.min(lane.rows, kMostRows), row = Math.min(api.value(1), rows - 1);
  const from = api.coord([api.value(2), api.value(0)]), to = api.coord([api.value(3), api.value(0)]);
  const band = api.size([0, 1])[1] * 0.86, height = band / rows;
  const area = params.coordSys;
  const left = Math.max(from[0], area.x), right = Math.min(to[0], area.x + area.width);
  if (right < area.x || left > area.x + area.width) return null;
  const name = timeline.names[api.value(4)];
  const fill = name === "RETX" ? kBad : levelColour(lane.at % 11 === 10 ? 7 : [0, 1, 4, 2, 3, 4, 0, 2, 1, 3, 7][lane.at % 11]);
  return { type: "rect", shape: { x: left, y: from[1] - band / 2 + row * height, width: Math.max(1, right - left), height: Math.max(1, height - (height > 4 ? 1 : 0)) }, style: { fill, opacity: api.value(5) > 1 ? 0.7 : 1 } };
}
