/** While a pill's items are listed they stand around it one by one, each where nothing else stands. */

import { latLng } from "./basemap.js";
import { byId, h } from "./dom.js";
import { outward } from "./placing.js";
import { itemSymbol } from "./symbols.js";

const L = window.L;

/** Pixels of a button with the gap to the next, and as far as any stands from its place. */
const SIZE = 32;
const FURTHEST = 220;

/** More than these would cover the map: the list has them all. */
const MOST = 40;

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./placing.js").Box} Box
 */

export class Fan {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {(item: Item) => void} open
   */
  constructor(map, atlas, state, open) {
    this.map = map;
    this.atlas = atlas;
    this.state = state;
    this.open = open;
    this.group = L.layerGroup().addTo(map);
    this.renderer = L.svg({ pane: "dots", padding: 0.6 });
  }

  /** @param {import("./placing.js").Placing} placing */
  draw(placing) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.fan;
    this.group.clearLayers();
    const items = this.items();
    if (items.length < 2 || items.length > MOST) return;
    placing.take(this.sheet());
    const boxes = items.map((item) => placing.place(outward(this.pixel(item), SIZE, SIZE, FURTHEST), item));
    // A part of them would be taken for all.
    if (boxes.includes(null)) for (const item of items) placing.release(item);
    else items.forEach((item, index) => this.add(item, /** @type {Box} */ (boxes[index]), item.key === focused));
  }

  /** @param {Item} item */
  pixel(item) {
    return this.map.latLngToContainerPoint(latLng(/** @type {[number, number]} */ (item.point)));
  }

  /** Those listed that have a place in the window. */
  items() {
    const listed = [...(this.state.choice.listed ?? [])].map((key) => this.atlas.byKey.get(key));
    const window = this.map.getBounds();
    return listed.filter((item) => item !== undefined).filter((item) => item.home === "map" && item.point && this.state.shows(item) && window.contains(latLng(item.point)));
  }

  /** What the side panel covers of the map, as on a phone. */
  sheet() {
    const map = this.map.getContainer().getBoundingClientRect();
    const { x, y, width, height } = byId("side").getBoundingClientRect();
    return { x: x - map.x, y: y - map.y, width, height };
  }

  /** @param {Item} item @param {Box} box @param {boolean} focused */
  add(item, box, focused) {
    const place = latLng(/** @type {[number, number]} */ (item.point));
    const middle = this.map.containerPointToLatLng([box.x + SIZE / 2, box.y + SIZE / 2]);
    L.polyline([place, middle], { renderer: this.renderer, className: "plate-leader is-pill", interactive: false }).addTo(this.group);
    const button = h("button", { class: "fan-item", type: "button", title: item.name, "aria-label": item.name, "data-fan": item.key, onclick: () => this.open(item) }, itemSymbol(item, 16));
    L.marker(middle, { icon: L.divIcon({ html: button, className: "pill-place", iconSize: [0, 0], iconAnchor: [SIZE / 2, SIZE / 2] }), keyboard: false, interactive: false, pane: "pills", zIndexOffset: 2000 }).addTo(this.group);
    if (focused) button.focus({ preventScroll: true });
  }
}
