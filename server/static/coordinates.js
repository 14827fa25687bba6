/** The coordinates of a point of the map, or of an item, in every system that holds it, in the side panel. */

import { copyButton } from "./copy.js";
import { h } from "./dom.js";
import { navigation } from "./navigate.js";
import { distance, word } from "./words.js";

const L = window.L;

/**
 * @typedef {{lat: number, lng: number}} LatLng
 * @typedef {{label: string, text: string, dms?: string}} Axis
 * @typedef {{crs: string, label: string, axes: Axis[], text: string}} System
 */

export class Coordinates {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./side.js").Side} side
   * @param {import("./types.d.ts").Answers} answers
   */
  constructor(map, side, answers) {
    this.map = map;
    this.side = side;
    this.answers = answers;
    this.turn = 0;
    const icon = L.divIcon({ className: "", html: h("span", { class: "point-mark" }), iconSize: [0, 0] });
    this.mark = L.marker([0, 0], { icon, pane: "placemark", interactive: false, keyboard: false });
    this.byKey = false;
    map.on("contextmenu", (event) => this.asked(event));
    map.getContainer().addEventListener("keydown", (event) => this.pressed(event));
  }

  /** By a right click, or a long touch. @param {import("leaflet").LeafletMouseEvent} event */
  asked({ originalEvent, latlng }) {
    originalEvent.preventDefault();
    // Its key has been answered already, and means no place of a pointer.
    if (!this.byKey) this.open(latlng.wrap());
    this.byKey = false;
  }

  /** By the key for menus: of the map's middle. @param {KeyboardEvent} event */
  pressed(event) {
    const { key, shiftKey, target } = event;
    this.byKey = target === this.map.getContainer() && (key === "ContextMenu" || (key === "F10" && shiftKey));
    if (!this.byKey) return;
    event.preventDefault();
    this.open(this.map.getCenter().wrap());
  }

  /** @param {LatLng} at @param {import("./atlas.js").Item | null} [item] what it is the place of */
  async open(at, item = null) {
    this.turn += 1;
    const { turn } = this;
    const body = h("div", { class: "systems" }, h("p", { class: "quiet", role: "status" }, word("coordinates.waiting")));
    const panel = h(
      "article",
      { class: "detail coordinates" },
      h("h2", { tabindex: "-1" }, item ? item.name : word("coordinates.title")),
      item && h("p", { class: "quiet" }, about(item)),
      body,
      navigation(at, item ? item.name : word("coordinates.title")),
    );
    this.side.openPanel(word("coordinates.title"), panel, { item, closed: () => this.mark.remove() });
    this.mark.setLatLng(at).addTo(this.map);
    try {
      const systems = await this.answers.coordinates(at);
      if (turn === this.turn) body.replaceChildren(h("ul", {}, ...systems.map(row)));
    } catch {
      if (turn === this.turn) body.replaceChildren(h("p", { role: "alert" }, word("coordinates.failed")));
    }
  }
}

/** How well the place is known comes before its numbers. @param {import("./atlas.js").Item} item */
function about(item) {
  const placement = item.hasRole("placement") ? word(`placement.${item.placement ?? "none"}`) : "";
  return [word("coordinates.of_item"), placement, item.uncertainty ? `± ${distance(item.uncertainty)}` : ""].filter(Boolean).join(" · ");
}

/** @param {System} system */
function row({ crs, label, axes, text }) {
  const degrees = axes.map((axis) => axis.dms).filter(Boolean).join(" ");
  return h(
    "li",
    { "data-crs": crs },
    h("h3", {}, label),
    h("dl", {}, ...axes.flatMap((axis) => [h("dt", {}, axis.label), h("dd", {}, axis.text)])),
    degrees && h("p", { class: "dms" }, degrees),
    copyButton(() => text, label),
  );
}
