/** How many items each value of a field would give, under all that is asked but of this field. */

import { members } from "./askable.js";
import { numeric } from "./conditions.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./askable.js").Askable} Askable
 * @typedef {import("./conditions.js").Value} Value
 * @typedef {{counts: Map<Value, number>, inferred: Map<Value, number>, values: number[], unknown: number}} Tally
 *   counts, inferred: of fields asked by their values, inferred those of them whose district is the editors' inference;
 *   values: of fields asked by a range, what is known
 */

/**
 * The items shown, and those that one condition alone keeps from being shown, by its field.
 * @param {import("./state.js").State} state
 * @returns {{shown: Item[], kept: Map<string, Item[]>}}
 */
export function nearlyShown(state) {
  const { conditions, answer } = state.choice;
  /** @type {Map<string, Item[]>} */
  const kept = new Map(conditions.map(({ field }) => [field, []]));
  for (const layer of state.atlas.layers) {
    if (layer.role !== "sites" || !state.choice.layers.has(layer.id) || !conditions.length) continue;
    for (const item of state.atlas.items.get(layer.id) ?? []) {
      if (state.passes(item) || (answer && !answer.match(item))) continue;
      const failed = conditions.filter((condition) => !state.meetsAll(item, [condition]));
      if (failed.length === 1) kept.get(failed[0].field)?.push(item);
    }
  }
  return { shown: state.shown(), kept };
}

/**
 * @param {import("./state.js").State} state
 * @param {Askable[]} askables
 * @returns {Map<string, Tally>} by the name of the field
 */
export function tallies(state, askables) {
  const { shown, kept } = nearlyShown(state);
  return new Map(askables.map((one) => [one.field.name, tally(one, shown, kept.get(one.field.name) ?? [])]));
}

/** @param {Askable} asked @param {Item[][]} parts @returns {Tally} */
function tally({ kind, field: { name, role }, layers }, ...parts) {
  /** @type {Tally} */
  const found = { counts: new Map(), inferred: new Map(), values: [], unknown: 0 };
  const { counts, inferred, values } = found;
  for (const items of parts) {
    for (const item of items) {
      const value = item.feature.properties[name];
      if (value === null || value === undefined) {
        if (layers.has(item.layer.id)) found.unknown += 1;
      } else if (kind === "range") values.push(numeric(value));
      else {
        const isInferred = role === "district" && item.inferred;
        for (const one of members(value)) {
          counts.set(one, (counts.get(one) ?? 0) + 1);
          if (isInferred) inferred.set(one, (inferred.get(one) ?? 0) + 1);
        }
      }
    }
  }
  return found;
}
