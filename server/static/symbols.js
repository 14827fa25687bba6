/** The symbols of site layers: one shape and colour a layer; filled, hollow or dashed as the position is known. */

import { svg } from "./dom.js";

/** Outlines in a 16 x 16 box, drawn for the same visual weight. @type {Record<string, string>} */
const OUTLINES = {
  square: "M3 3H13V13H3Z",
  hexagon: "M8 1.6 13.6 4.8V11.2L8 14.4 2.4 11.2V4.8Z",
  diamond: "M8 1.2 14.8 8 8 14.8 1.2 8Z",
  triangle: "M8 2 14.8 13.6H1.2Z",
  circle: "M8 2.2A5.8 5.8 0 1 1 8 13.8 5.8 5.8 0 1 1 8 2.2Z",
  star: "M8 1.2 10 5.9 15.1 6.3 11.2 9.6 12.4 14.6 8 11.9 3.6 14.6 4.8 9.6 .9 6.3 6 5.9Z",
  pentagon: "M8 1.6 14.5 6.4 12 14H4L1.5 6.4Z",
  cross: "M5.8 1.8H10.2V5.8H14.2V10.2H10.2V14.2H5.8V10.2H1.8V5.8H5.8Z",
  dot: "M8 4.6A3.4 3.4 0 1 1 8 11.4 3.4 3.4 0 1 1 8 4.6Z",
  area: "M2 3.5H14V12.5H2Z",
  line: "M1.5 12.5 6 5.5 10 10.5 14.5 3.5",
};

/**
 * @typedef {{hollow?: boolean, dashed?: boolean, possible?: boolean, size?: number}} Look
 *   possible: it may be in the area that is asked about
 */

/**
 * @param {import("./atlas.js").Layer} layer
 * @param {Look} [look]
 */
export function symbol(layer, { hollow = false, dashed = false, possible = false, size = 14 } = {}) {
  const kind = layer.style.symbol in OUTLINES ? layer.style.symbol : "circle";
  const classes = ["symbol"];
  if (kind === "line") classes.push("is-line");
  else if (kind === "area") classes.push("is-area");
  else if (hollow) classes.push("is-hollow");
  if (dashed) classes.push("is-dashed");
  if (possible) classes.push("is-possible");
  const drawing = svg(
    "svg",
    { class: classes.join(" "), width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: OUTLINES[kind] }),
  );
  drawing.style.setProperty("--light", layer.style.colour);
  drawing.style.setProperty("--dark", layer.style.dark || layer.style.colour);
  return drawing;
}

/**
 * @param {import("./atlas.js").Item} item
 * @param {number} [size]
 */
export function itemSymbol(item, size = 14) {
  const placed = item.home === "map";
  return symbol(item.layer, { hollow: !placed || item.hollow, dashed: item.inferred, possible: item.certainty === "possible", size });
}
