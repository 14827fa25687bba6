/** How well a position is known, and how the map shows it: the lines of the legend that hold for every layer. */

import { h, svg } from "./dom.js";
import { word } from "./words.js";

/** @param {string} kind @param {string} outline */
function sample(kind, outline) {
  return svg("svg", { class: `sample is-${kind}`, viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: outline }));
}

const DISC = "M8 3A5 5 0 1 1 8 13 5 5 0 1 1 8 3Z";

/**
 * The ways that the zone uses; false where it uses none.
 * @param {import("./atlas.js").Item[]} items
 */
export function positionLegend(items) {
  /** @type {[Node, string, (item: import("./atlas.js").Item) => boolean][]} */
  const ways = [
    [sample("filled", DISC), "legend.exact", (item) => item.placement === "site" || item.placement === "park"],
    [sample("hollow", DISC), "legend.township", (item) => item.hollow],
    [sample("plate", "M1.5 5H14.5V11H1.5Z"), "legend.district", (item) => item.home === "plate"],
    [sample("row", "M2 13.5H14M3 10 5 6 7 10ZM9 10 11 6 13 10Z"), "legend.unplaced", (item) => item.home === "tray"],
    [sample("dashed", DISC), "legend.inferred", (item) => item.inferred],
    // Seen while there is an area only (ask.css).
    [sample("possible", DISC), "legend.possible", (item) => Boolean(item.uncertainty)],
  ];
  const lines = ways.filter(([, , isUsed]) => items.some(isUsed));
  return lines.length > 0 && h(
    "section",
    { class: "positions", "aria-label": word("legend.title") },
    h("h2", {}, word("legend.title")),
    h("ul", {}, ...lines.map(([drawing, key]) => h("li", {}, drawing, word(key)))),
  );
}
