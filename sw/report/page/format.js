// Numbers with units. Sizes go in steps of 1024 (KiB), everything else in steps of 1000 (µs, Gb/s).

const kDecimal = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"]];
const kBinary = [[2 ** 40, "Ti"], [2 ** 30, "Gi"], [2 ** 20, "Mi"], [2 ** 10, "Ki"], [1, ""]];

// How to write values of this unit up to this magnitude: divide by `factor`, then add `unit`.
function scaleFor(unit, magnitude) {
  if (unit === "" || unit === "1") return { factor: 1, unit: "" };
  const bytes = unit === "B" || unit === "B.s";
  const steps = bytes ? kBinary : kDecimal;
  const size = Math.abs(magnitude);
  let step = steps.find(([factor]) => size >= factor) ?? (bytes ? [1, ""] : size === 0 ? [1, ""] : steps.at(-1));
  return { factor: step[0], unit: step[1] + unit.replace("bit/s", "b/s") };
}

// The largest finite magnitude, for an axis or a table column that has one unit throughout.
function scaleOfColumn(column) {
  let most = 0;
  for (let i = 0; i < count; ++i) {
    const v = column.value(i);
    if (v !== null && Math.abs(v) > most) most = Math.abs(v);
  }
  return scaleFor(column.unit, most);
}

// Four significant digits, no trailing zeros; very large and very small ones with an exponent.
function digits(v) {
  if (v === 0) return "0";
  const size = Math.abs(v);
  if (size >= 1e6 || size < 1e-4) return v.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(v.toPrecision(4)));
}

function numberIn(scale, v) {
  return v === null || v === undefined ? "–" : digits(v / scale.factor);
}

// A single value with the prefix that suits it: "4.177 Gb/s".
function quantity(v, unit) {
  if (v === null || v === undefined) return "not measured";
  const scale = scaleFor(unit, v);
  return digits(v / scale.factor) + (scale.unit ? " " + scale.unit : "");
}

// Charts get values in the unit of their axis, so that its ticks are round numbers of it.
function scaled(scale, v) {
  return v === null || v === undefined ? null : v / scale.factor;
}

function percent(v) {
  return v === null || v === undefined ? "–" : (v * 100).toFixed(1).replace(/\.0$/, "") + " %";
}

function plural(n, word) {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

function withUnit(name, scale) {
  return scale.unit ? `${name} (${scale.unit})` : name;
}

const kPowersOf10 = { T: 12, G: 9, M: 6, k: 3, "": 0, m: -3, u: -6, "µ": -6, n: -9, p: -12 };
const kPowersOf2 = { Ti: 40, Gi: 30, Mi: 20, Ki: 10 };

// "50us", "2G", "4 KiB", "0.001" as a number in base units; NaN for anything else.
function parseQuantity(text) {
  const parts = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(.*?)\s*$/i.exec(text);
  if (!parts) return NaN;
  const prefix = parts[2].replace(/(bit\/s|b\/s|B[·.]s|B|s)$/, "");
  if (prefix in kPowersOf2) return Number(parts[1]) * 2 ** kPowersOf2[prefix];
  if (!(prefix in kPowersOf10)) return NaN;
  // 20 * 1e-6 is not 20e-6: the exponent goes into the text.
  const [digitsOf, exponent] = parts[1].toLowerCase().split("e");
  return Number(`${digitsOf}e${Number(exponent ?? 0) + kPowersOf10[prefix]}`);
}
