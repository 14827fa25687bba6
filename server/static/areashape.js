/** The area that the map is narrowed to: its outline, what lies in it in a few words, and handles to change it. */

import { unwrap } from "./antimeridian.js";
import { boxOf, circleAt, circleOf, drawn, polygonOf } from "./area.js";
import { h } from "./dom.js";
import { ringAbout } from "./drawarea.js";
import { isFile } from "./framing.js";
import { number, word } from "./words.js";

const L = window.L;

/** Pixels that the label and the buttons of the map need at the right. */
const ROOM = 240;

/**
 * @typedef {import("leaflet").LatLng} LatLng
 */

export class AreaShape {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./state.js").State} state
   * @param {[number, number, number, number] | null} extent of the zone
   * @param {{open: () => void, change: (area: string) => void}} page
   */
  constructor(map, state, extent, page) {
    this.map = map;
    this.extent = extent;
    this.state = state;
    this.page = page;
    this.group = L.layerGroup().addTo(map);
    map.createPane("area-label").style.zIndex = "655"; // above plates and pills
    const pane = map.createPane("area");
    pane.style.zIndex = "590";
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "area", padding: 0.6 });
    state.follow((_, changed) => {
      if (["area", "answer", "layers", "conditions"].some((key) => changed.has(key))) this.draw();
    });
    map.on("moveend", () => this.draw());
    this.draw();
  }

  draw() {
    this.group.clearLayers();
    const { answer, area } = this.state.choice;
    document.body.classList.toggle("has-area", area !== null);
    if (!area) return;
    if (answer?.question.area === area && answer.area) this.answered(answer.area);
    else this.pending(area);
    // A file knows no other area than this one.
    for (const { at, moved } of isFile() ? [] : this.handles(area)) this.handle(at, moved);
  }

  /** @param {import("./types.d.ts").Geometry} geometry */
  answered(geometry) {
    const area = structuredClone(geometry);
    if (this.extent) unwrap([{ geometry: area }], this.extent);
    const shape = L.geoJSON(area, { style: { className: "area-shape", interactive: false, renderer: this.renderer } }).addTo(this.group);
    this.label(shape.getBounds().getNorthEast());
  }

  /** What is asked about and has no answer yet, as it was drawn. @param {string} area */
  pending(area) {
    const found = drawn(area, this.map.getCenter().lng);
    if (!found) return;
    const { kind, numbers } = found;
    const options = { className: "area-shape is-pending", interactive: false, renderer: this.renderer };
    if (kind === "box") L.rectangle([[numbers[1], numbers[0]], [numbers[3], numbers[2]]], options).addTo(this.group);
    else if (kind === "circle") L.polygon(ringAbout(L.latLng(numbers[1], numbers[0]), east(numbers)), options).addTo(this.group);
    else L.polygon(corners(numbers), options).addTo(this.group);
  }

  /** How many there are, beside the shape: not on what it holds. @param {LatLng} at */
  label(at) {
    const { certain, possible } = counts(this.state);
    const isAtEdge = this.map.latLngToContainerPoint(at).x > this.map.getSize().x - ROOM;
    const html = h("button", { class: isAtEdge ? "area-label is-left" : "area-label", type: "button", onclick: () => this.page.open() }, word("area.counts", { certain: number(certain), possible: number(possible) }));
    L.DomEvent.disableClickPropagation(html);
    L.marker(at, { icon: L.divIcon({ html, className: "", iconSize: [0, 0] }), keyboard: false, interactive: false, pane: "area-label" }).addTo(this.group);
  }

  /**
   * Points to drag, and the area that comes of it.
   * @param {string} area
   * @returns {{at: LatLng, moved: (to: LatLng) => string}[]}
   */
  handles(area) {
    const found = drawn(area, this.map.getCenter().lng);
    if (!found) return [];
    const { kind, numbers } = found;
    if (kind === "box") {
      const [west, south, east, north] = numbers;
      const ends = [[south, west, north, east], [south, east, north, west], [north, east, south, west], [north, west, south, east]];
      return ends.map(([lat, lng, farLat, farLng]) => ({ at: L.latLng(lat, lng), moved: (to) => boxOf(to, L.latLng(farLat, farLng)) }));
    }
    if (kind === "circle") {
      const centre = L.latLng(numbers[1], numbers[0]);
      const radius = numbers[2];
      return [
        { at: centre, moved: (to) => circleAt(to, radius) },
        { at: east(numbers), moved: (to) => circleOf(centre, to) },
      ];
    }
    const all = corners(numbers);
    return all.map((at, index) => ({ at, moved: (to) => polygonOf(all.map((corner, other) => (other === index ? to : corner))) }));
  }

  /** @param {LatLng} at @param {(to: LatLng) => string} moved */
  handle(at, moved) {
    const marker = L.marker(at, { icon: L.divIcon({ html: h("span", { class: "area-handle" }), className: "", iconSize: [0, 0] }), draggable: true, keyboard: false, zIndexOffset: 900 });
    marker.on("dragend", () => this.page.change(moved(marker.getLatLng())));
    marker.addTo(this.group);
  }
}

/** The easternmost point of a circle. @param {number[]} numbers longitude, latitude, metres */
function east([lng, lat, metres]) {
  return L.latLng(lat, lng + metres / 111_320 / Math.cos((lat * Math.PI) / 180));
}

/** @param {number[]} numbers longitude, latitude, longitude, latitude ... */
function corners(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, index) => L.latLng(numbers[2 * index + 1], numbers[2 * index]));
}

/**
 * Of what is shown under an area, how many lie in it for certain and how many may.
 * @param {import("./state.js").State} state
 */
export function counts(state) {
  const { answer } = state.choice;
  const shown = state.shown();
  const certain = shown.filter((item) => answer?.match(item)?.certainty === "certain").length;
  return { certain, possible: shown.length - certain };
}
