// Which points are left, and which one is open. Views subscribe; nothing else is shared between them.

const selection = {
  brushed: null,   // Uint8Array with 1 for what the brushes leave; null: nobody brushed
  filtered: null,  // the same of the text filter
  open: -1,
};
const changed = { selection: [], open: [], theme: [] };

function tell(what) {
  for (const listener of changed[what]) listener();
}

function isLeft(i) {
  return (!selection.brushed || selection.brushed[i] === 1) && (!selection.filtered || selection.filtered[i] === 1);
}

function pointsLeft() {
  const left = [];
  for (let i = 0; i < count; ++i) if (isLeft(i)) left.push(i);
  return left;
}

function setBrushed(marks) {
  selection.brushed = marks;
  tell("selection");
}

function openPoint(i) {
  selection.open = i;
  tell("open");
}

// One term of the filter as a function of a point; throws a sentence for what is none.
function filterTerm(term) {
  const parts = /^([^<>=!]+)(<=|>=|!=|<|>|=)(.+)$/.exec(term);
  if (!parts) {
    const wanted = term.toLowerCase();
    return (i) => searchText(i).includes(wanted);
  }
  const [, name, relation, text] = parts;
  if (name === "state" || name === "pass") {
    const of = name === "state" ? stateOf : (i) => report.points.pass[i];
    return (i) => (of(i) === text) === (relation === "=");
  }
  const column = name === "limit" ? limits : columns.get(name);
  if (!column) throw `there is no column called ${name}`;
  const number = parseQuantity(text);
  if (relation === "=" || relation === "!=") {
    const squeezed = text.replace(/\s/g, "");
    const same = (i) => column.text(i).replace(/\s/g, "") === squeezed || column.value(i) === number;
    return relation === "=" ? same : (i) => !same(i);
  }
  if (Number.isNaN(number)) throw `${text} is no number`;
  const holds = { "<": (v) => v < number, ">": (v) => v > number, "<=": (v) => v <= number, ">=": (v) => v >= number }[relation];
  return (i) => column.value(i) !== null && holds(column.value(i));
}

const searchTexts = new Array(count);
function searchText(i) {
  return (searchTexts[i] ??= [i, stateOf(i), ...axes.map((a) => a.text(i)), report.points.reason[i] ?? ""].join(" ").toLowerCase());
}

// Terms are separated by blanks and all have to hold. Returns what is wrong, or "".
function setFilter(text) {
  try {
    const terms = text.trim() === "" ? [] : text.trim().split(/\s+/).map(filterTerm);
    selection.filtered = terms.length === 0 ? null : Uint8Array.from({ length: count }, (_, i) => (terms.every((t) => t(i)) ? 1 : 0));
  } catch (problem) {
    if (typeof problem !== "string") throw problem;
    return problem;
  }
  tell("selection");
  return "";
}
