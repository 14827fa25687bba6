/** Optional raster basemaps that the operator switched on: one at a time, in their own datum, below everything. */

import { h } from "./dom.js";
import { GcjMercator } from "./gcj.js";
import { say, word } from "./words.js";

const L = window.L;

/** Without a raster basemap nothing finer than the generalised boundaries is to be seen. */
const OWN_MAX_ZOOM = 14;

/**
 * @typedef {{id: string, title: {zh: string, en: string}, url: string, labels_url: string | null, subdomains: string[],
 *   attribution: string, datum: "wgs84" | "gcj02", max_zoom: number}} RasterBasemap
 * @typedef {import("leaflet").Map & {_resetView: (center: import("leaflet").LatLng, zoom: number, noMoveStart: boolean) => void}} Resettable
 */

export class Raster {
  /**
   * @param {import("leaflet").Map} map
   * @param {RasterBasemap[]} basemaps
   * @param {{credit: HTMLElement, note: (text: string | null) => void}} page
   */
  constructor(map, basemaps, page) {
    this.map = map;
    this.basemaps = basemaps;
    this.page = page;
    /** @type {import("leaflet").TileLayer[]} */
    this.tiles = [];
  }

  /** @param {string | null} id null for the plain basemap */
  show(id) {
    for (const tiles of this.tiles) tiles.remove();
    this.tiles = [];
    this.page.note(null);
    const basemap = this.basemaps.find((one) => one.id === id) ?? null;
    this.useDatum(basemap?.datum ?? "wgs84");
    this.map.setMaxZoom(basemap?.max_zoom ?? OWN_MAX_ZOOM);
    this.map.getContainer().classList.toggle("has-raster", basemap !== null);
    this.page.credit.replaceChildren(...(basemap ? [" · ", h("span", {}, basemap.attribution || say(basemap.title))] : []));
    if (!basemap) return;
    for (const url of [basemap.url, basemap.labels_url]) if (url) this.tiles.push(this.layer(url, basemap).addTo(this.map));
  }

  /** @param {string} url @param {RasterBasemap} basemap */
  layer(url, basemap) {
    const tiles = L.tileLayer(url, { subdomains: basemap.subdomains.length ? basemap.subdomains : "abc", maxZoom: basemap.max_zoom, referrerPolicy: "strict-origin-when-cross-origin" });
    tiles.on("tileerror", () => this.page.note(word("basemap.failed")));
    return tiles;
  }

  /** Another datum is another projection of the same positions: the view stays where it is. @param {"wgs84" | "gcj02"} datum */
  useDatum(datum) {
    const crs = datum === "gcj02" ? GcjMercator : L.CRS.EPSG3857;
    if (this.map.options.crs === crs) return;
    const [center, zoom] = [this.map.getCenter(), this.map.getZoom()];
    this.map.options.crs = crs;
    // Leaflet keeps the pixel origin of the old projection until the view is set anew from the ground.
    /** @type {Resettable} */ (this.map)._resetView(center, zoom, true);
  }
}
