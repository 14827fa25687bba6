/** The section of the panel in which items are chosen by what is known of them. */

import { askable } from "./askable.js";
import { h } from "./dom.js";
import { Facet } from "./facet.js";
import { Range } from "./range.js";
import { NARROWING } from "./state.js";
import { tallies } from "./tally.js";
import { say, word } from "./words.js";

/** So many are open at first. */
const OPEN = 2;

export class Filters {
  /** @param {import("./state.js").State} state */
  constructor(state) {
    this.state = state;
    this.list = h("div");
    this.element = h("section", { class: "filters", "aria-label": word("filter.title") }, h("h2", {}, word("filter.title")), this.list);
    /** @type {Map<string, boolean>} whether the reader has opened or closed a field */
    this.opened = new Map();
    /** @type {{part: Facet | Range, fold: HTMLDetailsElement, chosen: HTMLElement}[]} */
    this.parts = [];
    state.follow((_, changed) => {
      if (changed.has("layers")) this.build();
      else if (NARROWING.some((key) => changed.has(key))) this.update();
    });
    this.build();
  }

  /** For the layers that are on. */
  build() {
    for (const { part } of this.parts) if (part instanceof Range) part.close();
    this.asked = askable(this.state.atlas, this.state.choice.layers);
    this.parts = this.asked.map((asked, index) => this.fold(asked.kind === "range" ? new Range(asked, this.state) : new Facet(asked, this.state), index));
    this.list.replaceChildren(...this.parts.map(({ fold }) => fold));
    this.update();
  }

  /** @param {Facet | Range} part @param {number} index */
  fold(part, index) {
    const { name, label } = part.asked.field;
    const chosen = h("span", { class: "fold-chosen" });
    const open = this.opened.get(name) ?? (index < OPEN || this.state.condition(name) !== null);
    const fold = h("details", { class: "fold", open, "data-field": name }, h("summary", { onclick: () => this.opened.set(name, !fold.open) }, h("span", { class: "fold-name" }, say(label)), chosen), part.body);
    return { part, fold, chosen };
  }

  update() {
    const found = tallies(this.state, this.asked ?? []);
    for (const { part, fold, chosen } of this.parts) {
      const tally = found.get(part.asked.field.name);
      fold.hidden = !tally || !part.update(tally);
      chosen.textContent = part.chosen;
    }
    this.element.hidden = this.parts.every(({ fold }) => fold.hidden);
  }
}
