/** The address of a board: a view on paper, as PDF or as a picture of one of its pages. */

import { WRITTEN } from "./view.js";

export const PAPERS = ["A4", "A3"];

export const ORIENTATIONS = ["landscape", "portrait"];

/** Round ones, from a town to a province. */
export const SCALES = [25_000, 50_000, 100_000, 200_000, 250_000, 500_000, 1_000_000];

/** What stays on the screen. */
const WITHOUT = new Set(["drawer", "slides"]);

/** The place on the screen, which the code on the board leads back to. */
const PLACE = ["center", "zoom"];

/**
 * @typedef {[number, number, number, number]} Extent west, south, east, north in degrees
 * @typedef {object} Wish
 * @property {URLSearchParams} view the view, as others are to get it
 * @property {Extent | null} extent what must be seen; the whole map where there is none
 * @property {string | null} title the map's own where there is none; an empty one leaves it out
 * @property {string | null} subtitle
 * @property {string} paper
 * @property {string} orientation
 * @property {string} scale the number under the line; the server's choice where it is empty
 * @property {string} lang
 */

/**
 * The query of a board. Paper is always light.
 * @param {Wish} wish
 * @param {Record<string, string | number>} [more]
 */
export function boardQuery({ view, extent, title, subtitle, paper, orientation, scale, lang }, more = {}) {
  const parts = [...(extent ? PLACE : []), ...Object.keys(WRITTEN).filter((name) => !WITHOUT.has(name))];
  const query = new URLSearchParams(parts.flatMap((name) => (view.has(name) ? [[name, view.get(name) ?? ""]] : [])));
  const wished = { extent: extent && extentText(extent), paper, orientation, title, subtitle, map_scale: scale || null, lang, ...more };
  for (const [name, value] of Object.entries(wished)) if (value !== null) query.set(name, String(value));
  return query;
}

/** An extent as the server reads it: within the world, west above east where it crosses 180 degrees. @param {Extent} extent */
export function extentText([west, south, east, north]) {
  const [left, right] = east - west >= 360 ? [-180, 180] : [turned(west), turned(east)];
  const [low, high] = [south, north].map((lat) => Math.min(90, Math.max(-90, lat)));
  return [left, low, right, high].map((degrees) => degrees.toFixed(5)).join(",");
}

/** The same longitude from -180 to 180. @param {number} lon */
function turned(lon) {
  return Math.abs(lon) <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180;
}
