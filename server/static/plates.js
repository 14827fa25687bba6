/** District plates: in each district, at an empty spot, its name, what it stands for and what is known to it only. */

import { h } from "./dom.js";
import { innermost, isInside } from "./interior.js";
import { rings } from "./borders.js";
import { latLng } from "./basemap.js";
import { byDistrict, importance } from "./groups.js";
import { nearestOf } from "./placing.js";
import { room } from "./plateroom.js";
import { symbol } from "./symbols.js";
import { joined, say, word } from "./words.js";

const L = window.L;

/** More areas than this are a subdivision, not the few districts of a zone: their plates are small everywhere. */
const MOST = 12;

/** How far, in pixels, a plate may stand from its spot; a small one anywhere. */
const FURTHEST = 190;
const ANYWHERE = 600;

/** More places than this cannot all be kept free. */
const CROWD = 500;

/**
 * The part of a plate's words out of its district from which on it would rather be a small one. Close up there is room
 * beside the border; from afar a district is hardly larger than its plate.
 */
const TOO_MUCH = 0.3;
const TOO_MUCH_CLOSE_UP = 0.05;
const CLOSE_UP = 11;

/** How much of the window's edge is too near for a plate, and how much of a district must be seen, in pixels. */
const EDGE = 0.06;
const ROOM = 16;

/**
 * @typedef {import("./placing.js").Placing} Placing
 * @typedef {import("./plateroom.js").Ground} Ground
 * @typedef {import("./plateroom.js").Room} Room
 */

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
    /** What is shown, by the one district that it lies in. */
    this.held = byDistrict([]);
    /** @type {import("./state.js").Choice | null} */
    this.heldUnder = null;
    /** @type {Map<import("./atlas.js").Item, [number, number]>} latitude, longitude of each plate */
    this.spots = new Map(atlas.areas.map((area) => [area, this.spot(area)]));
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

  /**
   * The spot, or where it is out of the window the roomiest place of what is seen of the district.
   * @param {import("./atlas.js").Item} area
   * @param {import("./placing.js").Box} frame
   * @returns {import("leaflet").Point | null} null where nothing of it is seen
   */
  seen(area, { x, y, width, height }) {
    const spot = this.map.latLngToContainerPoint(/** @type {[number, number]} */ (this.spots.get(area)));
    const inside = L.bounds([x + width * EDGE, y + height * EDGE], [x + width * (1 - EDGE), y + height * (1 - EDGE)]);
    if (inside.contains(spot)) return spot;
    const shape = rings(area.geometry)
      .map((ring) => L.PolyUtil.clipPolygon(ring.map((corner) => this.map.latLngToContainerPoint(latLng(corner))), inside, false))
      .filter((ring) => ring.length > 2);
    const found = innermost(shape);
    return found && found.room > ROOM ? L.point(found.point.x, found.point.y) : null;
  }

  /** Where something stands already; few enough of them to be kept away from. @returns {[number, number][]} */
  anchors() {
    const points = [...this.atlas.ofRole("places"), ...this.atlas.sites].filter((item) => item.home === "map" || item.layer.role === "places").flatMap((item) => (item.point ? [item.point] : []));
    return points.length > CROWD ? [] : points;
  }

  /** What a district holds: all that is known to lie in it alone. @param {import("./atlas.js").Item} area */
  itemsOf(area) {
    // Found once for each choice, however many plates there are.
    if (this.heldUnder !== this.state.choice) [this.heldUnder, this.held] = [this.state.choice, byDistrict(this.state.shown())];
    return area.districts.flatMap((code) => this.held.get(code) ?? []);
  }

  /** What is known to a district and no nearer. @param {import("./atlas.js").Item} area */
  onlyIn(area) {
    return this.itemsOf(area).filter((item) => item.home === "plate");
  }

  /** @param {import("./atlas.js").Item} area */
  isShown(area) {
    return this.state.choice.layers.has(area.layer.id);
  }

  /**
   * Draws the plates and takes their room: at their spots, or where the pills leave some, in their districts if they can.
   * @param {Placing} placing
   * @param {boolean} small a narrow window: name and capsule only
   * @param {{x: number, y: number}[]} points places with a pill beside them, and towns' dots
   */
  draw(placing, small, points) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest?.("[data-area]")?.getAttribute("data-area");
    this.group.clearLayers();
    for (const area of this.atlas.areas) {
      const spot = this.seen(area, placing.frame);
      if (!spot || !(this.isShown(area) || this.onlyIn(area).length)) continue;
      const ground = { spot, shape: this.shape(area), points: points.length > CROWD ? [] : points };
      const { plate, marker, at } = this.chosen(area, ground, placing, small || this.atlas.areas.length > MOST);
      for (const line of at.lines) placing.take(line);
      const middle = L.point(at.box.x + at.box.width / 2, at.box.y + at.box.height / 2);
      marker.setLatLng(this.map.containerPointToLatLng(middle));
      if (!isInside(middle, ground.shape)) this.lead(spot, at);
      if (focused === area.key) plate.querySelector("button")?.focus({ preventScroll: true });
    }
  }

  /**
   * The plate and where it stands: the full one, or a small one where that has room in the district and the full has not.
   * @param {import("./atlas.js").Item} area
   * @param {Ground} ground
   * @param {Placing} placing
   * @param {boolean} crowded
   */
  chosen(area, ground, placing, crowded) {
    const made = (/** @type {boolean} */ small) => {
      const plate = this.plate(area, small);
      const marker = this.marker(this.map.containerPointToLatLng(ground.spot), plate).addTo(this.group);
      return { plate, marker, at: room(plate, ground, placing, small ? ANYWHERE : FURTHEST) };
    };
    const full = made(crowded);
    const most = this.map.getZoom() >= CLOSE_UP ? TOO_MUCH_CLOSE_UP : TOO_MUCH;
    if (crowded || (full.at.isFree && full.at.outside <= most)) return full;
    const small = made(true);
    const better = small.at.isFree && (!full.at.isFree || small.at.outside < full.at.outside);
    (better ? full : small).marker.remove();
    return better ? small : full;
  }

  /** Its outline in the window, as exact as a plate needs it. @param {import("./atlas.js").Item} area */
  shape(area) {
    return rings(area.geometry).map((ring) => L.LineUtil.simplify(ring.map((corner) => this.map.latLngToContainerPoint(latLng(corner))), 2));
  }

  /** @param {import("leaflet").LatLng} at @param {HTMLElement} plate */
  marker(at, plate) {
    const icon = L.divIcon({ html: plate, className: "plate-place", iconSize: [0, 0] });
    return L.marker(at, { icon, keyboard: false, interactive: false, pane: "plates" });
  }

  /** A line that says whose plate it is, up to its first words. @param {import("leaflet").Point} spot @param {Room} at */
  lead(spot, { box, lines }) {
    const ends = lines.map((line) => nearestOf(spot, line)).map(({ x, y }) => L.point(x, y));
    const [end] = ends.sort((a, b) => a.distanceTo(spot) - b.distanceTo(spot));
    const { x, y } = nearestOf(spot, box);
    if (!end || (x === spot.x && y === spot.y)) return;
    const corners = [spot, end].map((point) => this.map.containerPointToLatLng(point));
    L.polyline(corners, { renderer: this.leaders, className: "plate-leader", interactive: false }).addTo(this.group);
  }

  /** @param {import("./atlas.js").Item} area @param {boolean} small */
  plate(area, small) {
    const items = this.itemsOf(area);
    const onlyHere = this.onlyIn(area);
    const capsule = onlyHere.length > 0 && this.capsule(area, onlyHere, small);
    // Without its layer a district has no plate; what is known to it only must stay to be found.
    if (!this.isShown(area)) return h("div", { class: "plate is-small", role: "group", "aria-label": area.name, "data-area": area.key }, capsule);
    const focus = joined(area.texts("focus"));
    return h(
      "div",
      { class: small ? "plate is-small" : "plate", role: "group", "aria-label": area.name, "data-area": area.key },
      h("button", { class: "plate-name", type: "button", onclick: () => this.open(area, items), "aria-label": word("plate.open", { name: area.name, count: items.length }) }, area.name),
      !small && focus && h("div", { class: "plate-focus" }, focus),
      !small && this.counts(items),
      capsule,
    );
  }

  /** Symbols with counts; what is only inferred to lie here is counted apart. @param {import("./atlas.js").Item[]} items */
  counts(items) {
    /** @type {Map<import("./atlas.js").Layer, {known: number, inferred: number}>} */
    const counts = new Map();
    for (const item of items) {
      const count = counts.get(item.layer) ?? { known: 0, inferred: 0 };
      if (item.inferred) count.inferred += 1;
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

  /** @param {import("./atlas.js").Item} area @param {import("./atlas.js").Item[]} items @param {boolean} small */
  capsule(area, items, small) {
    const inferred = items.filter((item) => item.inferred).length;
    const known = items.length - inferred;
    const sorted = [...items].sort((a, b) => importance(b) - importance(a));
    return h(
      "button",
      { class: "capsule", type: "button", "data-count": items.length, onclick: () => this.open(area, sorted) },
      capsuleText(area.name, known, inferred, small),
      h("span", { class: "arrow", "aria-hidden": "true" }, "▸"),
    );
  }
}

/** What is inferred is never counted as known. @param {string} name @param {number} known @param {number} inferred @param {boolean} small */
function capsuleText(name, known, inferred, small) {
  const kind = small ? "plate.small" : "plate.only_district";
  const also = small ? "plate.small_inferred" : known ? "plate.also_inferred" : "plate.inferred";
  return [known > 0 ? word(kind, { count: known, name }) : "", inferred > 0 ? word(also, { count: inferred, name }) : ""].filter(Boolean).join(" · ");
}
