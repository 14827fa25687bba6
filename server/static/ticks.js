/** Degrees on the frame of the map: ticks and labels along its edges instead of lines across it. */

import { svg } from "./dom.js";

/** Steps in minutes of arc; the first that leaves room between labels is used. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 2700, 5400];
const ROOM = 84;

export class Ticks {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement} stage
   * @param {[number, number, number, number] | null} extent the zone's; its east is above 180 where it crosses the antimeridian
   */
  constructor(map, stage, extent) {
    this.map = map;
    const middle = extent && extent[2] > 180 ? (extent[0] + extent[2]) / 2 : 0;
    /** One turn of the globe, on which every longitude stands once. */
    this.world = { west: middle - 180, east: middle + 180 };
    this.drawing = svg("svg", { class: "ticks", "aria-hidden": "true" });
    stage.append(this.drawing);
    map.on("move zoom resize viewreset", () => this.draw());
    this.draw();
  }

  draw() {
    const { x: width, y: height } = this.map.getSize();
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(...this.along("lng", width, height), ...this.along("lat", width, height));
  }

  /**
   * @param {"lng" | "lat"} axis
   * @param {number} width
   * @param {number} height
   */
  along(axis, width, height) {
    const bounds = this.map.getBounds();
    const { west, east } = this.world;
    const [low, high, length] =
      axis === "lng" ? [Math.max(west, bounds.getWest()), Math.min(east, bounds.getEast()), width] : [bounds.getSouth(), bounds.getNorth(), height];
    const span = (axis === "lng" ? bounds.getEast() - bounds.getWest() : high - low) * 60;
    const step = STEPS.find((minutes) => (minutes / span) * length >= ROOM) ?? 5400;
    /** @type {SVGElement[]} */
    const marks = [];
    for (let minute = Math.ceil((low * 60) / step) * step; minute <= high * 60; minute += step) {
      marks.push(...this.mark(axis, minute / 60, width, height));
    }
    return marks;
  }

  /** @param {"lng" | "lat"} axis @param {number} degrees @param {number} width @param {number} height */
  mark(axis, degrees, width, height) {
    const center = this.map.getCenter();
    if (axis === "lng") {
      const { x } = this.map.latLngToContainerPoint([center.lat, degrees]);
      if (x < 40 || x > width - 40) return [];
      return [
        svg("path", { d: `M${x} 0V6M${x} ${height}V${height - 6}` }),
        svg("text", { x, y: 16, "text-anchor": "middle" }, label(degrees > 180 ? degrees - 360 : degrees)),
      ];
    }
    const { y } = this.map.latLngToContainerPoint([degrees, center.lng]);
    if (y < 40 || y > height - 40) return [];
    return [
      svg("path", { d: `M0 ${y}H6M${width} ${y}H${width - 6}` }),
      svg("text", { x: 9, y, "dominant-baseline": "central" }, label(degrees)),
    ];
  }
}

/** @param {number} degrees */
function label(degrees) {
  const minutes = Math.round(Math.abs(degrees) * 60);
  const sign = degrees < 0 && minutes ? "−" : "";
  return `${sign}${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, "0")}′`;
}
