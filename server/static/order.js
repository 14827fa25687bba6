/** The order in which lists and the table show what is shown: one order, the same in all of them. */

import { MADE, allColumns, sortColumn } from "./columns.js";
import { byImportance } from "./groups.js";
import { lang } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./columns.js").Column} Column
 */

/** Chinese by its sound, and numbers in names by what they count. */
const collator = new Intl.Collator(lang === "zh" ? "zh-CN-u-co-pinyin" : "en-GB", { numeric: true });

export class Order {
  /** @param {import("./state.js").State} state */
  constructor(state) {
    this.state = state;
    this.columns = allColumns(state);
    this.byImportance = [...state.atlas.sites].sort(byImportance);
    /** @type {Map<Column, {known: Item[], unknown: Item[]}>} all sites by a column, once and for all */
    this.sorted = new Map();
    /** @type {Item[] | null} */
    this.found = null;
    state.follow((_, changed) => {
      if (["layers", "conditions", "answer", "sort"].some((key) => changed.has(key))) this.found = null;
    });
  }

  /** The column that all is sorted by, and which way; null where it is as it comes. */
  get sort() {
    return sortColumn(this.columns, this.state.choice.sort);
  }

  /** The sites shown: as sorted, else the nearest first where distances were asked for, else the most important. */
  shown() {
    this.found ??= this.ordered();
    return this.found;
  }

  ordered() {
    if (this.sort) return this.by(this.sort.column, this.sort.descending).filter((item) => this.state.shows(item));
    const shown = this.byImportance.filter((item) => this.state.shows(item));
    const { answer } = this.state.choice;
    const [far, certain] = [MADE.distance, MADE.certainty].map((id) => this.columns.find((column) => column.id === id));
    if (!answer?.hasDistances || !far || !certain) return shown;
    return [certain, far].reduce((items, column) => Object.values(sortedBy(items, column)).flat(), shown);
  }

  /**
   * All sites by a column; what is not known comes last, either way. Backwards is the whole order turned round, as the
   * server has it.
   * @param {Column} column
   * @param {boolean} descending
   */
  by(column, descending) {
    const { known, unknown } = this.sorted.get(column) ?? sortedBy(this.byImportance, column);
    if (column.lasting) this.sorted.set(column, { known, unknown });
    return [...(descending ? [...known].reverse() : known), ...unknown];
  }
}

/** The least first; those of which nothing is known apart. @param {Item[]} items @param {Column} column */
function sortedBy(items, column) {
  const keyed = items.map((item) => ({ item, key: column.key(item) }));
  const numbers = keyed.filter(({ key }) => key !== null && typeof key !== "string").sort((a, b) => ascending(a.key, b.key));
  // Asked about each text once: many items share theirs.
  const texts = keyed.filter(({ key }) => typeof key === "string").map(({ item, key }) => ({ item, text: String(key) }));
  const ranks = new Map([...new Set(texts.map(({ text }) => text))].sort(collator.compare).map((text, rank) => [text, rank]));
  texts.sort((a, b) => ascending(ranks.get(a.text), ranks.get(b.text)));
  return { known: [...numbers, ...texts].map(({ item }) => item), unknown: keyed.filter(({ key }) => key === null).map(({ item }) => item) };
}

/** @param {any} a @param {any} b numbers, the largest of them exact */
function ascending(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
