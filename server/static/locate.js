/** Where the reader is, asked for by a click only: a dot and how far off it may be. */

import { h } from "./dom.js";
import { distance, word } from "./words.js";

const L = window.L;

/** Milliseconds after which a device is not waited for any more. */
const PATIENCE = 20_000;

/** Close enough for the surroundings. */
const CLOSE = 14;

/** By GeolocationPositionError's code. @type {Record<number, string>} */
const REASONS = { 1: "locate.denied", 2: "locate.unavailable", 3: "locate.timeout" };

/** A tool of the toolbar. */
export class Locate {
  /**
   * @param {import("leaflet").Map} map
   * @param {(text: string | null) => void} notice
   */
  constructor(map, notice) {
    this.map = map;
    this.notice = notice;
    this.id = "locate";
    this.title = word("locate.title");
    this.sign = "M8 3.5A4.5 4.5 0 1 1 8 12.5 4.5 4.5 0 1 1 8 3.5ZM8 1V5M8 11V15M1 8H5M11 8H15";
    this.beside = true;
    this.group = L.layerGroup();
    this.turn = 0;
    const pane = map.createPane("locate");
    pane.style.zIndex = "630";
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "locate", padding: 0.6 });
  }

  /** @param {import("./toolbar.js").Use} use */
  start({ end }) {
    this.turn += 1;
    const { turn } = this;
    const fail = (/** @type {string} */ key) => {
      if (turn !== this.turn) return;
      this.notice(word(key));
      end();
    };
    this.notice(null);
    if (!window.isSecureContext) return fail("locate.insecure");
    if (!navigator.geolocation) return fail("locate.unavailable");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => turn === this.turn && this.show(coords),
      ({ code }) => fail(REASONS[code]),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 10_000 },
    );
  }

  stop() {
    this.turn += 1;
    this.group.clearLayers().remove();
  }

  /** Browsers give WGS 84; on a basemap in GCJ-02 the map's projection shifts it. @param {GeolocationCoordinates} coords */
  show({ latitude, longitude, accuracy }) {
    const at = L.latLng(latitude, longitude);
    const options = { renderer: this.renderer, interactive: false };
    const circle = L.circle(at, { ...options, radius: accuracy, className: "locate-accuracy" }).addTo(this.group);
    L.circleMarker(at, { ...options, radius: 7, className: "locate-dot" }).addTo(this.group);
    this.group.addTo(this.map);
    this.map.fitBounds(circle.getBounds(), { maxZoom: CLOSE });
    const label = h("span", { class: "locate-label", role: "status" });
    L.marker(at, { icon: L.divIcon({ html: label, className: "", iconSize: [0, 0] }), pane: "locate", interactive: false, keyboard: false }).addTo(this.group);
    // What is said into a place that is there already is heard.
    window.setTimeout(() => (label.textContent = word("locate.found", { distance: distance(accuracy) })));
  }
}
