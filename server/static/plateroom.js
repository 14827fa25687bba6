/** Room for a plate: near its spot, in its district, beside and not on what else there is. */

import { isInside } from "./interior.js";
import { outward } from "./placing.js";

/** Pixels between a plate's words and what stands beside them. */
const MARGIN = 4;

/**
 * What it costs a plate, in pixels that it would rather stand further off, to have all of its words out of its district;
 * and to cover a place.
 */
const OUTSIDE = 400;
const COVERED = 25;

/**
 * @typedef {import("./placing.js").Box} Box
 * @typedef {import("./placing.js").Placing} Placing
 * @typedef {{spot: import("leaflet").Point, shape: {x: number, y: number}[][], points: {x: number, y: number}[]}} Ground
 *   where a plate would stand, its district's outline, and the places that it should not cover, in pixels
 * @typedef {{box: Box, lines: Box[], outside: number, cost: number, isFree: boolean}} Room outside: the part of its
 *   words that is not in the district
 */

/**
 * The place that costs least; where none is free, the spot itself.
 * @param {HTMLElement} plate
 * @param {Ground} ground
 * @param {Placing} placing
 * @param {number} furthest
 * @returns {Room}
 */
export function room(plate, { spot, shape, points }, placing, furthest) {
  const { offsetWidth: width, offsetHeight: height } = plate;
  const parts = lines(plate);
  /** @type {Room | null} */
  let best = null;
  for (const box of outward(spot, width, height, furthest)) {
    const away = Math.hypot(box.x + width / 2 - spot.x, box.y + height / 2 - spot.y);
    // They come in rings around the spot: none that follows can cost less.
    if (best && away >= best.cost) break;
    const drawn = parts.map((part) => ({ ...part, x: box.x + part.x, y: box.y + part.y }));
    if (!placing.inside(box) || drawn.some((line) => placing.obstacle(line))) continue;
    const words = drawn.flatMap(along);
    const outside = words.filter((point) => !isInside(point, shape)).length / Math.max(1, words.length);
    const covered = points.filter((point) => drawn.some((line) => holds(line, point))).length;
    const cost = away + OUTSIDE * outside + COVERED * covered;
    if (!best || cost < best.cost) best = { box, lines: drawn, outside, cost, isFree: true };
  }
  if (best) return best;
  const box = placing.clamped({ x: spot.x - width / 2, y: spot.y - height / 2, width, height });
  return { box, lines: parts.map((part) => ({ ...part, x: box.x + part.x, y: box.y + part.y })), outside: 1, cost: Infinity, isFree: false };
}

/** Points above and below a line's words, from their first to their last. @param {Box} box */
function along({ x, y, width, height }) {
  const across = [0, 0.25, 0.5, 0.75, 1].map((part) => x + MARGIN + part * (width - 2 * MARGIN));
  return across.flatMap((left) => [y + MARGIN, y + height - MARGIN].map((top) => ({ x: left, y: top })));
}

/** @param {Box} box @param {{x: number, y: number}} point */
function holds(box, { x, y }) {
  return x > box.x && y > box.y && x < box.x + box.width && y < box.y + box.height;
}

/**
 * The lines of a plate, each as wide as its words and a margin: a pill may stand beside a short one.
 * @param {HTMLElement} plate
 * @returns {Box[]} from the plate's upper left corner
 */
function lines(plate) {
  return [...plate.children].map((child) => {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (child);
    return { x: offsetLeft - MARGIN, y: offsetTop - MARGIN, width: offsetWidth + 2 * MARGIN, height: offsetHeight + 2 * MARGIN };
  });
}
