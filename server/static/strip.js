/** The line under the map: scale, the position under the pointer, whose boundaries, which edition. */

import { h } from "./dom.js";
import { isFile } from "./framing.js";
import { date, say, word } from "./words.js";

const L = window.L;

export class Strip {
  /**
   * @param {HTMLElement} element
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {{zone: import("./types.d.ts").Zone, approval: string, about: () => void, connect: () => void}} options
   */
  constructor(element, map, atlas, { zone, approval, about, connect }) {
    this.map = map;
    this.atlas = atlas;
    this.pointer = h("span", { class: "pointer", "aria-hidden": "true", title: word("map.pointer") });
    this.raster = h("span", { class: "raster-credit" });
    const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    const bar = /** @type {HTMLElement} */ (scale.getContainer());
    bar.setAttribute("role", "img");
    bar.setAttribute("aria-label", word("map.scale"));
    this.generalised = h("span", { class: "generalised" }, word("map.generalised"));
    element.replaceChildren(
      bar,
      this.pointer,
      h("span", { class: "spacer" }),
      ...(isFile() ? [h("span", { class: "of-file" }, zone.as_of ? word("file.as_of", { date: date(zone.as_of) }) : word("file.undated"))] : []),
      this.generalised,
      h("span", { class: "edition" }, approval ? `${word("strip.public")} · ${word("strip.approval", { number: approval })}` : word("strip.unapproved")),
      h("button", { class: "plain", type: "button", onclick: about }, word("strip.about")),
      h("button", { class: "plain connect-map", type: "button", onclick: connect }, word("connect.open_map")),
      h("span", { class: "credit" }, say(zone.credit), this.raster),
    );
    map.on("mousemove", (event) => this.point(event.latlng));
    map.on("mouseout", () => this.point(null));
    map.on("zoomend", () => this.zoomed());
    this.zoomed();
  }

  /** @param {import("leaflet").LatLng | null} at */
  point(at) {
    if (!at) {
      this.pointer.textContent = "";
      return;
    }
    const { lng, lat } = at.wrap();
    this.pointer.textContent = `${Math.abs(lng).toFixed(4)}°${lng < 0 ? "W" : "E"} ${Math.abs(lat).toFixed(4)}°${lat < 0 ? "S" : "N"}`;
  }

  /** Close up, the generalised boundaries say what they are not. */
  zoomed() {
    const close = this.map.getZoom() >= 12 && this.atlas.areas.length > 0;
    this.generalised.hidden = !close;
    this.map.getContainer().classList.toggle("is-close", close);
  }
}
