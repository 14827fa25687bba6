/** What the reader has chosen, in one place: layers shown, collection, selection, theme. The address bar follows it. */

/**
 * @typedef {{
 *   layers: Set<string>,
 *   mentionedOnly: boolean,
 *   selected: string | null,
 *   listed: Set<string> | null,
 *   basemap: string | null,
 *   theme: "light" | "dark",
 * }} Choice
 *   selected: the key of the item that the side panel shows; listed: the keys of a pill's items that it lists
 */

export class State {
  /** @param {Choice} choice */
  constructor(choice) {
    this.choice = choice;
    /** @type {Set<(choice: Choice, changed: Set<string>) => void>} */
    this.listeners = new Set();
  }

  /** @param {Partial<Choice>} patch */
  set(patch) {
    const changed = new Set(Object.keys(patch).filter((key) => this.choice[/** @type {keyof Choice} */ (key)] !== patch[/** @type {keyof Choice} */ (key)]));
    if (!changed.size) return;
    this.choice = { ...this.choice, ...patch };
    for (const listener of this.listeners) listener(this.choice, changed);
  }

  /** @param {string} id @param {boolean} on */
  showLayer(id, on) {
    const layers = new Set(this.choice.layers);
    if (on) layers.add(id);
    else layers.delete(id);
    this.set({ layers });
  }

  /** @param {(choice: Choice, changed: Set<string>) => void} listener */
  follow(listener) {
    this.listeners.add(listener);
  }

  /**
   * Whether an item is shown under this choice.
   * @param {import("./atlas.js").Item} item
   */
  shows(item) {
    return this.choice.layers.has(item.layer.id) && (!this.choice.mentionedOnly || item.mentioned);
  }
}
