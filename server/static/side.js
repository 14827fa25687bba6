/** The side panel (a bottom sheet on a phone): a list of items, one item in full, or what the map is about. */

import { detail, sourceLine } from "./detail.js";
import { h } from "./dom.js";
import { itemSymbol } from "./symbols.js";
import { distance, say, word } from "./words.js";

/** Rows added to a list at a time: a layer of ten thousand stays quick to open. */
const ROWS = 100;

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {{title: string, items: Item[], notes?: Node[], marked?: boolean}} List
 *   marked: the items of a pill, which is marked while they are listed
 */

export class Side {
  /**
   * @param {HTMLElement} element
   * @param {import("./atlas.js").Atlas} atlas
   * @param {{select: (item: Item | null, listed?: Item[]) => void, look: (item: Item) => void, coordinates: (item: Item) => void}} actions
   */
  constructor(element, atlas, actions) {
    this.element = element;
    this.atlas = atlas;
    this.actions = actions;
    /** @type {List | null} the list to go back to */
    this.list = null;
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
    const body = detail(item, { atlas: this.atlas, openItem: (one) => this.openItem(one), look: this.actions.look, coordinates: this.actions.coordinates });
    const list = this.list;
    this.show(item.name, body, list ? () => this.openList(list) : null);
    this.actions.select(item);
  }

  /** A list of one is that one. @param {Item[]} items @param {string} title @param {boolean} [marked] */
  openItems(items, title, marked = false) {
    this.list = null;
    if (items.length === 1) this.openItem(items[0]);
    else this.openList({ title, items, marked });
  }

  /** @param {List} list */
  openList(list) {
    this.list = list;
    this.actions.select(null, list.marked ? list.items : []);
    const rows = h("ul", { class: "rows" });
    const more = h("button", { class: "plain more", type: "button", onclick: () => add() });
    let shown = 0;
    const add = () => {
      rows.append(...list.items.slice(shown, shown + ROWS).map((item) => this.row(item)));
      shown = Math.min(list.items.length, shown + ROWS);
      more.textContent = word("list.more", { count: Math.min(ROWS, list.items.length - shown) });
      more.hidden = shown >= list.items.length;
    };
    add();
    const body = h(
      "div",
      { class: "list" },
      h("h2", { tabindex: "-1" }, list.title),
      h("p", { class: "quiet" }, countText(list.items.length)),
      ...(list.notes ?? []),
      rows,
      more,
    );
    this.show(list.title, body, null);
  }

  /** @param {Item} item */
  row(item) {
    const about = item.layer.role === "sites" ? position(item) : [];
    return h(
      "li",
      {},
      h(
        "button",
        { class: "row", type: "button", "data-item": item.key, onclick: () => this.openItem(item) },
        itemSymbol(item, 16),
        h("span", { class: "row-name" }, item.name),
        about.length > 0 && h("span", { class: "row-about" }, about.join(" · ")),
      ),
    );
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
    /** @type {HTMLElement | null} */ (body.querySelector("h2"))?.focus({ preventScroll: true });
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.closed?.();
    this.closed = undefined;
    document.body.classList.remove("side-open");
    this.list = null;
    this.actions.select(null);
    (standIn(this.opener) ?? document.getElementById("map"))?.focus({ preventScroll: true });
  }
}

/** @param {number} count */
function countText(count) {
  if (count === 0) return word("list.empty");
  return count === 1 ? word("list.one", { count }) : word("list.count", { count });
}

/** How well a place is known, in a few words: nothing where the layer does not say. @param {Item} item */
function position(item) {
  const placement = item.placement === "unknown" ? word("list.unplaced") : word(`placement.${item.placement ?? "none"}`);
  return [
    item.hasRole("placement") ? placement : "",
    item.home === "map" && item.uncertainty ? `± ${distance(item.uncertainty)}` : "",
    item.inferred ? word("detail.inferred") : "",
  ].filter(Boolean);
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
