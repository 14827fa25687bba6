/** Drawing an area that the map is narrowed to: a rectangle, a circle or a polygon, by pointer, finger or keys. */

import { boxOf, circleOf, polygonOf } from "./area.js";
import { h } from "./dom.js";
import { Pointing } from "./pointing.js";
import { word } from "./words.js";

const L = window.L;

const SIGNS = { box: "M2.5 4h11v8h-11Z", circle: "M8 2.2A5.8 5.8 0 1 1 8 13.8 5.8 5.8 0 1 1 8 2.2Z", polygon: "M8 1.8 14.2 6.3 11.8 13.6H4.2L1.8 6.3Z" };

/** How many points make the area; of a polygon at least. */
const POINTS = { box: 2, circle: 2, polygon: 3 };

/** A side of a circle's drawing while it is drawn. */
const SIDES = 64;

/**
 * @typedef {import("leaflet").LatLng} LatLng
 */

/** A tool of the toolbar. */
export class DrawArea {
  /**
   * @param {import("leaflet").Map} map
   * @param {"box" | "circle" | "polygon"} kind
   * @param {(area: string) => void} drawn
   */
  constructor(map, kind, drawn) {
    this.map = map;
    this.kind = kind;
    this.id = `area-${kind}`;
    this.title = word(`area.${kind}`);
    this.sign = SIGNS[kind];
    this.drawn = drawn;
    this.group = L.layerGroup();
    const from = kind === "polygon" ? undefined : (/** @type {LatLng} */ at) => this.from(at);
    this.pointing = new Pointing(map, { add: (at) => this.add(at), move: (at) => this.draw(at), undo: () => this.undo(), finish: () => this.finish(), from });
    /** @type {LatLng[]} */
    this.points = [];
    /** @type {(() => void) | null} */
    this.end = null;
  }

  /** @param {import("./toolbar.js").Use} use */
  start({ said, end }) {
    this.end = end;
    this.points = [];
    this.total = h("p", { role: "status" });
    this.finishing = h("button", { class: "plain", type: "button", hidden: true, title: word("area.finish"), "aria-label": word("area.finish"), onclick: () => this.finish() }, "✓");
    said.replaceChildren(this.total, this.finishing, h("button", { class: "plain", type: "button", title: word("area.cancel"), "aria-label": word("area.cancel"), onclick: end }, "×"));
    this.say();
    this.group.addTo(this.map);
    this.pointing.start();
  }

  stop() {
    this.pointing.stop();
    this.group.clearLayers().remove();
    this.end = null;
  }

  /** @param {LatLng} at */
  add(at) {
    if (!this.points.at(-1)?.equals(at, 1e-9)) this.points.push(at);
    if (this.kind !== "polygon" && this.points.length === POINTS[this.kind]) this.finish();
    else this.say();
  }

  /** @param {LatLng} at */
  from(at) {
    this.points = [at];
    this.say();
  }

  undo() {
    this.points.pop();
    this.say();
  }

  finish() {
    if (this.points.length < POINTS[this.kind]) return;
    const [first, second] = this.points;
    const area = this.kind === "box" ? boxOf(first, second) : this.kind === "circle" ? circleOf(first, second) : polygonOf(this.points);
    this.end?.();
    this.drawn(area);
  }

  say() {
    const { length } = this.points;
    const isDraggable = this.kind !== "polygon" && length === 0 && !window.matchMedia("(pointer: coarse)").matches;
    const next = isDraggable ? "drag" : Math.min(length, this.kind === "polygon" ? POINTS.polygon : 1);
    if (this.total) this.total.textContent = word(`area.${this.kind}_${next}`);
    if (this.finishing) this.finishing.hidden = this.kind !== "polygon" || length < POINTS.polygon;
    this.draw(null);
  }

  /** @param {LatLng | null} pointer */
  draw(pointer) {
    this.group.clearLayers();
    const points = pointer && this.points.length ? [...this.points, pointer] : this.points;
    for (const point of this.points) L.circleMarker(point, { pane: "measure", radius: 4, className: "measure-corner", interactive: false }).addTo(this.group);
    if (points.length < 2) return;
    const options = { pane: "measure", className: "area-drawing", interactive: false };
    const [first, second] = points;
    if (this.kind === "box") L.rectangle(L.latLngBounds(first, second), options).addTo(this.group);
    else if (this.kind === "circle") L.polygon(ringAbout(first, second), options).addTo(this.group);
    else L.polygon(points, options).addTo(this.group);
  }
}

/** A circle as it looks here while it is drawn; the server draws the true one. @param {LatLng} centre @param {LatLng} through */
export function ringAbout(centre, through) {
  const shrunk = Math.cos((centre.lat * Math.PI) / 180);
  const radius = Math.hypot((through.lng - centre.lng) * shrunk, through.lat - centre.lat);
  return Array.from({ length: SIDES }, (_, side) => {
    const angle = (2 * Math.PI * side) / SIDES;
    return L.latLng(centre.lat + radius * Math.sin(angle), centre.lng + (radius * Math.cos(angle)) / shrunk);
  });
}
