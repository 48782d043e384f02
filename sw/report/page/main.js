// Puts the page together. Drawing begins with what is at the top.

function drawHeader() {
  document.getElementById("title").textContent = report.title || "Report";
  const identity = [report.question, `${report.program}, ${count} points` + (report.plan ? `, plan ${report.plan.slice(0, 16)}` : "")].filter(Boolean);
  document.getElementById("identity").textContent = identity.join(" · ");
  if (report.plan) document.getElementById("identity").title = "SHA-256 of plan.jsonl: " + report.plan;

  const problem = element("span", { id: "filter-problem", role: "alert" });
  const left = element("output", { id: "left", "aria-live": "polite" });
  const filter = element("input", { id: "filter", type: "search", placeholder: "scheme=fig3 goodput>2G net.delay<=50us", oninput: () => { problem.textContent = setFilter(filter.value); } });
  const clear = element("button", { type: "button", id: "clear", onclick: () => { filter.value = ""; setFilter(""); document.getElementById("clear-brush")?.click(); setBrushed(null); } }, "Show all");
  const theme = element("button", { type: "button", id: "theme", onclick: () => setTheme(isDark() ? "light" : "dark") }, "Light or dark");
  document.getElementById("controls").append(element("label", {}, "Filter ", filter), clear, left, problem, theme);
  const tellLeft = () => { left.textContent = `${pointsLeft().length} of ${count} points`; };
  changed.selection.push(tellLeft);
  tellLeft();
}

if (alone) document.body.classList.add("alone");
if (wish.get("theme")) document.documentElement.dataset.theme = wish.get("theme");
drawHeader();
drawSummary();
drawPareto();
drawParallel();
drawHeatMap();
drawSensitivity();
drawLimits();
drawAttribution();
drawPinned();
drawLatency();
drawTwin();
drawTimeline();
drawTable();
drawPoint();
// Half of a row is not left empty.
const narrow = [...document.querySelectorAll(".view:not(.wide)")];
if (narrow.length % 2 === 1) narrow.at(-1).classList.add("wide");
if (wish.has("point")) openPoint(Number(wish.get("point")));
document.body.dataset.ready = "1";
