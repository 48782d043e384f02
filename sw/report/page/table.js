// All points that are left, a page at a time. Arrow keys move, Enter opens.

const kPage = 50;

function tableColumns(all) {
  const goals = objectiveNames();
  const first = metrics.filter((m) => varies(m) && !m.name.includes(".") && m.better !== "");
  const chosen = all ? metrics : [...goals.map((g) => columns.get(g)), ...first.filter((m) => !goals.includes(m.name)).slice(0, 8)];
  return [
    { name: "point", text: String, value: (i) => i },
    { name: "state", text: stateOf, value: () => null, bad: (i) => stateOf(i) !== "ok" },
    ...(report.points.pass.some((p) => p !== "") ? [{ name: "pass", text: (i) => ({ 1: "yes", 0: "no" })[report.points.pass[i]] ?? "–", value: () => null, bad: (i) => report.points.pass[i] === "0" }] : []),
    ...(varied.length > 0 ? varied : [axes[0]]),
    ...(limits ? [limits] : []),
    ...chosen.map((m) => {
      const scale = scaleOfColumn(m);
      const flagged = m.name.startsWith("gap.") ? (i) => isFlagged(m.name.slice("gap.".length), i) : () => false;
      return { ...m, unitText: scale.unit, text: (i) => numberIn(scale, m.value(i)), bad: flagged };
    }),
  ];
}

function drawTable() {
  const view = addView("table", "Points", "Click a heading to sort. Arrow keys move through the rows, Enter opens a point.");
  const all = addCheck(view, "all", "all figures", false, () => { shown = tableColumns(all.checked); drawHead(); render(); });
  const previous = element("button", { type: "button", onclick: () => turn(-1) }, "Previous page");
  const next = element("button", { type: "button", onclick: () => turn(1) }, "Next page");
  const where = element("span", { "aria-live": "polite", id: "page-of" });
  view.tools.append(previous, where, next);
  const head = element("tr"), body = element("tbody", { id: "rows" });
  view.body.append(element("div", { class: "scroll" }, element("table", { class: "points" }, element("thead", {}, head), body)));
  let shown = tableColumns(false), sorted = { by: 0, down: false }, rows = [], page = 0, active = 0;

  function drawHead() {
    head.replaceChildren(...shown.map((c, at) => {
      const label = c.unitText ? `${c.name} (${c.unitText})` : c.name;
      const order = sorted.by === at ? (sorted.down ? "descending" : "ascending") : "none";
      return element("th", { scope: "col", "aria-sort": order, title: c.doc ?? null },
        element("button", { type: "button", onclick: () => { sorted = { by: at, down: sorted.by === at && !sorted.down }; drawHead(); refresh(); } }, label));
    }));
  }

  function refresh() {
    rows = pointsLeft();
    const column = shown[sorted.by] ?? shown[0];
    const key = (i) => column.value(i) ?? (column.code ? column.code(i) : null);
    const text = column.name === "state" || column.name === "pass";
    const compare = text ? (a, b) => (column.text(a) < column.text(b) ? -1 : column.text(a) > column.text(b) ? 1 : 0) : (a, b) => key(a) - key(b);
    const missing = (i) => !text && key(i) === null;
    const present = rows.filter((i) => !missing(i)).sort((a, b) => (sorted.down ? -compare(a, b) : compare(a, b)) || a - b);
    // What was not measured stands behind everything else, either way.
    rows = [...present, ...rows.filter(missing)];
    page = active = 0;
    render();
  }

  function render(focus = false) {
    const from = page * kPage, here = rows.slice(from, from + kPage);
    body.replaceChildren(...here.map((i, at) => tableRow(i, at === active)));
    const pages = Math.max(1, Math.ceil(rows.length / kPage));
    where.textContent = ` page ${page + 1} of ${pages}, ${rows.length} points `;
    previous.disabled = page === 0;
    next.disabled = page + 1 >= pages;
    if (focus) body.children[active]?.focus();
  }

  function tableRow(i, isActive) {
    const cell = (c) => element("td", { class: [c.kind === "metric" || c.name === "point" ? "number" : "", c.bad?.(i) ? "bad" : ""].join(" ").trim() || null }, c.text(i));
    return element("tr", { "data-point": i, tabindex: isActive ? 0 : -1, class: i === selection.open ? "open" : null, onclick: () => openPoint(i), "aria-label": `point ${i}, ${stateOf(i)}` }, ...shown.map(cell));
  }

  function turn(by) {
    page += by;
    active = 0;
    render();
  }

  // Over the end of a page goes on to the next one.
  function move(to) {
    const target = Math.max(0, Math.min(rows.length - 1, to));
    page = Math.floor(target / kPage);
    active = target % kPage;
    render(true);
  }

  body.addEventListener("focusin", (event) => {
    const at = [...body.children].indexOf(event.target.closest("tr"));
    if (at >= 0) active = at;
  });
  body.addEventListener("keydown", (event) => {
    const at = page * kPage + active;
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + kPage, PageUp: at - kPage, Home: 0, End: rows.length - 1 };
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") openPoint(rows[at]);
    else return;
    event.preventDefault();
  });
  changed.open.push(() => { for (const row of body.children) row.classList.toggle("open", Number(row.dataset.point) === selection.open); });
  drawHead();
  drawOn(view, refresh, ["selection"]);
}
