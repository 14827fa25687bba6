/** Things at one anchor are one group; where too many groups meet on the screen, neighbours in a cell become one. */

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {{x: number, y: number}} Point
 * @typedef {{key: string, items: Item[], point: Point, latlng: [number, number], places: number}} Group
 *   places: how many different positions the group stands for
 */

/** Above this many groups in the window their names could not be read anyway. */
const MOST = 160;
const CELL = 72;

/**
 * @param {Item[]} items with a point, already the ones to be shown
 * @param {(point: [number, number]) => Point} project longitude, latitude to window pixels
 * @param {{width: number, height: number}} frame
 * @param {boolean} apart close up: nothing becomes one across the border of a district
 * @returns {Group[]} the most important first
 */
export function groupItems(items, project, frame, apart) {
  /** @type {Map<string, Group>} */
  const anchors = new Map();
  for (const item of items) {
    const point = /** @type {[number, number]} */ (item.point);
    const key = `${point[0].toFixed(5)},${point[1].toFixed(5)}`;
    const group = anchors.get(key);
    if (group) {
      group.items.push(item);
      continue;
    }
    const pixel = project(point);
    if (pixel.x < 0 || pixel.y < 0 || pixel.x > frame.width || pixel.y > frame.height) continue;
    anchors.set(key, { key, items: [item], point: pixel, latlng: [point[1], point[0]], places: 1 });
  }
  const groups = [...anchors.values()];
  return ordered(groups.length > MOST ? merged(groups, apart) : groups);
}

/** @param {Group[]} groups @param {boolean} apart */
function merged(groups, apart) {
  /** @type {Map<string, Group>} */
  const cells = new Map();
  for (const group of groups) {
    const key = `${Math.floor(group.point.x / CELL)}:${Math.floor(group.point.y / CELL)}:${apart ? districtsOf(group) : ""}`;
    const cell = cells.get(key);
    if (cell) join(cell, group);
    else cells.set(key, { ...group, items: [...group.items] });
  }
  return [...cells.values()];
}

/** Takes a neighbour in, in order: nothing is ever hidden for want of room. @param {Group} group @param {Group} other */
export function absorb(group, other) {
  join(group, other);
  group.items.sort(byImportance);
}

/** @param {Group} group @param {Group} other */
function join(group, other) {
  for (const item of other.items) group.items.push(item);
  group.places += other.places;
}

/** The districts that a group's items lie in, as one text. @param {Group} group */
export function districtsOf({ items }) {
  return [...new Set(items.flatMap((item) => item.districts))].sort().join(" ");
}

/** @param {Item} a @param {Item} b */
export function byImportance(a, b) {
  return importance(b) - importance(a) || a.layer.order - b.layer.order;
}

/** @param {Item} item */
export function importance(item) {
  return item.layer.style.importance ?? 0;
}

/** @param {Group[]} groups */
function ordered(groups) {
  const rank = new Map(groups.map((group) => [group, Math.max(...group.items.map(importance))]));
  for (const group of groups) group.items.sort(byImportance);
  return groups.sort((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0) || b.items.length - a.items.length);
}

/**
 * The few symbols that stand for a group, in the order of its items: one of each layer first, then more of the same.
 * A group of many places shows its kinds only; its number says the rest.
 * @param {Group} group
 * @param {number} most
 * @returns {Item[]}
 */
export function shownItems({ items, places }, most) {
  const layers = new Set();
  const first = items.filter((item) => !layers.has(item.layer) && layers.add(item.layer));
  if (places > 1) return first.slice(0, most);
  const chosen = new Set([...new Set([...first, ...items])].slice(0, most));
  return items.filter((item) => chosen.has(item));
}

/** Those of items that are known to lie in one district alone, by its code. @param {Item[]} items */
export function byDistrict(items) {
  /** @type {Map<string, Item[]>} */
  const found = new Map();
  for (const item of items) {
    const [code, other] = item.districts;
    if (code === undefined || other !== undefined) continue;
    const beside = found.get(code);
    if (beside) beside.push(item);
    else found.set(code, [item]);
  }
  return found;
}
