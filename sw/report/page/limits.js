// Which resource limits which points, and what one more unit of it brought when it was tried.

function drawLimits() {
  const units = analysis.next_unit ?? [], regions = analysis.regions ?? [];
  if (!limits && units.length === 0) return;
  const view = addView("limits", "What limits", "The resource that most of a point's elapsed time was spent on. \"One more unit\" was run, not estimated.");
  if (regions.length > 0) {
    const where = (r) => (r.where ?? []).map((w) => `${w.factor}: ${w.values.join(", ")}`).join("; ") || "everywhere";
    const filter = (limit) => element("button", { type: "button", class: "link", onclick: () => setBrushed(Uint8Array.from({ length: count }, (_, i) => (analysis.limit_of[i] === limit ? 1 : 0))) }, limit);
    view.body.append(addTable(["limit", "points", "where"], regions.map((r) => [limits ? filter(r.limit) : r.limit, r.points, where(r)])));
  }
  if (units.length > 0) {
    const value = (u, v) => quantity(v, columns.get(u.metric)?.unit ?? "");
    const change = (u) => (u.before && u.after !== null ? (u.after >= u.before ? "+" : "") + percent(u.after / u.before - 1) : "–");
    view.body.append(element("h3", {}, "One more unit"), addTable(["point", "limit", "parameter", "from", "to", "metric", "before", "after", "change"],
      units.map((u) => [pointButton(u.point), u.limit, u.parameter, String(u.from), String(u.to), u.metric, value(u, u.before), value(u, u.after), change(u)])));
  }
}
