/** Points of the map for a tool, by pointer or by keys; meanwhile nothing under them is opened. */

import { Crosshair } from "./crosshair.js";

/** Pixels from which on a press was a drag of the map. */
const DRAG = 5;

/**
 * @typedef {{add: (at: import("leaflet").LatLng) => void, move: (at: import("leaflet").LatLng | null) => void,
 *   undo: () => void, finish: () => void}} Hand what the tool does with a point, on the way to one, and with the keys
 *   Backspace and Enter; a double click finishes too
 */

export class Pointing {
  /**
   * @param {import("leaflet").Map} map
   * @param {Hand} hand
   */
  constructor(map, hand) {
    this.map = map;
    this.hand = hand;
    this.container = map.getContainer();
    this.crosshair = new Crosshair(map);
    /** @type {AbortController | null} ends all listening at once */
    this.listening = null;
    this.down = { x: 0, y: 0 };
  }

  start() {
    this.listening = new AbortController();
    // Ahead of Leaflet and of the buttons on the map.
    const options = { capture: true, signal: this.listening.signal };
    const { container } = this;
    container.addEventListener("pointerdown", ({ clientX, clientY }) => (this.down = { x: clientX, y: clientY }), options);
    container.addEventListener("click", (event) => this.clicked(event), options);
    container.addEventListener("dblclick", (event) => this.clickedTwice(event), options);
    container.addEventListener("keydown", (event) => this.pressed(event), options);
    container.addEventListener("pointermove", (event) => this.pointed(event), options);
    container.addEventListener("pointerleave", () => this.hand.move(null), { signal: this.listening.signal });
    container.classList.add("is-pointing");
    container.focus({ preventScroll: true });
  }

  stop() {
    this.listening?.abort();
    this.crosshair.hide();
    this.container.classList.remove("is-pointing");
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    if (isButton(event)) return;
    event.stopImmediatePropagation();
    const dragged = Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) > DRAG;
    if (dragged || event.detail > 1) return;
    this.hand.add(this.map.mouseEventToLatLng(event));
  }

  /** @param {MouseEvent} event */
  clickedTwice(event) {
    if (isButton(event)) return;
    event.stopImmediatePropagation();
    this.hand.finish();
  }

  /** @param {PointerEvent} event */
  pointed(event) {
    // A finger has no way to a point: it is there when it touches.
    if (event.pointerType === "touch") return;
    this.crosshair.hide();
    this.hand.move(this.map.mouseEventToLatLng(event));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.target !== this.container || event.ctrlKey || event.metaKey || event.altKey || !this.used(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** Whether a key was for the tool. @param {KeyboardEvent} event */
  used(event) {
    if (this.crosshair.moved(event)) this.hand.move(this.crosshair.latlng);
    else if (event.key === " ") {
      this.crosshair.show();
      this.hand.add(this.crosshair.latlng);
    } else if (event.key === "Backspace" || event.key === "Delete") this.hand.undo();
    else if (event.key === "Enter") this.hand.finish();
    else return false;
    return true;
  }
}

/** What is no part of the map's ground. @param {MouseEvent} event */
function isButton({ target }) {
  return /** @type {Element} */ (target).closest("button, a") !== null;
}
