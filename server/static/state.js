/** What the reader has chosen, in one place: the address, the map, lists, counts, totals and downloads all follow it. */

import { meets } from "./conditions.js";
import { filterText } from "./filter.js";
import { say } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./conditions.js").Condition} Condition
 * @typedef {{
 *   layers: Set<string>,
 *   conditions: Condition[],
 *   other: string | null,
 *   q: string | null,
 *   area: string | null,
 *   certain: boolean,
 *   answer: import("./answer.js").Answer | null,
 *   selected: string | null,
 *   listed: Set<string> | null,
 *   drawer: string | null,
 *   sort: string | null,
 *   table: string | null,
 *   group: string | null,
 *   sum: string | null,
 *   shade: boolean,
 *   compare: string | null,
 *   basemap: string | null,
 *   slides: import("./slides.js").Slide[],
 *   theme: "light" | "dark",
 * }} Choice
 *   conditions: at most one a field; other: a filter of another kind, as CQL2 text; q: words to be found; area: as the
 *   address writes it; certain: only what lies in it for certain; answer: what the server found for other, q and area;
 *   selected: the key of the item that the side panel shows; listed: the keys of a pill's items that it lists; drawer:
 *   what is open under the map; sort: the column that lists and the table are sorted by, with a minus before it for the
 *   greatest first; table: the one layer that the table shows; group, sum: what statistics count by and add up, as the
 *   address writes it; shade: whether districts are coloured by it; compare: the keys of the districts side by side;
 *   slides: the views kept for a meeting
 */

/** What narrows the items that are shown. */
export const NARROWING = /** @type {const} */ (["conditions", "answer"]);

export class State {
  /**
   * @param {import("./atlas.js").Atlas} atlas
   * @param {Choice} choice
   */
  constructor(atlas, choice) {
    this.atlas = atlas;
    this.choice = choice;
    /** Whether changes come by themselves, as while time plays or what was refused is taken back: none is then a step to come back from. */
    this.isByItself = false;
    /** @type {Set<(choice: Choice, changed: Set<string>) => void>} */
    this.listeners = new Set();
    this.narrow();
  }

  /** @param {Partial<Choice>} patch */
  set(patch) {
    const changed = new Set(Object.keys(patch).filter((key) => this.choice[/** @type {keyof Choice} */ (key)] !== patch[/** @type {keyof Choice} */ (key)]));
    if (!changed.size) return;
    this.choice = { ...this.choice, ...patch };
    if (NARROWING.some((key) => changed.has(key))) this.narrow();
    for (const listener of this.listeners) listener(this.choice, changed);
  }

  /** @param {string} id @param {boolean} on */
  showLayer(id, on) {
    const layers = new Set(this.choice.layers);
    if (on) layers.add(id);
    else layers.delete(id);
    this.set({ layers });
  }

  /** Asks something of a field, in the place of what was asked of it; null asks nothing. @param {string} field @param {Condition | null} condition */
  ask(field, condition) {
    const { conditions } = this.choice;
    const at = conditions.findIndex((one) => one.field === field);
    const others = conditions.filter((one) => one.field !== field);
    if (condition) others.splice(at < 0 ? others.length : at, 0, condition);
    this.set({ conditions: others });
  }

  /** @param {string} field */
  condition(field) {
    return this.choice.conditions.find((one) => one.field === field) ?? null;
  }

  /** Asks nothing any more. */
  clear() {
    this.set({ conditions: [], other: null, q: null, area: null, certain: false });
  }

  /** By what is asked of fields, or by what was found for the rest: until that has come nothing is. */
  isNarrowed() {
    const { conditions, answer } = this.choice;
    return conditions.length > 0 || answer !== null;
  }

  /** All that is asked of fields, as CQL2 text; null where nothing is. */
  filter() {
    return filterText(this.choice.conditions, this.choice.other, (name) => this.atlas.field(name));
  }

  /** @param {(choice: Choice, changed: Set<string>) => void} listener */
  follow(listener) {
    this.listeners.add(listener);
  }

  /** Finds out once for all who is meant. */
  narrow() {
    const { conditions, answer } = this.choice;
    /** @type {Map<string, Item[]>} */
    this.found = new Map();
    for (const layer of this.atlas.layers) {
      const items = this.atlas.items.get(layer.id) ?? [];
      this.found.set(layer.id, layer.role === "sites" ? items.filter((item) => this.meetsAll(item, conditions) && (!answer || answer.match(item))) : items);
    }
    /** @type {Set<Item>} */
    this.passing = new Set([...this.found.values()].flat());
    for (const item of this.atlas.sites) item.certainty = answer?.match(item)?.certainty ?? null;
  }

  /**
   * Whether an item of a layer of sites meets conditions; one whose layer lacks the field meets none.
   * @param {Item} item
   * @param {Condition[]} conditions
   */
  meetsAll(item, conditions) {
    return conditions.every((condition) => item.layer.schema.fields.some((field) => field.name === condition.field) && meets(condition, item.feature.properties));
  }

  /** What is asked about and a layer does not know, so that it gives nothing: fields, or a filter of another kind. @param {import("./atlas.js").Layer} layer @returns {string[]} */
  lacking(layer) {
    const { conditions, other, answer } = this.choice;
    const names = new Set(layer.schema.fields.map((field) => field.name));
    const fields = conditions.filter(({ field }) => !names.has(field)).map(({ field }) => say(this.atlas.field(field)?.label) || field);
    return other && answer?.layers.get(layer.id)?.knows === false ? [...fields, other] : fields;
  }

  /** Whether an item is meant by what is asked, on whatever layer; what frames the map always is. @param {Item} item */
  passes(item) {
    return this.passing.has(item);
  }

  /** Whether an item is shown. @param {Item} item */
  shows(item) {
    return this.choice.layers.has(item.layer.id) && this.passing.has(item);
  }

  /** Whether a layer has anything that is meant; an empty one has nothing to be narrowed. @param {import("./atlas.js").Layer} layer */
  gives(layer) {
    return !this.isNarrowed() || (this.found?.get(layer.id)?.length ?? 0) > 0;
  }

  /** The sites shown, in the order of their layers. */
  shown() {
    return this.atlas.layers.filter((layer) => layer.role === "sites" && this.choice.layers.has(layer.id)).flatMap((layer) => this.found.get(layer.id) ?? []);
  }
}
