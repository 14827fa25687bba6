/** Which districts stand side by side. */

/** @typedef {import("./atlas.js").Item} Item */

/** So many districts are compared. */
export const FEWEST = 2;
export const MOST = 4;

/** The areas that there are to compare. @param {import("./atlas.js").Atlas} atlas */
export function comparable(atlas) {
  return [...new Set(atlas.areaByDistrict.values())];
}

/**
 * Those that a text of the address names; null where it does not name two to four of them.
 * @param {string} text
 * @param {import("./atlas.js").Atlas} atlas
 */
export function parseCompared(text, atlas) {
  const all = new Set(comparable(atlas));
  const items = [...new Set(text.split(","))].map((key) => atlas.byKey.get(key));
  const areas = items.flatMap((item) => (item && all.has(item) ? [item] : []));
  return areas.length === items.length && areas.length >= FEWEST && areas.length <= MOST ? areas : null;
}

/** Those compared: what the address says, else the first ones. @param {import("./state.js").State} state */
export function compared({ atlas, choice }) {
  return (choice.compare && parseCompared(choice.compare, atlas)) || comparable(atlas).slice(0, MOST);
}
