/** The rows of search results: what was found, with what matches marked, and which reading of coordinates it is. */

import { h, svg } from "./dom.js";
import { itemSymbol, symbol } from "./symbols.js";
import { word } from "./words.js";

/** Characters of a long text that are shown before and after what matches. */
const BEFORE = 12;
const AFTER = 60;

/** @param {import("./search.js").Hit} hit @param {import("./atlas.js").Atlas} atlas */
export function hitRow(hit, atlas) {
  const item = atlas.byKey.get(`${hit.layer}/${hit.id}`);
  const layer = atlas.layer(hit.layer);
  const name = hit.name ?? item?.name ?? hit.id;
  const inName = hit.text === name;
  const placement = item?.hasRole("placement") && item.layer.role === "sites" ? word(`placement.${item.placement ?? "none"}`) : "";
  const about = [hit.layerTitle, placement].filter(Boolean).join(" · ");
  return h(
    "div",
    { class: "result", "data-item": `${hit.layer}/${hit.id}` },
    item ? itemSymbol(item, 16) : layer && symbol(layer, { size: 16 }),
    h("span", { class: "result-name" }, ...(inName ? marked(name, hit.fragments) : [name])),
    !inName && hit.text && hit.field && h("span", { class: "result-text" }, `${hit.field.label}${word("search.colon")}`, ...excerpt(hit.text, hit.fragments)),
    h("span", { class: "result-about" }, about),
  );
}

/** @param {import("./search.js").Place} place */
export function placeRow(place) {
  return h("div", { class: "result is-place" }, svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "place-sign", "aria-hidden": "true" }, svg("circle", { cx: 8, cy: 8, r: 5 }), svg("path", { d: "M8 0v5M8 11v5M0 8h5M11 8h5" })), h("span", { class: "result-name" }, degrees(place)), h("span", { class: "result-about" }, place.label));
}

/** @param {import("./search.js").Place} place */
export function degrees({ geometry }) {
  const [lon, lat] = geometry.coordinates;
  return `${Math.abs(lon).toFixed(5)}°${lon < 0 ? "W" : "E"} ${Math.abs(lat).toFixed(5)}°${lat < 0 ? "S" : "N"}`;
}

/** @param {string} text @param {[number, number][]} fragments */
function excerpt(text, fragments) {
  const characters = Array.from(text);
  const first = fragments[0]?.[0] ?? 0;
  const start = first > 2 * BEFORE ? first - BEFORE : 0;
  const end = Math.min(characters.length, first + AFTER);
  const inside = /** @type {[number, number][]} */ (fragments.filter(([, to]) => to <= end).map(([from, to]) => [from - start, to - start]));
  return [start > 0 && "…", ...marked(characters.slice(start, end).join(""), inside), end < characters.length && "…"];
}

/** A text with its fragments marked; their numbers count characters, not the halves that JavaScript counts. @param {string} text @param {[number, number][]} fragments */
function marked(text, fragments) {
  const characters = Array.from(text);
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let done = 0;
  for (const [from, to] of fragments) {
    if (from < done) continue;
    parts.push(characters.slice(done, from).join(""), h("mark", {}, characters.slice(from, to).join("")));
    done = to;
  }
  parts.push(characters.slice(done).join(""));
  return parts.filter((part) => part !== "");
}
