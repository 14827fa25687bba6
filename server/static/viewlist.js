/** The list in the panel: what is shown in the map's window, in the order of the table; what has no place is counted below. */

import { h } from "./dom.js";
import { ItemList } from "./itemlist.js";
import { number, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./types.d.ts").Position} Position
 * @typedef {{west: number, south: number, east: number, north: number}} Box
 */

export class ViewList {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./state.js").State} state
   * @param {import("./order.js").Order} order
   * @param {{open: (item: Item) => void, openItems: (items: Item[], title: string) => void, hint: (reason: "pointer" | "focus", items: Item[]) => void}} page
   */
  constructor(map, state, order, page) {
    this.map = map;
    this.state = state;
    this.order = order;
    this.page = page;
    /** @type {Map<Item, Box | null>} where an item can be, once asked for */
    this.boxes = new Map();
    this.count = h("p", { class: "quiet", role: "status" });
    this.list = new ItemList(state, page);
    this.rest = h("div", { class: "list-rest" });
    this.element = h("section", { class: "view-list" }, h("h2", {}, word("list.title")), this.count, this.list.element, this.rest);
    this.waiting = 0;
    // In a task of its own: at 10,000 sites the map itself takes most of what may pass between two frames.
    map.on("moveend", () => {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => this.draw());
    });
    state.follow((choice, changed) => {
      if (["layers", "conditions", "answer", "sort"].some((key) => changed.has(key))) this.draw();
      else if (changed.has("selected")) this.list.select(choice.selected);
    });
  }

  draw() {
    const bounds = this.map.getBounds();
    const window = { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
    const shown = this.order.shown();
    const seen = shown.filter((item) => (item.home === "map" && item.point ? isInside(item.point, window) : isMet(this.box(item), window)));
    const count = word("list.in_view", { seen: number(seen.length), all: number(shown.length) });
    // Said anew it would be read out anew, at each step of the map.
    if (this.count.textContent !== count) this.count.textContent = count;
    this.list.show(word("list.title"), seen);
    this.rest.replaceChildren(...this.others(shown, "tray", "list.waiting", "tray.title"), ...this.others(shown, "nowhere", "list.nowhere", "list.nowhere_title"));
  }

  /** What stands nowhere on the map, to be opened all the same. @param {Item[]} shown @param {"tray" | "nowhere"} home @param {string} key @param {string} title */
  others(shown, home, key, title) {
    const items = shown.filter((item) => item.home === home);
    return items.length ? [h("button", { class: "link", type: "button", onclick: () => this.page.openItems(items, word(title)) }, word(key, { count: number(items.length) }))] : [];
  }

  /** Around a line or an area; of what is known to its district only, around the district. @param {Item} item */
  box(item) {
    const geometry = item.home === "map" ? item.geometry : item.home === "plate" ? this.state.atlas.areaByDistrict.get(item.districts[0])?.geometry : null;
    if (!this.boxes.has(item)) this.boxes.set(item, geometry ? boxOf(geometry) : null);
    return this.boxes.get(item) ?? null;
  }
}

/** @param {Position} point @param {Box} window */
function isInside([x, y], { west, south, east, north }) {
  return x >= west && x <= east && y >= south && y <= north;
}

/** @param {Box | null} box @param {Box} window */
function isMet(box, window) {
  return box !== null && box.west <= window.east && box.east >= window.west && box.south <= window.north && box.north >= window.south;
}

/** @param {import("./types.d.ts").Geometry} geometry @returns {Box} */
function boxOf(geometry) {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  const take = (/** @type {unknown} */ part) => {
    if (Array.isArray(part) && typeof part[0] !== "number") return part.forEach(take);
    const [x, y] = /** @type {Position} */ (part);
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.south = Math.min(box.south, y);
    box.north = Math.max(box.north, y);
  };
  const whole = (/** @type {import("./types.d.ts").Geometry} */ one) => (one.type === "GeometryCollection" ? one.geometries.forEach(whole) : take(one.coordinates));
  whole(geometry);
  return box;
}
