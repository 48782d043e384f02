// What the folder holds, at a glance: identity, states of the points, the best ones, what limits.

function bestOf(objective) {
  const column = columns.get(objective.metric);
  let best = -1;
  for (let i = 0; i < count; ++i) {
    const v = column.value(i);
    if (v === null || stateOf(i) !== "ok") continue;
    if (best < 0 || (objective.direction === "max" ? v > column.value(best) : v < column.value(best))) best = i;
  }
  return best;
}

function describe(i) {
  return varied.length === 0 ? axes[0].text(i) : varied.map((a) => (a.name === "scheme" ? a.text(i) : `${a.name} ${a.text(i)}`)).join(", ");
}

function boundText(objective) {
  const parts = [];
  if (objective.at_least !== undefined) parts.push("at least " + quantity(objective.at_least, objective.unit));
  if (objective.at_most !== undefined) parts.push("at most " + quantity(objective.at_most, objective.unit));
  return parts.join(", ") || "–";
}

function stateChips() {
  const counts = new Map();
  for (let i = 0; i < count; ++i) counts.set(stateOf(i), (counts.get(stateOf(i)) ?? 0) + 1);
  const chips = [...counts].map(([state, n]) => element("li", { class: "chip " + (state === "ok" ? "good" : "bad") }, `${n} ${state}`));
  const asked = report.points.pass.filter((p) => p !== "").length;
  if (asked > 0) chips.push(element("li", { class: "chip" }, `${report.points.pass.filter((p) => p === "1").length} of ${asked} pass`));
  return element("ul", { class: "chips", "aria-label": "points by state" }, ...chips);
}

function objectiveRows() {
  return (analysis.objectives ?? []).filter((o) => columns.has(o.metric)).map((o) => {
    const best = bestOf(o);
    const value = best < 0 ? "–" : quantity(columns.get(o.metric).value(best), o.unit);
    return [o.metric, o.direction === "max" ? "high" : "low", boundText(o), value, best < 0 ? "–" : pointButton(best), best < 0 ? "" : describe(best)];
  });
}

// The knee, and what else the analysis points at.
function notable() {
  const rows = [];
  if (typeof analysis.knee === "number") rows.push(["knee of the front", pointButton(analysis.knee), describe(analysis.knee)]);
  if (analysis.ranking?.length) rows.push(["first that keeps every bound", pointButton(analysis.ranking[0]), describe(analysis.ranking[0])]);
  if (front.size > 0) {
    const show = element("button", { type: "button", class: "link", onclick: () => setBrushed(Uint8Array.from({ length: count }, (_, i) => (front.has(i) ? 1 : 0))) }, plural(front.size, "point"));
    rows.push(["Pareto front", show, "no point is better in one objective without being worse in another"]);
  }
  return rows;
}

function drawSummary() {
  const view = addView("summary", "Summary", "");
  view.body.append(stateChips());
  const rows = objectiveRows();
  if (rows.length > 0) view.body.append(addTable(["objective", "wanted", "bound", "best", "at", "which is"], rows));
  const others = notable();
  if (others.length > 0) view.body.append(addTable(["", "at", "which is"], others));
  if (analysis.assumes?.length) {
    view.body.append(element("details", {}, element("summary", {}, "What the analysis assumes"), element("ul", {}, ...analysis.assumes.map((s) => element("li", {}, s)))));
  }
}
