// Two columns against each other. Points that the filters take away stay as grey dots.

function drawPareto() {
  if (drawable.length < 2) return;
  const view = addView("pareto", "Pareto scatter", "Each dot is a point; click it to open it. Rings are the Pareto front of all objectives, the diamond its knee.", false);
  const objectives = objectiveNames();
  const later = () => redraw();
  // What should be low goes to the right: the best corner is the upper left one.
  if (objectives.length > 1 && columns.get(objectives[0]).better === "max" && columns.get(objectives[1]).better === "min") objectives.splice(0, 2, objectives[1], objectives[0]);
  const pick = (at, other) => objectives[at] ?? drawable[other].name;
  const x = addSelect(view, "x", "x", namesOf(drawable), pick(0, 0), () => { fitLog(); later(); });
  const y = addSelect(view, "y", "y", namesOf(drawable), pick(1, 1), () => { fitLog(); later(); });
  const kind = addSelect(view, "colour", "colour", namesOf(kinds), kinds[0].name, later);
  const logX = addCheck(view, "logx", "log x", suitsLog(columns.get(x.value)), later);
  const logY = addCheck(view, "logy", "log y", suitsLog(columns.get(y.value)), later);
  const note = element("p", { class: "note" });
  const fitLog = () => {
    logX.checked = suitsLog(columns.get(x.value));
    logY.checked = suitsLog(columns.get(y.value));
  };
  const chart = addChart(view, 460, "Scatter of two columns; the table has the same figures");
  view.body.append(note);
  chart.on("click", (p) => { if (p.componentType === "series") openPoint(p.value[2]); });

  function draw() {
    const cx = columns.get(x.value), cy = columns.get(y.value), of = kindOf(kind);
    chart.setOption(base(scatterOption(cx, cy, of, logX.checked, logY.checked, note)), true);
  }
  const redraw = drawOn(view, draw, ["selection", "open", "theme"]);
}

function scatterOption(cx, cy, of, logX, logY, note) {
  const sx = scaleOfColumn(cx), sy = scaleOfColumn(cy);
  const groups = of.levels.map(() => []), away = [], failed = [];
  let hidden = 0;
  for (let i = 0; i < count; ++i) {
    const vx = cx.value(i), vy = cy.value(i);
    if (vx === null || vy === null || (logX && vx <= 0) || (logY && vy <= 0)) ++hidden;
    else (!isLeft(i) ? away : stateOf(i) === "ok" ? groups[of.code(i)] : failed).push([scaled(sx, vx), scaled(sy, vy), i]);
  }
  note.textContent = hidden > 0 ? `${plural(hidden, "point")} without a value that can be drawn here.` : "";
  const big = count > 1000 ? 6 : 9;
  const series = of.levels.map((name, at) => ({ name, type: "scatter", data: groups[at], symbol: levelSymbol(at), symbolSize: big, z: 3, itemStyle: { color: levelColour(at), opacity: 0.85 } }));
  series.push({ name: "filtered out", type: "scatter", data: away, symbolSize: 4, z: 1, silent: true, itemStyle: { color: colour("faint"), opacity: 0.5 } });
  series.push({ name: "failed", type: "scatter", data: failed, symbol: "path://M0 2L2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6Z", symbolSize: big + 2, z: 4, itemStyle: { color: kBad } });
  series.push(...marks(cx, cy, (i) => [scaled(sx, cx.value(i)), scaled(sy, cy.value(i)), i]));
  return {
    grid: { left: 70, right: 24, top: 56, bottom: 48 },
    legend: legend([...of.levels, ...(failed.length ? ["failed"] : [])]),
    tooltip: { formatter: (p) => pointText(p.value[2], [cx, cy]) },
    xAxis: numericAxis(cx.name, sx, { type: logX ? "log" : "value", nameGap: 28 }),
    yAxis: numericAxis(cy.name, sy, { type: logY ? "log" : "value", nameGap: 54 }),
    series,
  };
}

// Front, knee and the open point. The front is a line only where both its objectives are drawn.
function marks(cx, cy, place) {
  const has = (i) => cx.value(i) !== null && cy.value(i) !== null;
  const ends = [...front].filter(has).map(place).sort((a, b) => a[0] - b[0]);
  const drawn = new Set([cx.name, cy.name]);
  const objectives = objectiveNames();
  const both = objectives.length === 2 && objectives.every((o) => drawn.has(o));
  const ring = (name, data, symbol, size, width) => ({ name, type: "scatter", data, symbol, symbolSize: size, z: 5, silent: true, itemStyle: { color: "transparent", borderColor: colour("text"), borderWidth: width } });
  const series = [ring("front", ends, "circle", 12, 1.2)];
  if (both) series.push({ name: "front line", type: "line", data: ends, symbol: "none", silent: true, z: 2, lineStyle: { color: colour("soft"), width: 1.2, type: "dashed" } });
  if (typeof analysis.knee === "number" && has(analysis.knee)) series.push(ring("knee", [place(analysis.knee)], "diamond", 22, 2));
  if (selection.open >= 0 && has(selection.open)) series.push(ring("open", [place(selection.open)], "circle", 18, 3));
  return series;
}

function pointText(i, shown) {
  return [`point ${i}: ${stateOf(i)}`, describe(i), ...shown.map((c) => `${c.name}: ${c.text(i)}`)].join("\n");
}
