/** Areas as the address writes them, and in words. */

import { distanceBetween } from "./geodesic.js";
import { distance, word } from "./words.js";

/**
 * @typedef {import("leaflet").LatLng} LatLng
 */

/** A metre or so: nobody draws finer. @param {number} degrees */
function rounded(degrees) {
  return Number(degrees.toFixed(5));
}

/** The box between two corners. @param {LatLng} one @param {LatLng} other */
export function boxOf(one, other) {
  const [west, east] = [one.lng, other.lng].sort((a, b) => a - b);
  const [south, north] = [one.lat, other.lat].sort((a, b) => a - b);
  return `box:${[west, south, east, north].map(rounded).join(",")}`;
}

/** The circle about a centre through another point. @param {LatLng} centre @param {LatLng} through */
export function circleOf(centre, through) {
  return `circle:${rounded(centre.lng)},${rounded(centre.lat)},${Math.max(1, Math.round(distanceBetween(centre, through)))}`;
}

/** @param {LatLng[]} corners */
export function polygonOf(corners) {
  return `polygon:${corners.flatMap(({ lng, lat }) => [rounded(lng), rounded(lat)]).join(",")}`;
}

/** What is within a distance of an item. @param {import("./atlas.js").Item} item @param {number} metres */
export function nearOf(item, metres) {
  return `near:${item.key},${metres}`;
}

/**
 * A drawn area's kind and numbers; null for one that a feature gives.
 * @param {string | null} area
 * @returns {{kind: "box" | "circle" | "polygon", numbers: number[]} | null}
 */
export function drawn(area) {
  const [kind, rest = ""] = area?.split(":") ?? [];
  if (kind !== "box" && kind !== "circle" && kind !== "polygon") return null;
  return { kind, numbers: rest.split(",").map(Number) };
}

/** In the reader's words: the server's, where a feature gives the area. @param {string} area @param {import("./answer.js").Answer | null} answer */
export function areaText(area, answer) {
  if (answer?.label) return answer.label;
  const found = drawn(area);
  if (found?.kind === "circle") return word("area.circle_of", { radius: distance(found.numbers[2]) });
  return found ? word(`area.${found.kind}_drawn`) : "…";
}
