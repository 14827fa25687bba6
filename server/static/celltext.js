/** A number of the statistics in words: a count with those inferred apart, a sum with how many it is known of. */

import { number, word } from "./words.js";

/**
 * @typedef {import("./tabulate.js").Cell} Cell
 * @typedef {{field: import("./atlas.js").Field | null, label: string}} Measure field: whose known values are added up;
 *   null counts
 */

/** @param {Cell} cell @param {Measure} measure */
export function mainText(cell, { field }) {
  if (!field) return number(cell.count);
  if (cell.sum === null) return cell.count + cell.inferred ? word("filter.unknown") : "–";
  return [number(cell.sum), field.unit].filter(Boolean).join(" ");
}

/** What has to be said besides; empty where nothing has. @param {Cell} cell @param {Measure} measure */
export function besideText({ count, inferred, known }, { field }) {
  if (!field) return inferred ? word("stats.also_inferred", { count: number(inferred) }) : "";
  return count + inferred ? word("stats.known_of", { known: number(known), count: number(count + inferred) }) : "";
}

/** Both in a sentence: how many in all, and how many of them by inference. @param {string} name @param {Cell} cell */
export function countText(name, { count, inferred }) {
  const all = number(count + inferred);
  return inferred ? word("stats.name_inferred", { name, count: all, inferred: number(inferred) }) : word("stats.name_count", { name, count: all });
}
