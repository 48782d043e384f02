// One point: what it was, what it measured, and how to run it again.

// As a shell reads it back.
function quotedWord(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

// Every parameter of a point: [path, value, default, sentence, has to be named]
function configurationOf(i) {
  return report.settings.map(([path, baseText, standard, doc, named]) => {
    const own = report.changed[path];
    const code = own ? own.codes[i] : -1;
    const text = code >= 0 ? own.levels[code] : baseText;
    return { path, text, standard: standard ?? baseText, doc, named: named === 1 };
  });
}

// Parameters at their defaults are left out, but for those that the value of another brings along.
function commandOf(i) {
  const words = [...report.command];
  for (const s of configurationOf(i)) {
    if (s.text !== s.standard || s.named) words.push("--set", `${s.path}=${s.text}`);
  }
  words.push("--scheme", axes[0].text(i), "--seed", report.points.seed[i], "--out", "point-" + String(i).padStart(6, "0"));
  return words.map(quotedWord).join(" ");
}

function pointFigures(i) {
  return addTable(["figure", "value"], metrics.filter((m) => m.value(i) !== null).map((m) => [element("span", { title: m.doc }, m.name), m.text(i)]));
}

function pointConfiguration(i) {
  const rows = configurationOf(i);
  const other = rows.filter((s) => s.text !== s.standard);
  const table = (list) => addTable(["parameter", "value", "default"], list.map((s) => [element("span", { title: s.doc }, s.path), s.text, s.standard]));
  return element("div", {},
    element("h3", {}, "Configuration"), element("p", { class: "help" }, `${other.length} of ${rows.length} parameters differ from their defaults.`), table(other),
    element("details", {}, element("summary", {}, "All parameters"), table(rows)));
}

function copyButton(text) {
  const button = element("button", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(document.getElementById("command"));
      button.textContent = "Selected: press Ctrl+C";
    }
  } }, "Copy");
  return button;
}

function marksOf(i) {
  const marks = [];
  if (front.has(i)) marks.push("on the Pareto front");
  if (analysis.knee === i) marks.push("knee of the front");
  if (analysis.limit_of?.[i]) marks.push("limited by " + limits.text(i));
  if (report.points.pass[i] !== "") marks.push(report.points.pass[i] === "1" ? "passes" : "does not pass");
  return marks.join(", ");
}

function pointContent(i) {
  const command = commandOf(i);
  const parts = [
    element("div", { class: "head" }, element("h2", { id: "point-title" }, `Point ${i}: ${stateOf(i)}`), element("button", { type: "button", id: "close", onclick: closePoint }, "Close")),
    element("p", {}, describe(i)), element("p", { class: "help" }, marksOf(i)),
  ];
  const reason = report.points.reason[i];
  if (reason) parts.push(element("pre", { class: "bad" }, reason));
  parts.push(element("h3", {}, "Run it again"), element("pre", { id: "command" }, command), copyButton(command));
  if (report.kept.some((k) => k.point === i)) {
    parts.push(element("p", {}, "Timeline or series of this point are in this report."));
  } else if (report.kind === "sweep") {
    parts.push(element("p", { class: "help" }, `"vctoe sweep keep DIR ${i}" adds its timeline to the next report.`));
  }
  if (report.points.hash[i]) parts.push(element("p", { class: "help hash" }, "configuration " + report.points.hash[i]));
  parts.push(element("h3", {}, "Figures"), pointFigures(i), pointConfiguration(i));
  return parts;
}

let cameFrom = null;

function closePoint() {
  if (selection.open < 0) return;
  openPoint(-1);
  if (cameFrom?.isConnected) cameFrom.focus();
  else document.querySelector(`#rows tr[tabindex="0"]`)?.focus();
}

function drawPoint() {
  const panel = document.getElementById("point");
  changed.open.push(() => {
    panel.hidden = selection.open < 0;
    document.body.classList.toggle("with-point", !panel.hidden);
    if (panel.hidden) return;
    if (!panel.contains(document.activeElement)) cameFrom = document.activeElement;
    panel.replaceChildren(...pointContent(selection.open));
    panel.scrollTop = 0;
    panel.focus();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePoint(); });
}
