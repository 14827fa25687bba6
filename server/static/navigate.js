/** Links that lead to a place in the map services people drive by, each in the datum of that service. */

import { toBd09, toGcj } from "./datum.js";
import { h } from "./dom.js";
import { word } from "./words.js";

/**
 * @typedef {{lat: number, lng: number}} LatLng degrees of WGS 84
 */

/** How these services know who sends somebody. */
const FROM = "zoneatlas";

/** Known this well, a place is one that somebody may be led to. */
const EXACT = new Set(["site", "park"]);

/** @type {{id: string, address: (at: LatLng, name: string) => string}[]} */
const SERVICES = [
  { id: "amap", address: (at, name) => link("https://uri.amap.com/marker", { position: lngLat(toGcj(at)), name, src: FROM, coordinate: "gaode", callnative: "0" }) },
  { id: "baidu", address: (at, name) => link("https://api.map.baidu.com/marker", { location: latLng(toBd09(toGcj(at))), title: name, content: name, output: "html", coord_type: "bd09ll", src: FROM }) },
  // Colons and semicolons part the fields of its marker.
  { id: "tencent", address: (at, name) => link("https://apis.map.qq.com/uri/v1/marker", { marker: `coord:${latLng(toGcj(at))};title:${name.replace(/[:;]/g, " ")}`, referer: FROM }) },
];

/** @param {string} address @param {Record<string, string>} values */
function link(address, values) {
  return `${address}?${new URLSearchParams(values)}`;
}

/** @param {LatLng} at */
function lngLat({ lat, lng }) {
  return `${lng.toFixed(6)},${lat.toFixed(6)}`;
}

/** @param {LatLng} at */
function latLng({ lat, lng }) {
  return `${lat.toFixed(6)},${lng.toFixed(6)}`;
}

/**
 * The place that an item's coordinates are; null where its position is not known well enough for any.
 * @param {import("./atlas.js").Item} item
 * @returns {LatLng | null}
 */
export function placeOf(item) {
  return item.home === "map" && item.point && isExact(item) && !item.inferred ? { lng: item.point[0], lat: item.point[1] } : null;
}

/** Why nobody is led to an item. @param {import("./atlas.js").Item} item */
export function refusal(item) {
  if (item.inferred) return word("navigate.inferred");
  return word(isExact(item) ? "navigate.shape" : "navigate.vague");
}

/** A layer without placements means what its geometry says. @param {import("./atlas.js").Item} item */
function isExact(item) {
  return !item.hasRole("placement") || EXACT.has(item.placement ?? "");
}

/** @param {LatLng} at @param {string} name */
export function navigation(at, name) {
  return h(
    "div",
    { class: "navigate" },
    h("span", { class: "quiet" }, word("navigate.to")),
    ...SERVICES.map(({ id, address }) => h("a", { class: "plain", href: address(at, name), target: "_blank", rel: "noopener noreferrer", "data-service": id }, word(`navigate.${id}`))),
  );
}
