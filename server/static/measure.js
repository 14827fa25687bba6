/** Measuring lengths and areas on the ellipsoid, point by point. */

import { copyButton } from "./copy.js";
import { h } from "./dom.js";
import { along, areaOf, lengthOf } from "./geodesic.js";
import { Pointing } from "./pointing.js";
import { lang, number, word } from "./words.js";

const L = window.L;

/** Metres between positions of a drawn side, which is no straight line on the map. */
const STEP = 20_000;

/** Pixels that a label needs on the right of its point. */
const ROOM = 140;

/** The smallest unit of an area: in Chinese the mu, elsewhere the square metre. */
const SMALL = lang === "zh" ? 10_000 / 15 : 1;

const SIGNS = {
  length: "M1.5 11.5 11.5 1.5 14.5 4.5 4.5 14.5ZM4 9 5.5 10.5M6.5 6.5 8.5 8.5M9 4 10.5 5.5",
  area: "M3 4 12.5 2.5 13.5 12 5 13.5ZM1.8 2.8h2.4v2.4h-2.4ZM11.3 1.3h2.4v2.4h-2.4ZM12.3 10.8h2.4v2.4h-2.4ZM3.8 12.3h2.4v2.4h-2.4Z",
};

/**
 * @typedef {import("leaflet").LatLng} LatLng
 */

/** A tool of the toolbar. */
export class Measure {
  /**
   * @param {import("leaflet").Map} map
   * @param {"length" | "area"} kind
   */
  constructor(map, kind) {
    this.map = map;
    this.id = kind;
    this.title = word(`measure.${kind}`);
    this.sign = SIGNS[kind];
    if (!map.getPane("measure")) {
      const pane = map.createPane("measure");
      pane.style.zIndex = "640";
      pane.style.pointerEvents = "none";
    }
    this.renderer = L.svg({ pane: "measure", padding: 0.6 });
    this.group = L.layerGroup();
    this.pointing = new Pointing(map, { add: (at) => this.add(at), move: (at) => this.move(at), undo: () => this.undo(), finish: () => this.finish() });
    /** @type {LatLng[]} */
    this.points = [];
    /** @type {LatLng | null} */
    this.pointer = null;
    this.finished = false;
  }

  /** @param {import("./toolbar.js").Use} use */
  start({ said, end }) {
    this.total = h("p", { role: "status" });
    const button = (/** @type {string} */ key, /** @type {string} */ sign, /** @type {() => void} */ act) =>
      h("button", { class: "plain", type: "button", title: word(key), "aria-label": word(key), onclick: act }, sign);
    this.undoing = button("measure.undo", "↶", () => this.undo());
    this.finishing = button("measure.finish", "✓", () => this.finish());
    this.copying = copyButton(() => this.text(), this.title);
    said.replaceChildren(this.total, this.undoing, this.finishing, this.copying, button("measure.end", "×", end));
    this.group.addTo(this.map);
    this.begin();
    this.pointing.start();
  }

  stop() {
    this.pointing.stop();
    this.group.remove();
  }

  begin() {
    this.points = [];
    this.pointer = null;
    this.finished = false;
    this.say();
  }

  /** @param {LatLng} at */
  add(at) {
    if (this.finished) this.begin();
    if (!this.points.at(-1)?.equals(at, 1e-9)) this.points.push(at);
    this.say();
  }

  /** @param {LatLng | null} at */
  move(at) {
    this.pointer = this.finished ? null : at;
    this.draw();
  }

  undo() {
    this.points.pop();
    this.finished = false;
    this.say();
  }

  finish() {
    this.finished = this.points.length > 1;
    this.pointer = null;
    this.say();
  }

  say() {
    this.draw();
    const { length } = this.points;
    if (this.total) this.total.textContent = length ? this.text() : word(window.matchMedia("(pointer: coarse)").matches ? "measure.tap" : "measure.click");
    if (this.undoing) this.undoing.hidden = length === 0;
    if (this.finishing) this.finishing.hidden = length < 2 || this.finished;
    if (this.copying) this.copying.hidden = !this.isMeasured(this.points);
  }

  /** @param {LatLng[]} points */
  isMeasured(points) {
    return this.id === "length" ? points.length > 1 : points.length > 2 && !crosses(points);
  }

  /** What has been measured, in words. */
  text() {
    const { points } = this;
    const count = number(points.length);
    if (!this.isMeasured(points)) return word(points.length > 2 ? "measure.crossing" : "measure.points", { count });
    if (this.id === "length") return word("measure.of_length", { length: lengthText(lengthOf(points)), count });
    return word("measure.of_area", { area: areaText(areaOf(points)), length: lengthText(lengthOf([...points, points[0]])) });
  }

  draw() {
    this.group.clearLayers();
    const { points, pointer } = this;
    const all = pointer && points.length ? [...points, pointer] : points;
    const options = { renderer: this.renderer, interactive: false };
    const draw = (/** @type {LatLng[]} */ corners, /** @type {string} */ className) => L.polyline(sides(corners), { ...options, className }).addTo(this.group);
    const isRing = this.id === "area" && all.length > 2;
    const ring = isRing ? [...all, all[0]] : all;
    if (isRing) L.polygon(sides(ring), { ...options, className: "measure-area" }).addTo(this.group);
    draw(ring, "measure-halo");
    draw(pointer ? points : ring, "measure-line");
    if (pointer) draw(ring.slice(points.length - 1), "measure-line is-open");
    for (const point of points) L.circleMarker(point, { ...options, radius: 4, className: "measure-corner" }).addTo(this.group);
    if (this.isMeasured(all)) this.label(all);
  }

  /** The total so far, also on the way to the next point. @param {LatLng[]} points */
  label(points) {
    const lines = this.id === "length" ? [lengthText(lengthOf(points))] : areaText(areaOf(points)).split(" · ");
    const at = /** @type {LatLng} */ (points.at(-1));
    const isAtEdge = this.map.latLngToContainerPoint(at).x > this.map.getSize().x - ROOM;
    const html = h("span", { class: isAtEdge ? "measure-label is-left" : "measure-label", "aria-hidden": "true" }, ...lines.map((text) => h("span", {}, text)));
    L.marker(at, { icon: L.divIcon({ html, className: "", iconSize: [0, 0] }), pane: "measure", interactive: false, keyboard: false }).addTo(this.group);
  }
}

/** The shortest lines between corners, as positions to draw. @param {LatLng[]} corners */
function sides(corners) {
  return corners.slice(1).flatMap((to, index) => along(corners[index], to, STEP).map(({ lat, lng }) => L.latLng(lat, lng)));
}

/** With four digits that count, or all before the point. @param {number} value */
function rounded(value) {
  return number(value < 1000 ? Number(value.toPrecision(4)) : Math.round(value));
}

/** @param {number} metres */
export function lengthText(metres) {
  return metres < 1000 ? word("unit.metre", { value: rounded(metres) }) : word("unit.kilometre", { value: rounded(metres / 1000) });
}

/** @param {number} area square metres */
export function areaText(area) {
  return word("measure.units", { small: rounded(area / SMALL), hectares: rounded(area / 10_000), large: rounded(area / 1_000_000) });
}

/** Whether sides of a ring cross, so that it encloses no one area. @param {LatLng[]} points */
function crosses(points) {
  const sides = points.map((from, index) => [from, points[(index + 1) % points.length]]);
  const turn = (/** @type {LatLng} */ a, /** @type {LatLng} */ b, /** @type {LatLng} */ c) => Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
  return sides.some(([a, b], index) =>
    sides.slice(index + 2, index ? undefined : -1).some(([c, d]) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0),
  );
}
