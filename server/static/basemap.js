/** The basemap of our own: the neighbours in quiet greys, the zone lifted above them, borders between their groups. */

import { groupBorders, rings } from "./borders.js";
import { svg } from "./dom.js";

const L = window.L;

/** Panes from the ground up; site shapes, labels and pills lie above them. */
const PANES = { backdrop: 210, veil: 215, zone: 220, borders: 230, highlight: 240 };

export class Basemap {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   */
  constructor(map, atlas) {
    this.map = map;
    this.atlas = atlas;
    for (const [name, level] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(level);
      pane.classList.add(`pane-${name}`);
    }
    this.backdrop = atlas.ofRole("backdrop");
    this.highlightRenderer = this.renderer("highlight");
    /** @type {import("leaflet").Path | null} */
    this.highlighted = null;
    /** @type {Map<string, import("leaflet").LayerGroup>} the drawing of each context layer */
    this.groups = new Map();
    /** @type {Map<import("./atlas.js").Item, import("leaflet").Path>} */
    this.grounds = new Map();
    this.drawBackdrop();
    this.drawVeil();
    this.drawZone();
    this.drawBorders();
  }

  /** A renderer for a pane: SVG, since the styles (themes, tints) are the style sheet's. @param {string} pane */
  renderer(pane) {
    return L.svg({ pane, padding: 0.6 });
  }

  drawBackdrop() {
    const renderer = this.renderer("backdrop");
    for (const layer of this.atlas.layers.filter((one) => one.role === "backdrop")) {
      const group = L.layerGroup().addTo(this.map);
      for (const item of this.atlas.items.get(layer.id) ?? []) {
        const shape = outline(item, { renderer, className: "backdrop-area" });
        if (!shape) continue;
        shape.addTo(group);
        tint(shape, layer.style, [item.text("group"), item.id]);
      }
      this.groups.set(layer.id, group);
    }
  }

  /** Over a raster basemap all but the zone is veiled: the world, with the zone's districts as holes. */
  drawVeil() {
    if (!this.atlas.areas.length) return;
    const world = [[-85, -360], [-85, 360], [85, 360], [85, -360]];
    const holes = this.atlas.areas.flatMap((area) => rings(area.geometry).map((ring) => ring.map(latLng)));
    const options = { renderer: this.renderer("veil"), className: "veil", interactive: false };
    L.polygon(/** @type {[number, number][][]} */ ([world, ...holes]), options).addTo(this.map);
  }

  /**
   * Each district thrice: its ground (with the soft shadow of the whole zone), its tint as a band inside its border
   * (a thick stroke cut by the shape itself), and its outline.
   */
  drawZone() {
    const renderer = this.renderer("zone");
    for (const layer of this.atlas.layers.filter((one) => one.role === "areas")) {
      const group = L.layerGroup().addTo(this.map);
      const items = (this.atlas.items.get(layer.id) ?? []).filter((item) => rings(item.geometry).length);
      const grounds = items.map((item) => ({ item, shape: outline(item, { renderer, className: "zone-ground" }) }));
      for (const { item, shape } of grounds) if (shape) this.grounds.set(item, shape.addTo(group));
      for (const { item, shape } of grounds) {
        if (!shape) continue;
        const ground = pathOf(shape);
        ground.id = clipSource(item);
        const clip = svg("clipPath", { id: clipId(item) }, svg("use", { href: `#${ground.id}` }));
        ground.parentNode?.parentNode?.append(clip);
        const band = outline(item, { renderer, className: "zone-tint" });
        band?.addTo(group);
        if (band) {
          tint(band, layer.style, [item.id, ...item.districts]);
          pathOf(band).setAttribute("clip-path", `url(#${clipId(item)})`);
        }
      }
      for (const { item } of grounds) outline(item, { renderer, className: "zone-outline" })?.addTo(group);
      this.groups.set(layer.id, group);
    }
  }

  drawBorders() {
    const areas = [...this.backdrop, ...this.atlas.areas].map((item) => ({ geometry: item.geometry, group: item.text("group") }));
    const renderer = this.renderer("borders");
    this.borders = L.layerGroup().addTo(this.map);
    for (const line of groupBorders(areas)) {
      L.polyline(line.map(latLng), { renderer, className: "group-border", interactive: false }).addTo(this.borders);
    }
  }

  /** @param {Set<string>} shown layer ids */
  show(shown) {
    // A class and not Leaflet's remove: a path that comes back is a new element, without its tint and clip.
    const show = (/** @type {import("leaflet").LayerGroup} */ group, /** @type {boolean} */ on) =>
      group.eachLayer((shape) => pathOf(/** @type {import("leaflet").Path} */ (shape)).classList.toggle("is-off", !on));
    for (const [id, group] of this.groups) show(group, shown.has(id));
    // Borders between provinces belong to all that they run between.
    if (this.borders) show(this.borders, [...this.groups.keys()].some((id) => shown.has(id)));
  }

  /**
   * Colours the grounds of districts by tones from 0 to 4, null what is not known; without tones all are as they were.
   * @param {Map<import("./atlas.js").Item, number | null> | null} tones
   */
  shade(tones) {
    for (const [area, shape] of this.grounds) {
      const tone = tones?.get(area);
      const path = pathOf(shape);
      if (tone === undefined) path.removeAttribute("data-tone");
      else path.setAttribute("data-tone", String(tone ?? "unknown"));
    }
    this.map.getContainer().classList.toggle("is-shaded", tones !== null);
  }

  /** Lifts one district, or none. @param {import("./atlas.js").Item | null} area */
  highlight(area) {
    this.highlighted?.remove();
    this.highlighted = area ? outline(area, { renderer: this.highlightRenderer, className: "zone-highlight" }) : null;
    this.highlighted?.addTo(this.map);
  }
}

/** The clip path that holds drawings inside a district. @param {import("./atlas.js").Item} item */
export function clipId(item) {
  return `clip-${cssName(item.key)}`;
}

/** @param {import("./atlas.js").Item} item */
function clipSource(item) {
  return `ground-${cssName(item.key)}`;
}

/** Ids stand inside url(#…), so anything but letters and digits is spelled by its code. @param {string} key */
function cssName(key) {
  return key.replace(/[^A-Za-z0-9]/g, (sign) => `_${sign.codePointAt(0)}_`);
}

/** @param {[number, number]} position @returns {[number, number]} latitude, longitude as Leaflet wants them */
export function latLng(position) {
  return [position[1], position[0]];
}

/**
 * @param {import("./atlas.js").Item} item
 * @param {import("leaflet").PolylineOptions} options
 */
function outline(item, options) {
  const { geometry } = item;
  const settings = { interactive: false, smoothFactor: 0.5, ...options };
  if (geometry?.type === "Polygon") return L.polygon(geometry.coordinates.map((/** @type {[number, number][]} */ ring) => ring.map(latLng)), settings);
  if (geometry?.type === "MultiPolygon") {
    return L.polygon(geometry.coordinates.map((/** @type {[number, number][][]} */ part) => part.map((ring) => ring.map(latLng))), settings);
  }
  return null;
}

/** @param {import("leaflet").Path} shape @returns {SVGElement} */
export function pathOf(shape) {
  return /** @type {SVGElement} */ (shape.getElement());
}

/**
 * Gives a shape its own colours for both themes.
 * @param {import("leaflet").Path} shape
 * @param {import("./atlas.js").Style} style
 * @param {(string | null)[]} keys the first that the style knows wins
 */
function tint(shape, style, keys) {
  const values = style.fills?.values ?? {};
  const key = keys.find((one) => one !== null && one in values);
  if (!key) return;
  const element = pathOf(shape);
  element.style.setProperty("--light", values[key][0]);
  element.style.setProperty("--dark", values[key][1]);
}
