// All axes and objectives side by side, a line for each point. A drag along an axis leaves only the
// lines that pass through it; a click on the axis takes that back.

const kMostLevels = 24;  // above, an axis has a scale instead of names

function drawParallel() {
  const shown = parallelColumns();
  if (shown.length < 2 || count < 2) return;
  const view = addView("parallel", "Parallel coordinates", "Each line is a point. Drag along an axis to keep only what passes there, click the axis to undo; the filter above does the same from the keyboard.", false);
  const kind = addSelect(view, "colour", "colour", namesOf(kinds), kinds[0].name, () => later());
  view.tools.append(element("button", { type: "button", id: "clear-brush", onclick: () => clearBrushes() }, "Clear brushes"));
  const chart = addChart(view, 490, "Parallel coordinates of axes and objectives; the table has the same figures");
  let groups = [];

  function draw() {
    const of = kindOf(kind);
    groups = of.levels.map(() => []);
    for (let i = 0; i < count; ++i) {
      if (!selection.filtered || selection.filtered[i]) groups[of.code(i)].push(i);
    }
    chart.setOption(base(parallelOption(shown, of, groups)), { replaceMerge: ["series"] });
  }

  // The chart knows which lines its brushes leave.
  function takeBrushes() {
    const brushes = chart.getModel().queryComponents({ mainType: "parallelAxis" }).some((a) => a.activeIntervals.length > 0);
    if (!brushes) return setBrushed(null);
    const marks = new Uint8Array(count);
    chart.getModel().getSeries().forEach((series, at) => {
      for (const row of series.getRawIndicesByActiveState("active")) marks[groups[at][row]] = 1;
    });
    setBrushed(marks);
  }

  function clearBrushes() {
    chart.getModel().queryComponents({ mainType: "parallelAxis" }).forEach((axis) => {
      chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: axis.id, intervals: [] });
    });
    setBrushed(null);
  }

  let asked = false;
  chart.on("axisareaselected", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; takeBrushes(); });
  });
  let filter = selection.filtered;
  const later = drawOn(view, draw, ["theme"]);
  changed.selection.push(() => {
    if (filter === selection.filtered) return;
    filter = selection.filtered;
    later();
  });
}

// Axes that vary, then the objectives; at most twelve fit.
function parallelColumns() {
  const goals = objectiveNames().map((name) => columns.get(name));
  const rest = goals.length > 0 ? goals : metrics.filter(varies).slice(0, 3);
  return [...varied.slice(0, 12 - rest.length), ...rest];
}

function parallelAxis(column, at) {
  const named = isNamed(column);
  const scale = named ? { factor: 1, unit: "" } : scaleOfColumn(column);
  const wanted = column.better === "max" ? " ↑" : column.better === "min" ? " ↓" : "";
  // Names are long: a line for each part.
  const name = column.name.replaceAll(".", ".\n").replace(/_(?=\w{5})/g, "_\n") + wanted + (scale.unit ? `\n(${scale.unit})` : "");
  const log = !named && suitsLog(column);
  return {
    dim: at, name, nameLocation: "end", nameGap: 14, realtime: true,
    nameTextStyle: { color: colour("text"), fontSize: 11, align: "center", lineHeight: 13 },
    type: named ? "category" : log ? "log" : "value", scale: true, logBase: 10,
    ...(named ? { data: column.levels } : {}),
    axisLine: { lineStyle: { color: colour("soft") } }, axisTick: { lineStyle: { color: colour("soft") } }, splitLine: { show: false },
    axisLabel: { color: colour("text"), fontSize: 10, backgroundColor: colour("panel") + "b0", padding: [1, 2], ...(named ? { formatter: shortened } : { formatter: digits }) },
    areaSelectStyle: { width: 18, borderWidth: 1, borderColor: colour("accent"), color: colour("accent"), opacity: 0.25 },
  };
}

function shortened(text) {
  return text.length > 14 ? text.slice(0, 13) + "…" : text;
}

function isNamed(column) {
  return column.kind === "axis" && (!column.numbers || column.levels.length <= kMostLevels);
}

function parallelOption(shown, of, groups) {
  const scales = shown.map((c) => (isNamed(c) ? null : scaleOfColumn(c)));
  const rows = (group) => group.map((i) => shown.map((c, at) => (isNamed(c) ? c.code(i) : scaled(scales[at], c.value(i)) ?? NaN)));
  return {
    legend: legend(of.levels),
    tooltip: { show: false },
    parallel: { left: 48, right: 64, top: 104, bottom: 16, parallelAxisDefault: {} },
    parallelAxis: shown.map(parallelAxis),
    series: of.levels.map((name, at) => ({
      name, id: "level" + at, type: "parallel", silent: true, data: rows(groups[at]), progressive: 1000,
      itemStyle: { color: levelColour(at) }, color: levelColour(at),
      lineStyle: { color: levelColour(at), width: count <= 50 ? 2 : 1, opacity: Math.max(0.06, Math.min(0.8, 6 / Math.sqrt(count))) },
      inactiveOpacity: 0.02, activeOpacity: Math.max(0.2, Math.min(0.9, 12 / Math.sqrt(count))),
    })),
  };
}
