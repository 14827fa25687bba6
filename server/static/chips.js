/** The row above the map: what is asked, each part with a button that takes it back. */

import { areaText } from "./area.js";
import { conditionText } from "./conditions.js";
import { h } from "./dom.js";
import { say, word } from "./words.js";

/**
 * @typedef {{label: string, text: string, without: Partial<import("./state.js").Choice>, open?: () => void}} Chip
 *   without: what the state would be without it; open: shows what it means
 */

export class Chips {
  /**
   * @param {HTMLElement} element
   * @param {import("./state.js").State} state
   * @param {() => void} openArea
   */
  constructor(element, state, openArea) {
    this.element = element;
    this.state = state;
    this.openArea = openArea;
    element.setAttribute("aria-label", word("filter.active"));
    state.follow(() => this.draw());
    this.draw();
  }

  draw() {
    const chips = this.chips();
    this.element.hidden = chips.length === 0;
    const focused = [...this.element.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    this.element.replaceChildren(
      ...chips.map(({ label, text, without, open }) => h("span", { class: "chip" }, h(open ? "button" : "span", { class: "chip-text", title: open ? word("filter.area_show", { name: text }) : text, ...(open ? { type: "button", onclick: open } : {}) }, label && h("span", { class: "quiet" }, label), text), h("button", { type: "button", "aria-label": word("filter.remove", { name: [label, text].filter(Boolean).join(" ") }), onclick: () => this.state.set(without) }, "×"))),
      ...(chips.length > 1 ? [h("button", { class: "link clear", type: "button", onclick: () => this.state.clear() }, word("filter.clear"))] : []),
    );
    if (focused < 0) return;
    // Whoever works with keys goes on with the next one; after the last on the map.
    const buttons = this.element.querySelectorAll("button");
    (buttons[Math.min(focused, buttons.length - 1)] ?? document.getElementById("map"))?.focus({ preventScroll: true });
  }

  /** What is asked, part by part, and what the state would be without it. @returns {Chip[]} */
  chips() {
    const { conditions, other, q, area, answer, certain } = this.state.choice;
    /** @type {Chip[]} */
    const chips = conditions.map((condition) => {
      const field = this.state.atlas.field(condition.field);
      return { label: field ? say(field.label) : condition.field, text: field ? conditionText(condition, field) : "", without: { conditions: conditions.filter((one) => one !== condition) } };
    });
    if (q) chips.push({ label: word("filter.words"), text: q, without: { q: null } });
    if (area) chips.push({ label: word(certain ? "filter.area_certain" : "filter.area"), text: areaText(area, answer), without: { area: null, certain: false }, open: this.openArea });
    if (other) chips.push({ label: word("filter.other"), text: other, without: { other: null } });
    return chips;
  }
}
