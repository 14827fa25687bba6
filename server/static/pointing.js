/** Points of the map for a tool, by pointer or by keys; meanwhile nothing under them is opened. */

import { Crosshair } from "./crosshair.js";

/** Pixels from which on a press was a drag of the map. */
const DRAG = 5;

/**
 * @typedef {{add: (at: import("leaflet").LatLng) => void, move: (at: import("leaflet").LatLng | null) => void,
 *   undo: () => void, finish: () => void, from?: (at: import("leaflet").LatLng) => void}} Hand what the tool does with a
 *   point, on the way to one, and with the keys Backspace and Enter; a double click finishes too. One that has `from` begins
 *   anew where the mouse is pressed and gets the point where it is let go; otherwise a drag moves the map
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
    /** @type {MouseEvent | null} */
    this.down = null;
    /** Whether the mouse has been dragged from a point that the tool has. */
    this.held = false;
  }

  start() {
    this.listening = new AbortController();
    // Ahead of Leaflet and of the buttons on the map.
    const options = { capture: true, signal: this.listening.signal };
    const { container } = this;
    container.addEventListener("pointerdown", (event) => this.pushed(event), options);
    if (this.hand.from) container.addEventListener("mousedown", keptFromMap, options);
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

  /** @param {PointerEvent} event */
  pushed(event) {
    this.down = event;
    this.held = false;
  }

  /** Whether the pointer is elsewhere than it was pressed. @param {MouseEvent} event */
  dragged({ clientX, clientY }) {
    return this.down !== null && Math.hypot(clientX - this.down.clientX, clientY - this.down.clientY) > DRAG;
  }

  /** Also comes where a drag ends on the map. @param {MouseEvent} event */
  clicked(event) {
    if (isButton(event)) return;
    event.stopImmediatePropagation();
    if (event.detail > 1 || (this.dragged(event) && !this.held)) return;
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
    if (this.hand.from && this.down && event.buttons === 1 && !this.held && this.dragged(event)) {
      this.held = true;
      this.hand.from(this.map.mouseEventToLatLng(this.down));
    }
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

/** A press that is the tool's: the map stays where it is, and no text is selected. @param {MouseEvent} event */
function keptFromMap(event) {
  if (isButton(event) || event.button !== 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
