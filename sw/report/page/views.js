// Sections of the page, their selectors and charts. A view has a name, by which #view=NAME shows it alone.

const wish = new URLSearchParams(location.hash.slice(1));
const alone = wish.get("view");
const views = new Map();

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Adds a section with a heading, a sentence on how to read it and a place for selectors.
function addView(name, title, help, wide = true) {
  const tools = element("div", { class: "tools" });
  const body = element("div", { class: "body" });
  const section = element("section", { id: name, class: wide ? "view wide" : "view", "aria-labelledby": name + "-title" },
    element("div", { class: "head" }, element("h2", { id: name + "-title" }, title), tools),
    element("p", { class: "help" }, help), body);
  if (alone && alone !== name) section.hidden = true;
  document.getElementById("views").append(section);
  const view = { name, title, section, tools, body, charts: [] };
  views.set(name, view);
  document.getElementById("nav").append(element("a", { href: "#" + name }, title));
  return view;
}

// A labelled drop-down list; options are [value, text] pairs. #key=value chooses in a page of one view.
function addSelect(view, key, label, options, chosen, onchange) {
  const select = element("select", { id: `${view.name}-${key}`, onchange });
  const asked = wish.get(key);
  for (const [value, text] of options) select.append(element("option", { value }, text));
  select.value = alone === view.name && options.some(([value]) => String(value) === asked) ? asked : chosen;
  view.tools.append(element("label", {}, label + " ", select));
  return select;
}

function addCheck(view, key, label, checked, onchange) {
  const asked = wish.get(key);
  const box = element("input", { type: "checkbox", id: `${view.name}-${key}`, onchange });
  box.checked = alone === view.name && asked !== null ? asked === "1" : checked;
  view.tools.append(element("label", {}, box, " " + label));
  return box;
}

// A canvas of this height in pixels that follows the width of the section.
function addChart(view, height, label) {
  const box = element("div", { class: "chart", role: "img", "aria-label": label });
  // A chart that is alone fills the window.
  box.style.height = alone === view.name && !view.stacked ? Math.max(height, window.innerHeight - 150) + "px" : height + "px";
  view.body.append(box);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  new ResizeObserver(() => chart.resize()).observe(box);
  view.charts.push(chart);
  return chart;
}

// Draws now, and again after a change of any of these; several changes in a frame are one.
function drawOn(view, draw, events) {
  let asked = false;
  const later = () => {
    if (asked || view.section.hidden) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
  for (const event of events) changed[event].push(later);
  if (!view.section.hidden) draw();
  return later;
}

// What every chart has in common. Tooltips are drawn in the canvas: those of HTML need inline styles.
function base(extra) {
  return {
    animation: false,
    textStyle: { color: colour("text"), fontFamily: "system-ui, sans-serif" },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: colour("panel"), borderColor: colour("line"), textStyle: { color: colour("text"), fontSize: 12 }, ...(extra.tooltip ?? {}) },
    ...Object.fromEntries(Object.entries(extra).filter(([name]) => name !== "tooltip")),
  };
}

function axisStyle(name, extra = {}) {
  const { axisLabel, ...rest } = extra;
  return {
    name, nameLocation: "middle", nameGap: 30, nameTextStyle: { color: colour("text"), fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: colour("faint") } },
    axisTick: { lineStyle: { color: colour("faint") } },
    splitLine: { lineStyle: { color: colour("grid") } },
    axisLabel: { color: colour("soft"), hideOverlap: true, ...axisLabel },
    ...rest,
  };
}

// A numeric axis whose data are in the unit of the scale.
function numericAxis(name, scale, extra = {}) {
  const { axisLabel, ...rest } = extra;
  return axisStyle(withUnit(name, scale), { type: "value", scale: true, ...rest, axisLabel: { formatter: digits, ...axisLabel } });
}

function legend(names, extra = {}) {
  return { type: names.length <= 12 ? "plain" : "scroll", top: 0, left: "center", width: "94%", data: names, textStyle: { color: colour("text") }, inactiveColor: colour("faint"), pageTextStyle: { color: colour("text") }, pageIconColor: colour("text"), itemWidth: 16, itemHeight: 10, ...extra };
}

// What points may be coloured by: what has few levels.
const kinds = [...varied, ...(limits ? [limits] : [])].filter((a) => a.levels.length <= 8);
if (kinds.length === 0) kinds.push(axes[0]);

function kindOf(select) {
  return kinds.find((k) => k.name === select.value) ?? kinds[0];
}

function namesOf(list) {
  return list.map((c) => [c.name, c.name]);
}

function objectiveNames() {
  return (analysis.objectives ?? []).map((o) => o.metric).filter((name) => columns.has(name));
}

function addTable(head, rows, attributes = {}) {
  return element("table", attributes,
    element("thead", {}, element("tr", {}, ...head.map((h) => element("th", { scope: "col" }, h)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => (cell instanceof Node ? element("td", {}, cell) : element("td", { class: typeof cell === "number" ? "number" : null }, String(cell))))))));
}

// "point 12" as a button that opens it.
function pointButton(i, text = `point ${i}`) {
  return element("button", { type: "button", class: "link", onclick: () => openPoint(i) }, text);
}
