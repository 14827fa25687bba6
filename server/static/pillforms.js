/** The forms of a pill: on its place or beside it, with its name or without; and which of them there is room for. */

import { shownItems } from "./groups.js";
import { around, outward } from "./placing.js";
import { shortened, textWidth } from "./textwidth.js";

/** Sizes of the style sheet's .pill, needed before a pill is on the page. */
const HEIGHT = 24;
export const SYMBOL = 16;
const TEXT = 12;
const PADDING = 6;
const GAP = 3;
const LONGEST = 132;

/** Pixels between a pill and its dot, and how far off it may stand at most. */
const BESIDE = 6;
const FURTHEST = 90;

/**
 * @typedef {import("./groups.js").Group} Group
 * @typedef {import("./placing.js").Box} Box
 * @typedef {import("./placing.js").Placing} Placing
 * @typedef {"beside" | "right" | "left"} Form where the first symbol stands: beside the town's dot, or on the place
 *   itself with the rest to its right or left
 * @typedef {{form: Form, name: string, box: Box}} Settled
 */

/** Stands on its place; what is known to towns only, or stands for many places, has none. @param {Group} group */
export function isFixed(group) {
  return group.places === 1 && !group.items.every((item) => item.hollow);
}

/**
 * The best form at or beside its place that there is room for.
 * @param {Group} group
 * @param {string} name
 * @param {number} most how many symbols
 * @param {Placing} placing
 * @returns {Settled | null}
 */
export function nearForm(group, name, most, placing) {
  return forms(group, shown(group, name), most).find(({ box }) => isFree(box, group, placing)) ?? null;
}

/**
 * A form that a line joins to its place: at the window's edge with its name, else without; or over what is there.
 * @param {Group} group
 * @param {string} name
 * @param {number} most
 * @param {Placing} placing
 * @returns {Settled}
 */
export function farForm(group, name, most, placing) {
  const form = "beside";
  for (const words of new Set([shown(group, name), ""])) {
    const width = pillWidth(group, words, most);
    const [beside] = around(group.point, width, HEIGHT, BESIDE);
    const { x, y } = placing.clamped(beside);
    const from = { x: x + width / 2, y: y + HEIGHT / 2 };
    const box = [...outward(from, width, HEIGHT, words ? 2 * HEIGHT : FURTHEST)].find((one) => isFree(one, group, placing));
    if (box) return { form, name: words, box };
  }
  const width = pillWidth(group, "", most);
  return { form, name: "", box: placing.clamped({ x: group.point.x - width / 2, y: group.point.y - HEIGHT / 2, width, height: HEIGHT }) };
}

/** @param {Box} box @param {Group} group @param {Placing} placing */
function isFree(box, group, placing) {
  return placing.inside(box) && !placing.obstacle(box, group);
}

/** What stands for many places has no name of its own. @param {Group} group @param {string} name */
function shown(group, name) {
  return group.places > 1 ? "" : shortened(name, LONGEST, TEXT);
}

/**
 * The forms a group may take, the best first.
 * @param {Group} group
 * @param {string} name
 * @param {number} most
 * @returns {Settled[]}
 */
function forms(group, name, most) {
  const widths = [name, ""].map((words) => ({ words, width: pillWidth(group, words, most) }));
  if (!isFixed(group)) {
    return widths.flatMap(({ words, width }) => [...around(group.point, width, HEIGHT, BESIDE)].map((box) => settled("beside", words, box)));
  }
  return widths.flatMap(({ words, width }) => {
    const right = onPlace(group, width);
    return [settled("right", words, right), settled("left", words, { ...right, x: 2 * group.point.x - right.x - width })];
  });
}

/** @param {Form} form @param {string} name @param {Box} box @returns {Settled} */
function settled(form, name, box) {
  return { form, name, box };
}

/** The box of a pill, or of its first symbol alone, which stands on the place. @param {Group} group @param {number} [width] @returns {Box} */
export function onPlace(group, width = 2 * PADDING + SYMBOL) {
  return { x: group.point.x - PADDING - SYMBOL / 2, y: group.point.y - HEIGHT / 2, width, height: HEIGHT };
}

/** @param {Group} group @param {string} name @param {number} most */
export function pillWidth(group, name, most) {
  const symbols = shownItems(group, most).length;
  const count = group.items.length > 1 ? textWidth(String(group.items.length), TEXT, 600) + GAP : 0;
  const text = name ? textWidth(name, TEXT, 600) + GAP + 2 : 0;
  return 2 * PADDING + symbols * SYMBOL + (symbols - 1) + text + count;
}
