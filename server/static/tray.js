/** The row at the map's edge: every shown thing that has no place on the map, each to be reached and opened. */

import { h } from "./dom.js";
import { importance } from "./groups.js";
import { itemSymbol, symbol } from "./symbols.js";
import { number, say, word } from "./words.js";

/** A layer with more unplaced things than this shows their number and list only. */
const MOST = 24;

export class Tray {
  /**
   * @param {HTMLElement} element
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {{openItem: (item: import("./atlas.js").Item) => void, openList: (title: string, items: import("./atlas.js").Item[]) => void}} actions
   */
  constructor(element, atlas, state, actions) {
    this.element = element;
    this.atlas = atlas;
    this.state = state;
    this.actions = actions;
    state.follow((_, changed) => {
      if (["layers", "conditions", "answer", "selected"].some((key) => changed.has(key))) this.draw();
    });
    element.addEventListener("scroll", () => this.sign(), true);
    new ResizeObserver(() => this.sign()).observe(element);
    this.draw();
  }

  items() {
    return this.atlas.sites.filter((item) => item.home === "tray" && this.state.shows(item));
  }

  draw() {
    const items = this.items();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.item;
    const layers = [...new Set(items.map((item) => item.layer))].sort((a, b) => (b.style.importance ?? 0) - (a.style.importance ?? 0) || a.order - b.order);
    this.element.replaceChildren(
      h(
        "button",
        { class: "tray-title", type: "button", title: word("tray.tooltip"), onclick: () => this.open(word("tray.title"), items) },
        h("span", {}, word("tray.title")),
        h("b", {}, number(items.length)),
      ),
      h("div", { class: "tray-groups" }, ...layers.map((layer) => this.group(layer, items.filter((item) => item.layer === layer)))),
    );
    this.element.hidden = items.length === 0;
    this.sign();
    if (focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-item="${CSS.escape(focused)}"]`))?.focus();
  }

  /** Shows where the row goes on beyond its edges: on a phone the whole of it scrolls, else its groups do. */
  sign() {
    for (const row of [this.element, ...this.element.querySelectorAll(".tray-groups")]) {
      const scrolls = getComputedStyle(row).overflowX === "auto";
      const rest = row.scrollWidth - row.clientWidth - row.scrollLeft;
      row.classList.toggle("goes-on-before", scrolls && row.scrollLeft > 1);
      row.classList.toggle("goes-on-after", scrolls && rest > 1);
    }
  }

  /** @param {import("./atlas.js").Layer} layer @param {import("./atlas.js").Item[]} items */
  group(layer, items) {
    const title = word("tray.open", { layer: say(layer.title), count: items.length });
    return h(
      "div",
      { class: "tray-group", role: "group", "aria-label": title },
      h("button", { class: "tray-layer", type: "button", title, onclick: () => this.open(say(layer.title), items) }, items.length > MOST && symbol(layer, { hollow: true, size: 16 }), h("span", {}, say(layer.title)), h("b", {}, number(items.length))),
      ...(items.length > MOST ? [] : items.map((item) => this.item(item))),
    );
  }

  /** @param {import("./atlas.js").Item} item */
  item(item) {
    return h(
      "button",
      {
        class: `tray-item${item.key === this.state.choice.selected ? " is-selected" : ""}`,
        type: "button",
        title: item.name,
        "aria-label": item.name,
        "data-item": item.key,
        onclick: () => this.actions.openItem(item),
      },
      itemSymbol(item, 16),
    );
  }

  /** @param {string} title @param {import("./atlas.js").Item[]} items */
  open(title, items) {
    this.actions.openList(title, [...items].sort((a, b) => importance(b) - importance(a)));
  }
}
