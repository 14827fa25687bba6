/** District plates: in each district, at an empty spot, its name, what it stands for and what is known to it only. */

import { h } from "./dom.js";
import { innermost } from "./interior.js";
import { rings } from "./borders.js";
import { latLng } from "./basemap.js";
import { importance } from "./groups.js";
import { outward } from "./placing.js";
import { symbol } from "./symbols.js";
import { joined, say, word } from "./words.js";

const L = window.L;

/** More areas than this are a subdivision, not the few districts of a zone: they get names only. */
const MOST = 12;

/** How far, in pixels, a plate may stand from its spot, and from where on a line says whose it is. */
const FURTHEST = 190;
const LEADER = 56;

export class Plates {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {(area: import("./atlas.js").Item, items: import("./atlas.js").Item[]) => void} open lists what a district holds
   */
  constructor(map, atlas, state, open) {
    this.map = map;
    this.atlas = atlas;
    this.state = state;
    this.open = open;
    this.group = L.layerGroup().addTo(map);
    this.leaders = L.svg({ pane: "dots", padding: 0.6 });
    this.areas = atlas.areas.length <= MOST ? atlas.areas : [];
    /** @type {Map<import("./atlas.js").Item, [number, number]>} latitude, longitude of each plate */
    this.spots = new Map(this.areas.map((area) => [area, this.spot(area)]));
  }

  /** @param {import("./atlas.js").Item} area @returns {[number, number]} */
  spot(area) {
    const set = area.layer.style.labels_at ?? {};
    const key = [area.id, ...area.districts].find((one) => one in set);
    if (key) return latLng(set[key]);
    const onGround = (/** @type {[number, number]} */ position) => this.map.project(latLng(position), 10);
    const shape = rings(area.geometry).map((ring) => ring.map(onGround));
    const found = innermost(shape, this.anchors().map(onGround));
    const point = found ? this.map.unproject(L.point(found.point.x, found.point.y), 10) : L.latLng(latLng(rings(area.geometry)[0][0]));
    return [point.lat, point.lng];
  }

  /** Where something stands already; few enough of them to be kept away from. @returns {[number, number][]} */
  anchors() {
    const points = [...this.atlas.ofRole("places"), ...this.atlas.sites].filter((item) => item.home === "map" || item.layer.role === "places").flatMap((item) => (item.point ? [item.point] : []));
    return points.length > 500 ? [] : points;
  }

  /** What a district holds: all that is known to lie in it alone. @param {import("./atlas.js").Item} area */
  itemsOf(area) {
    return this.atlas.sites.filter(
      (item) => this.state.shows(item) && item.districts.length === 1 && area.districts.includes(item.districts[0]),
    );
  }

  /**
   * Draws the plates and takes their room: at their spots, or where the pills leave some, with a line to the district.
   * @param {import("./placing.js").Placing} placing
   * @param {boolean} small a narrow window: name and capsule only
   */
  draw(placing, small) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest?.("[data-area]")?.getAttribute("data-area");
    this.group.clearLayers();
    for (const area of this.areas) {
      const at = /** @type {[number, number]} */ (this.spots.get(area));
      const spot = this.map.latLngToContainerPoint(at);
      if (!placing.inside({ ...spot, width: 0, height: 0 })) continue;
      const plate = this.plate(area, small);
      const marker = this.marker(at, plate).addTo(this.group);
      const { offsetWidth: width, offsetHeight: height } = plate;
      const box = placing.place(outward(spot, width, height, FURTHEST), null, lines(plate));
      if (!box) placing.take({ x: spot.x - width / 2, y: spot.y - height / 2, width, height });
      else this.move(marker, spot, L.point(box.x + box.width / 2, box.y + box.height / 2), at);
      if (focused === area.key) plate.querySelector("button")?.focus({ preventScroll: true });
    }
  }

  /** @param {[number, number]} at @param {HTMLElement} plate */
  marker(at, plate) {
    const icon = L.divIcon({ html: plate, className: "plate-place", iconSize: [0, 0] });
    return L.marker(at, { icon, keyboard: false, interactive: false, pane: "plates" });
  }

  /**
   * @param {import("leaflet").Marker} marker
   * @param {import("leaflet").Point} spot
   * @param {import("leaflet").Point} found
   * @param {[number, number]} at
   */
  move(marker, spot, found, at) {
    if (found.distanceTo(spot) < 1) return;
    const there = this.map.containerPointToLatLng(found);
    marker.setLatLng(there);
    if (found.distanceTo(spot) < LEADER) return;
    L.polyline([at, there], { renderer: this.leaders, className: "plate-leader", interactive: false }).addTo(this.group);
  }

  /** @param {import("./atlas.js").Item} area @param {boolean} small */
  plate(area, small) {
    const items = this.itemsOf(area);
    const onlyHere = items.filter((item) => item.home === "plate");
    const focus = area.role("focus");
    return h(
      "div",
      { class: small ? "plate is-small" : "plate", role: "group", "aria-label": area.name, "data-area": area.key },
      h("button", { class: "plate-name", type: "button", onclick: () => this.open(area, items), "aria-label": word("plate.open", { name: area.name, count: items.length }) }, area.name),
      !small && focus && h("div", { class: "plate-focus" }, Array.isArray(focus) ? joined(focus) : say(focus)),
      !small && this.counts(items),
      onlyHere.length > 0 && this.capsule(area, onlyHere),
    );
  }

  /** Symbols with counts; what is only inferred to lie here is counted apart. @param {import("./atlas.js").Item[]} items */
  counts(items) {
    /** @type {Map<import("./atlas.js").Layer, {known: number, inferred: number}>} */
    const counts = new Map();
    for (const item of items) {
      const count = counts.get(item.layer) ?? { known: 0, inferred: 0 };
      if (item.inferred && item.home === "plate") count.inferred += 1;
      else count.known += 1;
      counts.set(item.layer, count);
    }
    const layers = [...counts.keys()].sort((a, b) => (b.style.importance ?? 0) - (a.style.importance ?? 0) || a.order - b.order);
    return h(
      "ul",
      { class: "plate-counts" },
      ...layers.flatMap((layer) => {
        const { known, inferred } = /** @type {{known: number, inferred: number}} */ (counts.get(layer));
        const title = word("plate.symbol", { layer: say(layer.title), count: known || inferred });
        return [
          known > 0 && h("li", { title }, symbol(layer, { size: 13 }), h("span", {}, known)),
          inferred > 0 && h("li", { title: `${title} · ${word("detail.inferred")}` }, symbol(layer, { hollow: true, dashed: true, size: 13 }), h("span", {}, inferred)),
        ];
      }),
    );
  }

  /** @param {import("./atlas.js").Item} area @param {import("./atlas.js").Item[]} items */
  capsule(area, items) {
    const inferred = items.filter((item) => item.inferred).length;
    const sorted = [...items].sort((a, b) => importance(b) - importance(a));
    return h(
      "button",
      { class: "capsule", type: "button", onclick: () => this.open(area, sorted), title: inferred ? word("plate.inferred", { count: inferred }) : null },
      word("plate.only_district", { count: items.length, name: area.name }),
      h("span", { class: "arrow", "aria-hidden": "true" }, "▸"),
    );
  }
}

/** The lines of a plate, each as wide as its words: a pill may stand beside a short one. @param {HTMLElement} plate */
function lines(plate) {
  return [...plate.children].map((child) => {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (child);
    return { x: offsetLeft - 2, y: offsetTop - 1, width: offsetWidth + 4, height: offsetHeight + 2 };
  });
}
