/** What every page of the data service has: the theme's button, and the symbols of layers. */

import { symbol } from "../symbols.js";

/** The symbols that the server only names are drawn here, by the same shapes as on the map. */
function drawSymbols() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".symbol-place"))) {
    const { symbol: kind = "circle", light = "", dark = "" } = place.dataset;
    const layer = /** @type {import("../atlas.js").Layer} */ ({ style: { symbol: kind, colour: light, dark } });
    place.replaceChildren(symbol(layer, { size: 16 }));
  }
}

function switchTheme() {
  const root = document.documentElement;
  const theme = root.dataset.theme === "dark" ? "light" : "dark";
  root.dataset.theme = theme;
  try {
    window.localStorage.setItem("zoneatlas-theme", theme);
  } catch {
    // Storage may be closed to the page: the choice then lasts as long as the page does.
  }
}

const button = document.getElementById("theme");
if (button) {
  button.hidden = false;
  button.addEventListener("click", switchTheme);
}
drawSymbols();
