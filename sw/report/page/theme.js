// Colours. Okabe and Ito's palette and viridis can be told apart with every kind of colour vision.

const kOkabeIto = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
const kSymbols = [
  "circle", "triangle", "rect", "diamond",
  "path://M0 0H10L5 10Z",                                // a triangle upside down
  "path://M4 0H6V4H10V6H6V10H4V6H0V4H4Z",                // plus
  "path://M3 0H7L10 5L7 10H3L0 5Z",                      // hexagon
  "path://M5 0L6.5 3.5L10 5L6.5 6.5L5 10L3.5 6.5L0 5L3.5 3.5Z",  // star
];
const kViridis = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];
const kBad = "#d55e00";

const preference = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : preference.matches;
}

// Black is white in the dark; yellow comes last, it is hard to see in the light.
function levelColour(at) {
  const palette = [isDark() ? "#1f86cf" : kOkabeIto[0], ...kOkabeIto.slice(1), isDark() ? "#e8e8e8" : "#000000", isDark() ? "#f0e442" : "#c9b900"];
  return palette[at % palette.length];
}

function levelSymbol(at) {
  return kSymbols[at % kSymbols.length];
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  tell("theme");
}

preference.addEventListener("change", () => tell("theme"));
