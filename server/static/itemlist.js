/** A list of items to choose from, by pointer and by keys, as the pattern of a listbox has it (WAI-ARIA practices). */

import { h } from "./dom.js";
import { itemRow } from "./row.js";
import { VirtualRows } from "./virtual.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {"pointer" | "focus"} Reason
 */

let lists = 0;

export class ItemList {
  /**
   * @param {import("./state.js").State} state
   * @param {{scroller?: HTMLElement, open: (item: Item) => void, hint: (reason: Reason, items: Item[]) => void}} page
   *   scroller: what scrolls the list, where that is not the list itself
   */
  constructor(state, { scroller, open, hint }) {
    this.state = state;
    this.hint = hint;
    this.name = `list-${(lists += 1)}`;
    /** @type {Item[]} */
    this.items = [];
    /** The row that the keys stand on. */
    this.at = 0;
    const rows = h("div", { class: "item-rows", role: "presentation" });
    this.element = h(
      "div",
      {
        class: "item-list",
        role: "listbox",
        tabindex: "0",
        onclick: (/** @type {Event} */ event) => this.withRow(event, (item) => open(item)),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event, open),
        onfocus: () => this.entered(),
        onblur: () => hint("focus", []),
        onpointerover: (/** @type {Event} */ event) => this.withRow(event, (item) => hint("pointer", [item])),
        onpointerleave: () => hint("pointer", []),
      },
      rows,
    );
    this.rows = new VirtualRows(rows, scroller ?? this.element, (index) => this.row(index));
  }

  /** @param {string} label @param {Item[]} items @param {Item | null} [at] the one to begin at */
  show(label, items, at = null) {
    const kept = at ?? this.items[this.at];
    this.items = items;
    this.at = Math.max(0, items.indexOf(kept));
    this.element.hidden = items.length === 0;
    this.element.setAttribute("aria-label", label);
    this.rows.show(items.length);
    this.mark();
    if (at) this.rows.reveal(this.at);
  }

  /** @param {number} index */
  row(index) {
    const item = this.items[index];
    return itemRow(item, this.state.atlas, this.state.choice.answer?.match(item) ?? null, {
      id: `${this.name}-${index}`,
      role: "option",
      "aria-selected": String(item.key === this.state.choice.selected),
      "aria-posinset": index + 1,
      "aria-setsize": this.items.length,
      "data-at": index === this.at,
      "data-index": index,
    });
  }

  /** @param {Event} event @param {(item: Item, index: number) => void} use */
  withRow(event, use) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-index]"));
    if (!row) return;
    const index = Number(row.dataset.index);
    if (event.type === "click") this.at = index;
    use(this.items[index], index);
  }

  /** @param {KeyboardEvent} event @param {(item: Item) => void} open */
  pressed(event, open) {
    const last = this.items.length - 1;
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + this.rows.page(), PageUp: this.at - this.rows.page(), Home: 0, End: last }[event.key];
    if (to !== undefined) this.move(Math.max(0, Math.min(last, to)));
    else if (event.key === "Enter" || event.key === " ") open(this.items[this.at]);
    else return;
    event.preventDefault();
  }

  /** By keys: a press of the pointer must find its row where it was. */
  entered() {
    if (this.element.matches(":focus-visible")) this.move(this.at);
  }

  /** @param {number} index */
  move(index) {
    this.at = index;
    this.rows.reveal(index);
    this.mark();
    this.hint("focus", [this.items[index]]);
  }

  /** Says which row the keys stand on, and which item is selected. */
  mark() {
    for (const [index, row] of this.rows.rows) {
      row.toggleAttribute("data-at", index === this.at);
      row.setAttribute("aria-selected", String(this.items[index].key === this.state.choice.selected));
    }
    if (this.rows.rows.has(this.at)) this.element.setAttribute("aria-activedescendant", `${this.name}-${this.at}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  /** Follows what was selected elsewhere. @param {string | null} key */
  select(key) {
    const index = this.items.findIndex((item) => item.key === key);
    if (index >= 0) {
      this.at = index;
      this.rows.reveal(index);
    }
    this.mark();
  }
}
