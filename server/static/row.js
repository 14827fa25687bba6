/** A row of a list of items: symbol, name, and in a few words how well it answers and where it lies. */

import { h } from "./dom.js";
import { itemSymbol } from "./symbols.js";
import { distance, joined, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./answer.js").Match} Match
 */

/**
 * @param {Item} item
 * @param {import("./atlas.js").Atlas} atlas
 * @param {Match | null} match what the server says of it, where it was asked
 * @param {import("./dom.js").Attributes} attributes
 */
export function itemRow(item, atlas, match, attributes) {
  const about = item.layer.role === "sites" ? [...matchTexts(match), ...position(item), joined(atlas.districtNames(item))].filter(Boolean) : [];
  return h(
    "div",
    { class: "row", "data-item": item.key, title: [item.name, ...about].join("\n"), ...attributes },
    itemSymbol(item, 16),
    h("span", { class: "row-name" }, item.name),
    about.length > 0 && h("span", { class: "row-about" }, about.join(" · ")),
  );
}

/** How well a place is known, in a few words: nothing where the layer does not say. @param {Item} item */
export function position(item) {
  const placement = item.placement === "unknown" ? word("list.unplaced") : word(`placement.${item.placement ?? "none"}`);
  return [
    item.hasRole("placement") ? placement : "",
    item.home === "map" && item.uncertainty ? `± ${distance(item.uncertainty)}` : "",
    item.inferred ? word("detail.inferred") : "",
  ].filter(Boolean);
}

/** Whether for certain, and how far. @param {Match | null} match */
function matchTexts(match) {
  if (!match) return [];
  return [match.certainty ? word(`certainty.${match.certainty}`) : "", match.distance_m === null || match.distance_m === undefined ? "" : distanceText(match)];
}

/** A distance with its doubt. @param {Match} match with a distance */
export function distanceText({ distance_m: metres, uncertainty_m: doubt }) {
  return doubt ? `${distance(metres ?? 0)} ± ${distance(doubt)}` : distance(metres ?? 0);
}
