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

/** A longitude as addresses have it: a map across the antimeridian goes on beyond 180. @param {number} degrees */
function wrapped(degrees) {
  return degrees >= -180 && degrees <= 180 ? degrees : ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** The box between two corners; across the antimeridian its west is greater than its east. @param {LatLng} one @param {LatLng} other */
export function boxOf(one, other) {
  const [west, east] = [one.lng, other.lng].sort((a, b) => a - b).map(wrapped);
  const [south, north] = [one.lat, other.lat].sort((a, b) => a - b);
  return `box:${[west, south, east, north].map(rounded).join(",")}`;
}

/** The circle about a centre through another point. @param {LatLng} centre @param {LatLng} through */
export function circleOf(centre, through) {
  return circleAt(centre, Math.max(1, Math.round(distanceBetween(centre, through))));
}

/** @param {LatLng} centre @param {number} metres */
export function circleAt(centre, metres) {
  return `circle:${rounded(wrapped(centre.lng))},${rounded(centre.lat)},${metres}`;
}

/** @param {LatLng[]} corners */
export function polygonOf(corners) {
  return `polygon:${corners.flatMap(({ lng, lat }) => [rounded(lng), rounded(lat)]).join(",")}`;
}

/** What is within a distance of an item. @param {import("./atlas.js").Item} item @param {number} metres */
export function nearOf(item, metres) {
  return `near:${item.key},${metres}`;
}

/** How many numbers a drawn area has. */
const NUMBERS = { box: (/** @type {number} */ count) => count === 4, circle: (/** @type {number} */ count) => count === 3, polygon: (/** @type {number} */ count) => count >= 6 && count % 2 === 0 };

/** Whether an address has an area there; what a feature gives is for the server to find. @param {string} text */
export function isArea(text) {
  return /^(feature|near):./.test(text) || drawn(text) !== null;
}

/**
 * A drawn area's kind and numbers; null for one that a feature gives, and for what is none.
 * @param {string | null} area
 * @param {number} [near] the longitude of the map's middle: the area's are those that are nearest to it
 * @returns {{kind: "box" | "circle" | "polygon", numbers: number[]} | null}
 */
export function drawn(area, near) {
  const [kind, rest = ""] = area?.split(":") ?? [];
  if (kind !== "box" && kind !== "circle" && kind !== "polygon") return null;
  const texts = rest.split(",");
  const numbers = texts.map(Number);
  if (!NUMBERS[kind](numbers.length) || !numbers.every(Number.isFinite) || texts.some((text) => text.trim() === "")) return null;
  if (near !== undefined) {
    if (kind === "box" && numbers[2] < numbers[0]) numbers[2] += 360;
    const middle = kind === "box" ? (numbers[0] + numbers[2]) / 2 : numbers[0];
    const by = 360 * Math.round((near - middle) / 360);
    for (let at = 0; at < (kind === "circle" ? 1 : numbers.length); at += 2) numbers[at] += by;
  }
  return { kind, numbers };
}

/** In the reader's words: the server's, where a feature gives the area. @param {string} area @param {import("./answer.js").Answer | null} answer */
export function areaText(area, answer) {
  if (answer?.label) return answer.label;
  const found = drawn(area);
  if (found?.kind === "circle") return word("area.circle_of", { radius: distance(found.numbers[2]) });
  return found ? word(`area.${found.kind}_drawn`) : "…";
}
