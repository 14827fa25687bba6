/** A cross on the map that arrow keys move, for all that a pointer does; it begins in the middle. */

import { h } from "./dom.js";

const L = window.L;

/** Pixels of a step, and of a fine one. */
const STEP = 16;
const FINE = 1;

/** Nearer to the edge than this the map moves instead. */
const EDGE = 40;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Crosshair {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    this.element = h("div", { class: "crosshair", "aria-hidden": "true", hidden: true });
    map.getContainer().append(this.element);
    this.at = map.getSize().divideBy(2);
  }

  show() {
    if (!this.element.hidden) return;
    this.at = this.map.getSize().divideBy(2).round();
    this.element.hidden = false;
    this.place();
  }

  hide() {
    this.element.hidden = true;
  }

  /** Moves as an arrow key says, finely with Shift; whether the key was one. @param {KeyboardEvent} event */
  moved({ key, shiftKey }) {
    const arrow = ARROWS[key];
    if (!arrow) return false;
    this.show();
    const step = L.point(arrow).multiplyBy(shiftKey ? FINE : STEP);
    const next = this.at.add(step);
    const size = this.map.getSize();
    const inside = L.bounds([EDGE, EDGE], [size.x - EDGE, size.y - EDGE]);
    if (inside.contains(next)) this.at = next;
    else this.map.panBy(step.multiplyBy(shiftKey ? 1 : 5), { animate: false });
    this.place();
    return true;
  }

  place() {
    this.element.style.transform = `translate(${this.at.x}px, ${this.at.y}px)`;
  }

  get latlng() {
    return this.map.containerPointToLatLng(this.at);
  }
}
