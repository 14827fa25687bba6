/** The side panel (a bottom sheet on a phone): a list of items, one item in full, or what the map is about. */

import { detail } from "./detail.js";
import { h } from "./dom.js";
import { mayFocus } from "./framing.js";
import { ItemList } from "./itemlist.js";
import { sourceLine } from "./sources.js";
import { say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {{title: string, items: Item[], notes?: Node[], marked?: boolean}} List
 *   marked: the items of a pill, which is marked while they are listed
 */

export class Side {
  /**
   * @param {HTMLElement} element
   * @param {import("./state.js").State} state
   * @param {{select: (item: Item | null, listed?: Item[]) => void, look: (item: Item) => void, hint: (reason: "pointer" | "focus", items: Item[]) => void, coordinates: (item: Item) => void, askArea: (area: string) => void, base: string}} actions
   */
  constructor(element, state, actions) {
    this.element = element;
    this.atlas = state.atlas;
    this.actions = actions;
    /** @type {List | null} the list to go back to */
    this.list = null;
    this.rows = new ItemList(state, { scroller: element, open: (item) => this.openItem(item), hint: actions.hint });
    /** @type {HTMLElement | null} what had the focus before the panel opened */
    this.opener = null;
    /** @type {(() => void) | undefined} */
    this.closed = undefined;
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** @param {Item} item */
  openItem(item) {
    const body = detail(item, { atlas: this.atlas, openItem: (one) => this.openItem(one), look: this.actions.look, coordinates: this.actions.coordinates, askArea: this.actions.askArea, base: this.actions.base });
    const list = this.list;
    this.show(item.name, body, list ? () => this.openList(list, item) : null);
    this.actions.select(item);
  }

  /** A list of one is that one. @param {Item[]} items @param {string} title @param {boolean} [marked] */
  openItems(items, title, marked = false) {
    this.list = null;
    if (items.length === 1) this.openItem(items[0]);
    else this.openList({ title, items, marked });
  }

  /** @param {List} list @param {Item | null} [at] the one that the reader comes back from */
  openList(list, at = null) {
    this.list = list;
    this.actions.select(null, list.marked ? list.items : []);
    const body = h("div", { class: "list" }, h("h2", { tabindex: "-1" }, list.title), h("p", { class: "quiet" }, countText(list.items.length)), ...(list.notes ?? []), this.rows.element);
    this.show(list.title, body, null);
    this.rows.show(list.title, list.items, at);
  }

  /**
   * What the map is about: facts of the zone and all its sources.
   * @param {import("./types.d.ts").Zone} zone
   * @param {import("./atlas.js").Layer[]} layers
   */
  openAbout(zone, layers) {
    this.list = null;
    this.actions.select(null);
    /** @type {Map<string, import("./atlas.js").Source>} */
    const sources = new Map();
    for (const source of [...(zone.sources ?? []), ...layers.flatMap((layer) => layer.sources)]) sources.set(source.id, source);
    const facts = zone.facts ?? [];
    const body = h(
      "article",
      { class: "detail about" },
      h("h2", { tabindex: "-1" }, say(zone.full_name) || say(zone.title)),
      zone.description && h("p", { class: "summary" }, say(zone.description)),
      facts.length > 0 && h("section", { class: "facts" }, h("h3", {}, word("about.facts")), h("dl", {}, ...facts.flatMap((fact) => [h("dt", {}, say(fact.label)), h("dd", {}, h("span", {}, say(fact.text)), factSource(sources.get(fact.source ?? "")))]))),
      sources.size > 0 && h("section", { class: "sources" }, h("h3", {}, word("about.sources")), h("ul", {}, ...[...sources.values()].map(sourceLine))),
    );
    this.show(word("strip.about"), body, null);
  }

  /**
   * Something else than items.
   * @param {string} label
   * @param {HTMLElement} body
   * @param {{item?: Item | null, closed?: () => void}} [more] item: what it says more of, stays selected, and the way back
   *   leads to it; closed: called once it is shown no longer
   */
  openPanel(label, body, { item = null, closed } = {}) {
    if (!item) this.list = null;
    this.actions.select(item);
    this.show(label, body, item && (() => this.openItem(item)), word("list.back_item"));
    this.closed = closed;
  }

  /** @param {string} label @param {HTMLElement} body @param {(() => void) | null} back @param {string} [where] that leads to */
  show(label, body, back, where = word("list.back")) {
    this.closed?.();
    this.closed = undefined;
    if (this.element.hidden) this.opener = /** @type {HTMLElement | null} */ (document.activeElement);
    this.element.replaceChildren(
      h(
        "div",
        { class: "side-tools" },
        back && h("button", { class: "plain back", type: "button", onclick: back }, "‹ ", where),
        h("button", { class: "plain close", type: "button", onclick: () => this.close(), "aria-label": word("list.close") }, "×"),
      ),
      body,
    );
    this.element.setAttribute("aria-label", label);
    this.element.hidden = false;
    document.body.classList.add("side-open");
    this.element.scrollTop = 0;
    if (mayFocus()) /** @type {HTMLElement | null} */ (body.querySelector("h2"))?.focus({ preventScroll: true });
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.closed?.();
    this.closed = undefined;
    document.body.classList.remove("side-open");
    this.list = null;
    this.actions.select(null);
    if (mayFocus()) (standIn(this.opener) ?? document.getElementById("map"))?.focus({ preventScroll: true });
  }
}

/** @param {number} count */
function countText(count) {
  if (count === 0) return word("list.empty");
  return count === 1 ? word("list.one", { count }) : word("list.count", { count });
}

/** The element, or what stands in its place since pills and rows were drawn anew. @param {HTMLElement | null} element @returns {HTMLElement | null} */
function standIn(element) {
  if (!element || element.isConnected) return element;
  const { pill, item } = element.dataset;
  return document.querySelector(pill ? `[data-pill="${CSS.escape(pill)}"]` : `#tray [data-item="${CSS.escape(item ?? "")}"]`);
}

/** @param {import("./atlas.js").Source | undefined} source */
function factSource(source) {
  return source ? h("ul", { class: "sources" }, sourceLine(source)) : null;
}
