/** A place that coordinates were read as: a mark on the map, with its reading named, until the reader takes it away. */

import { h } from "./dom.js";
import { degrees } from "./results.js";
import { word } from "./words.js";

const L = window.L;

/** Close enough to see what is around. */
const CLOSE = 12;

export class PlaceMark {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {import("leaflet").Marker | null} */
    this.marker = null;
    const pane = map.createPane("placemark");
    pane.style.zIndex = "660";
  }

  /** @param {import("./search.js").Place} place */
  show(place) {
    this.remove();
    const [lon, lat] = place.geometry.coordinates;
    const label = h(
      "div",
      { class: "placemark" },
      h("span", { class: "placemark-dot" }),
      h("div", { class: "placemark-label", tabindex: "-1", role: "group", "aria-label": `${degrees(place)} ${place.label}` }, h("p", {}, h("b", {}, degrees(place)), h("span", {}, place.label)), h("button", { type: "button", "aria-label": word("search.remove"), onclick: () => this.remove() }, "×")),
    );
    L.DomEvent.disableClickPropagation(label);
    this.marker = L.marker([lat, lon], { icon: L.divIcon({ className: "", html: label, iconSize: [0, 0] }), pane: "placemark", interactive: false, keyboard: false });
    this.marker.addTo(this.map);
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), CLOSE));
    /** @type {HTMLElement} */ (label.querySelector(".placemark-label")).focus({ preventScroll: true });
  }

  remove() {
    if (!this.marker) return;
    const hadFocus = this.marker.getElement()?.contains(document.activeElement);
    this.marker.remove();
    this.marker = null;
    if (hadFocus) this.map.getContainer().focus({ preventScroll: true });
  }
}
