// The document and its columns: what can be put on an axis, in the table or in a heat map. Arrays have
// a value for each point, in the order of the plan.

const report = JSON.parse(document.getElementById("document").textContent);
const analysis = report.analysis;
const count = report.points.count;
const front = new Set(analysis.front ?? []);

// An axis of the sweep. `numbers` is missing where levels are names.
function axisColumn(axis) {
  return {
    ...axis, kind: "axis", better: "",
    code: (i) => axis.codes[i],
    text: (i) => axis.levels[axis.codes[i]],
    value: (i) => (axis.numbers ? axis.numbers[axis.codes[i]] : null),
  };
}

function metricColumn(metric) {
  return { ...metric, kind: "metric", value: (i) => metric.values[i], text: (i) => quantity(metric.values[i], metric.unit) };
}

const axes = report.axes.map(axisColumn);
const metrics = report.metrics.map(metricColumn);
const columns = new Map([...axes, ...metrics].map((c) => [c.name, c]));
const varied = axes.filter((a) => a.levels.length > 1);
// What has at least two different numbers can stand on an axis of a chart.
const drawable = [...metrics.filter(varies), ...varied.filter((a) => a.numbers)];

function varies(column) {
  return column.values.some((v) => v !== null);
}

function stateOf(i) {
  return report.points.state.levels[report.points.state.codes[i]];
}

// A limit of the analysis, or what else points are told apart by.
function limitColumn() {
  const of = analysis.limit_of;
  if (!of || !of.some((l) => l)) return null;
  const levels = [...new Set(of.map((l) => l ?? "unknown"))].sort();
  const place = new Map(levels.map((l, at) => [l, at]));
  return { name: "limit", kind: "axis", unit: "", doc: "the resource that limits the point", levels, code: (i) => place.get(of[i] ?? "unknown"), text: (i) => of[i] ?? "unknown", value: () => null };
}
const limits = limitColumn();

// Where levels are many, neighbours are taken together. Returns the labels and each point's place.
function bins(column, most) {
  const n = column.levels.length;
  if (n <= most) return { labels: column.levels, place: column.code };
  const labels = [];
  for (let b = 0; b < most; ++b) {
    const first = Math.ceil((b * n) / most), last = Math.ceil(((b + 1) * n) / most) - 1;
    labels.push(first === last ? column.levels[first] : `${column.levels[first]} … ${column.levels[last]}`);
  }
  return { labels, place: (i) => Math.floor((column.code(i) * most) / n) };
}

function range(column) {
  let least = Infinity, most = -Infinity;
  for (let i = 0; i < count; ++i) {
    const v = column.value(i);
    if (v === null) continue;
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return { least, most };
}

// A logarithmic scale is worth it above two orders of magnitude, and possible above zero.
function suitsLog(column) {
  const { least, most } = range(column);
  return least > 0 && most / least > 100;
}
