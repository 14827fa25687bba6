/** Names on the ground: town dots and their names, neighbouring areas, and the groups (provinces) that they belong to. */

import { latLng } from "./basemap.js";
import { rings } from "./borders.js";
import { h } from "./dom.js";
import { innermost } from "./interior.js";
import { keyOf } from "./pills.js";
import { around } from "./placing.js";
import { textWidth } from "./textwidth.js";
import { say } from "./words.js";

const L = window.L;

/** Sizes of the style sheet's .town-name, .backdrop-name and .group-name. */
const TOWN = 11;
const NEIGHBOUR = 11;
const GROUP = 15;
const GROUP_SPACING = 8;

/** The zoom from which a narrow window has room for towns' names. */
const TOWNS_FROM = 10;

/** Pixels within which a click means a town's dot. */
const NEAR = 12;

export class Names {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   */
  constructor(map, atlas, state) {
    this.map = map;
    this.atlas = atlas;
    this.state = state;
    this.group = L.layerGroup().addTo(map);
    this.dots = L.layerGroup().addTo(map);
    this.towns = atlas.ofRole("places").filter((item) => item.point);
    this.busy = new Set(atlas.sites.filter((item) => item.home === "map" && item.point).map((item) => keyOf(/** @type {[number, number]} */ (item.point))));
    /** Towns that hold something first: they are the ones a planner looks for. */
    this.towns.sort((a, b) => Number(this.holds(b)) - Number(this.holds(a)));
    const renderer = L.svg({ pane: "dots", padding: 0.6 });
    /** @type {Map<import("./atlas.js").Item, import("leaflet").CircleMarker>} */
    this.circles = new Map(
      this.towns.map((town) => [town, L.circleMarker(latLng(/** @type {[number, number]} */ (town.point)), { renderer, radius: 2.5, className: "town-dot", interactive: false })]),
    );
  }

  /** @param {import("./atlas.js").Item} town */
  holds(town) {
    return this.busy.has(keyOf(/** @type {[number, number]} */ (town.point)));
  }

  /** The town whose dot a click meant. @param {import("leaflet").Point} point */
  townAt(point) {
    const distance = (/** @type {import("leaflet").CircleMarker} */ circle) => this.map.latLngToContainerPoint(circle.getLatLng()).distanceTo(point);
    const shown = [...this.circles].filter(([town, circle]) => this.state.shows(town) && distance(circle) < NEAR);
    return shown.sort((a, b) => distance(a[1]) - distance(b[1]))[0]?.[0] ?? null;
  }

  /** Where the shown dots are in the window. */
  points() {
    return [...this.circles].filter(([town]) => this.state.shows(town)).map(([, circle]) => this.map.latLngToContainerPoint(circle.getLatLng()));
  }

  /** @param {import("./placing.js").Placing} placing */
  takeDots(placing) {
    for (const [town, circle] of this.circles) {
      if (!this.state.shows(town)) {
        circle.remove();
        continue;
      }
      circle.addTo(this.dots);
      const point = this.map.latLngToContainerPoint(circle.getLatLng());
      placing.take({ x: point.x - 3, y: point.y - 3, width: 6, height: 6 }, keyOf(/** @type {[number, number]} */ (town.point)));
    }
  }

  /**
   * @param {import("./placing.js").Placing} placing
   * @param {Set<string>} named anchors that a pill names already
   * @param {boolean} small a narrow window: towns get their names close up only
   */
  draw(placing, named, small) {
    this.group.clearLayers();
    const towns = small && this.map.getZoom() < TOWNS_FROM ? [] : this.towns;
    for (const town of towns) {
      const key = keyOf(/** @type {[number, number]} */ (town.point));
      if (!named.has(key) && this.state.shows(town)) this.town(town, key, placing);
    }
    this.groupNames(placing);
    this.backdropNames(placing);
  }

  /** @param {import("./atlas.js").Item} town @param {string} key @param {import("./placing.js").Placing} placing */
  town(town, key, placing) {
    const point = this.map.latLngToContainerPoint(latLng(/** @type {[number, number]} */ (town.point)));
    const box = placing.place(around(point, textWidth(town.name, TOWN), TOWN + 4, 5), key);
    if (box) this.label(town.name, box, "town-name");
  }

  groupNames(/** @type {import("./placing.js").Placing} */ placing) {
    for (const layer of this.atlas.layers) {
      if (layer.role !== "backdrop" || !this.state.choice.layers.has(layer.id)) continue;
      const codes = layer.schema.fields.find((field) => field.role === "group")?.codes;
      for (const [key, at] of Object.entries(layer.style.labels_at ?? {})) {
        const name = say(codes?.[key]) || key;
        const point = this.map.latLngToContainerPoint(latLng(at));
        const width = textWidth(name, GROUP, 500) + GROUP_SPACING * [...name].length;
        const box = placing.place([{ x: point.x - width / 2, y: point.y - GROUP / 2 - 3, width, height: GROUP + 6 }]);
        if (box) this.label(name, box, "group-name");
      }
    }
  }

  /** Names of neighbouring areas, where the part of them in the window has the most room. */
  backdropNames(/** @type {import("./placing.js").Placing} */ placing) {
    const { x: width, y: height } = this.map.getSize();
    const frame = L.bounds([0, 0], [width, height]);
    for (const area of this.atlas.ofRole("backdrop")) {
      if (!this.state.shows(area) || !area.hasRole("name")) continue;
      const shape = rings(area.geometry)
        .map((ring) => L.PolyUtil.clipPolygon(ring.map((corner) => this.map.latLngToContainerPoint(latLng(corner))), frame, false))
        .filter((ring) => ring.length > 2);
      const found = innermost(shape);
      const needed = textWidth(area.name, NEIGHBOUR);
      if (!found || found.room * 2.4 < needed) continue;
      const box = { x: found.point.x - needed / 2, y: found.point.y - 8, width: needed, height: 16 };
      if (placing.place([box])) this.label(area.name, box, "backdrop-name");
    }
  }

  /** @param {string} text @param {import("./placing.js").Box} box @param {string} kind */
  label(text, box, kind) {
    const at = this.map.containerPointToLatLng([box.x, box.y]);
    L.marker(at, {
      icon: L.divIcon({ html: h("span", { class: kind }, text), className: "name-place", iconSize: [0, 0], iconAnchor: [0, 0] }),
      keyboard: false,
      interactive: false,
      pane: "names",
    }).addTo(this.group);
  }
}
