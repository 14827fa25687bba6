/** The small map of a page of items, or of one: the zone in quiet greys, and what the table lists. */

import { Atlas } from "../atlas.js";
import { Basemap, latLng, pathOf } from "../basemap.js";
import { byId, h } from "../dom.js";
import { PossibleAreas } from "../possible.js";
import { symbol } from "../symbols.js";

const L = window.L;

const CLOSEST = 13;
/** Pixels between the symbols of things at one place. */
const STEP = 18;
/** Metres around a single thing that show where it is, however well its position is known. */
const AROUND = 7000;

/**
 * @typedef {import("../atlas.js").Layer} Layer
 * @typedef {import("../atlas.js").Feature} Feature
 * @typedef {{layer: Layer, features: string, selected: string | null, page: string, context: Layer[], label: string,
 *   zoom_in: string, zoom_out: string, all_drawn: string, some_drawn: string, failed: string}} Scene
 */

/** @param {string} address @returns {Promise<Feature | {features: Feature[]}>} */
async function fetchJson(address) {
  const answer = await fetch(address, { headers: { accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** @param {Feature | {features: Feature[]}} read */
function featuresOf(read) {
  return "features" in read ? read.features : [read];
}

/** @param {Scene} scene */
async function readAtlas(scene) {
  const [own, ...context] = await Promise.all([scene.features, ...scene.context.map((layer) => layer.url)].map(fetchJson));
  // The listed layer is shown as things on the map, whatever its role there: it is what the page is about.
  /** @type {Layer[]} */
  const layers = [...scene.context, { ...scene.layer, role: "sites" }];
  const features = new Map(scene.context.map((layer, index) => [layer.id, featuresOf(context[index])]));
  features.set(scene.layer.id, featuresOf(own));
  return new Atlas(layers, features);
}

/** @param {HTMLElement} place @param {Scene} scene */
function makeMap(place, scene) {
  const map = L.map(place, {
    zoomControl: false,
    attributionControl: false,
    // A page is scrolled past its map, with a wheel or with a finger.
    scrollWheelZoom: false,
    dragging: !L.Browser.mobile,
    zoomSnap: 0.25,
    minZoom: 1,
    maxZoom: 16,
  });
  L.control.zoom({ zoomInTitle: scene.zoom_in, zoomOutTitle: scene.zoom_out }).addTo(map);
  map.setView([0, 0], 1);
  place.setAttribute("aria-label", scene.label);
  return map;
}

/**
 * A symbol at its place, which leads to the item's page where it is one of many.
 * @param {import("../atlas.js").Item} item
 * @param {Scene} scene
 * @param {number} before how many stand at the same place already: things at one anchor stand in a row
 */
function marker(item, scene, before) {
  const drawing = symbol(item.layer, { hollow: item.hollow, dashed: item.inferred, size: scene.selected ? 20 : 16 });
  const element = scene.selected
    ? h("span", { class: "pin", role: "img", "aria-label": item.name }, drawing)
    : h("a", { class: "pin", href: pageOf(item, scene), title: item.name, "aria-label": item.name }, drawing);
  const icon = L.divIcon({ className: "pin-place", html: element, iconSize: [24, 24], iconAnchor: [12 - before * STEP, 12] });
  // The link inside is what the keyboard reaches.
  return L.marker(latLng(/** @type {[number, number]} */ (item.point)), { icon, keyboard: false, interactive: false });
}

/** @param {import("../atlas.js").Item} item @param {Scene} scene */
function pageOf(item, scene) {
  return scene.page.replace("{id}", encodeURIComponent(item.id));
}

/** @param {import("../atlas.js").Item} item @param {import("leaflet").Map} map @param {Scene} scene */
function outline(item, map, scene) {
  const shape = L.geoJSON(item.geometry, {
    .../** @type {object} */ ({ interactive: !scene.selected, className: "own-shape" }),
    pointToLayer: (/** @type {unknown} */ _feature, /** @type {import("leaflet").LatLng} */ at) => L.circleMarker(at, { radius: 5, className: "own-shape" }),
  }).addTo(map);
  shape.eachLayer((path) => {
    const element = pathOf(/** @type {import("leaflet").Path} */ (path));
    element.style.setProperty("--light", item.layer.style.colour);
    element.style.setProperty("--dark", item.layer.style.dark || item.layer.style.colour);
  });
  if (!scene.selected) shape.on("click", () => window.location.assign(pageOf(item, scene)));
  return shape;
}

/**
 * A list is shown within the whole zone, a single thing close by.
 * @param {import("leaflet").Map} map
 * @param {Atlas} atlas
 * @param {import("leaflet").LatLngBounds} bounds
 * @param {boolean} whole
 */
function fit(map, atlas, bounds, whole) {
  for (const area of bounds.isValid() && !whole ? [] : atlas.areas) bounds.extend(L.geoJSON(area.geometry).getBounds());
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [20, 20], maxZoom: CLOSEST, animate: false });
}

/** @param {HTMLElement} place @param {Scene} scene */
async function start(place, scene) {
  const atlas = await readAtlas(scene);
  const map = makeMap(place, scene);
  const basemap = new Basemap(map, atlas);
  const bounds = L.latLngBounds([]);
  drawTowns(map, atlas);
  const drawn = atlas.sites.filter((item) => item.home === "map" && item.geometry);
  /** @type {Map<string, number>} */
  const standing = new Map();
  for (const item of drawn) {
    if (item.point) {
      const before = standing.get(String(item.point)) ?? 0;
      standing.set(String(item.point), before + 1);
      marker(item, scene, before).addTo(map);
      bounds.extend(latLng(item.point));
    } else {
      bounds.extend(outline(item, map, scene).getBounds());
    }
  }
  if (scene.selected) one(atlas.sites[0], { map, atlas, basemap, bounds });
  else note(scene, drawn.length, atlas.sites.length - drawn.length);
  fit(map, atlas, bounds, !scene.selected);
  document.documentElement.dataset.map = "drawn";
}

/** @param {Scene} scene @param {number} drawn @param {number} rest */
function note(scene, drawn, rest) {
  const sentence = rest ? scene.some_drawn : scene.all_drawn;
  byId("map-note").textContent = sentence.replace("{drawn}", String(drawn)).replace("{rest}", String(rest));
}

/** The zone's towns by dot and name, for bearings. @param {import("leaflet").Map} map @param {Atlas} atlas */
function drawTowns(map, atlas) {
  for (const town of atlas.ofRole("places")) {
    if (!town.point) continue;
    const at = latLng(town.point);
    L.circleMarker(at, { radius: 2.5, className: "town-dot", interactive: false }).addTo(map);
    const name = h("span", { class: "town-name" }, town.name);
    L.marker(at, { icon: L.divIcon({ className: "town-place", html: name, iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
  }
}

/**
 * Of a single item also the area it may lie in, or the district it is known to.
 * @param {import("../atlas.js").Item} item
 * @param {{map: import("leaflet").Map, atlas: Atlas, basemap: Basemap, bounds: import("leaflet").LatLngBounds}} view
 */
function one(item, { map, atlas, basemap, bounds }) {
  const area = item.home === "plate" ? atlas.areaByDistrict.get(item.districts[0]) : undefined;
  if (area) {
    basemap.highlight(area);
    bounds.extend(L.geoJSON(area.geometry).getBounds());
  }
  if (item.home !== "map" || !item.point) return;
  const [lng, lat] = item.point;
  bounds.extend(L.latLng(lat, lng).toBounds(2 * Math.max(1.6 * (item.uncertainty ?? 0), AROUND)));
  // Circles are measured on the screen: the map must stand before they are drawn.
  fit(map, atlas, bounds, false);
  new PossibleAreas(map, atlas).show("selection", [item]);
}

const place = byId("small-map");
const scene = /** @type {Scene} */ (JSON.parse(place.dataset.scene ?? "{}"));
start(place, scene).catch((error) => {
  console.error(error);
  byId("map-note").textContent = scene.failed;
  document.documentElement.dataset.map = "failed";
});
