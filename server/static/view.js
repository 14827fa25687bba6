/** The view in the address bar: read at the start and when the reader goes back, written as the reader goes on. */

import { addressWith, viewParams } from "./address.js";
import { isArea } from "./area.js";
import { MADE } from "./columns.js";
import { parseCompared } from "./compared.js";
import { isFile, isFramed } from "./framing.js";
import { isCounted, isSummed } from "./countable.js";
import { parseFilter } from "./filter.js";
import { OPTIONS, VIEW } from "./parameters.js";
import { parseSlides, slidesText } from "./slides.js";

/**
 * @typedef {import("./state.js").Choice} Choice
 * @typedef {Pick<Choice, "layers" | "conditions" | "other" | "q" | "area" | "certain" | "selected" | "drawer" | "sort" | "table" | "group" | "sum" | "shade" | "compare" | "basemap" | "slides">} Asked
 * @typedef {Asked & {center: [number, number] | null, zoom: number | null, ignored: string[]}} View
 */

/** `f` is the server's; campaign marks (utm_…) are everywhere and mean nothing here. */
const READ = new Set([...VIEW, "f", ...(isFramed() ? OPTIONS : [])]);

/** Words to be found are no longer than the search box takes them. */
const LONGEST_WORDS = 200;

/** What only a server gives; a file leaves it out. */
const SERVED = ["group", "sum", "shade", "basemap"];

/** What is open under the map. */
export const DRAWERS = isFile() ? ["table", "compare"] : ["table", "stats", "compare"];

/**
 * How each part of a view is written; null leaves it out, for it is as it comes by default.
 * @type {Record<(typeof import("./parameters.js").SHOWS)[number], (choice: Choice, atlas: import("./atlas.js").Atlas, filter: string | null) => string | null>}
 */
export const WRITTEN = {
  layers: ({ layers }, atlas) => (atlas.layers.every((layer) => layer.visible === layers.has(layer.id)) ? null : atlas.layers.filter((layer) => layers.has(layer.id)).map((layer) => layer.id).join(",")),
  filter: (_choice, _atlas, filter) => filter,
  q: ({ q }) => q,
  area: ({ area }) => area,
  certainty: ({ area, certain }) => (area && certain ? "certain" : null),
  selected: ({ selected }) => selected,
  drawer: ({ drawer }) => drawer,
  sort: ({ sort }) => sort,
  table: ({ table }) => table,
  group: ({ group }) => group,
  sum: ({ sum }) => sum,
  shade: ({ shade }) => (shade ? "1" : null),
  compare: ({ compare }) => compare,
  basemap: ({ basemap }) => basemap,
  slides: ({ slides }) => (slides.length ? slidesText(slides) : null),
};

/**
 * Reads the view parameters. A bad value is left out and named, never an error.
 * @param {string} search
 * @param {import("./atlas.js").Atlas} atlas
 * @param {string[]} basemaps
 * @returns {View}
 */
export function readView(search, atlas, basemaps) {
  const given = new URLSearchParams(search);
  for (const name of isFile() ? SERVED : []) given.delete(name);
  /** @type {string[]} */
  const ignored = [];
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | null} parse
   */
  const read = (name, parse) => {
    const text = given.get(name);
    if (text === null) return null;
    const value = parse(text);
    if (value === null) ignored.push(name);
    return value;
  };
  const oneOf = (/** @type {string[]} */ allowed) => (/** @type {string} */ text) => (allowed.includes(text) ? text : null);
  const known = new Set(atlas.layers.map((layer) => layer.id));
  const center = read("center", parseCenter);
  // A zoom is meant for its centre: without that it would show a place that nobody asked for.
  const lost = center === null && given.has("center");
  const filter = read("filter", (text) => text.trim() === "" ? null : parseFilter(text, (name) => atlas.field(name)));
  const area = read("area", (text) => (isArea(text) ? text : null));
  for (const [name, allowed] of [["theme", ["light", "dark"]], ["lang", ["zh", "en"]]]) read(String(name), oneOf([...allowed]));
  return {
    center,
    zoom: read("zoom", (text) => (/^\d{1,2}(\.\d+)?$/.test(text) && !lost ? Number(text) : null)),
    layers: read("layers", (text) => parseLayers(text, known, ignored)) ?? new Set(atlas.layers.filter((layer) => layer.visible).map((layer) => layer.id)),
    conditions: filter?.conditions ?? [],
    other: filter?.other ?? null,
    q: read("q", (text) => (text.trim() && text.length <= LONGEST_WORDS ? text.trim() : null)),
    area,
    certain: read("certainty", (text) => (area ? oneOf(["certain", "possible"])(text) : null)) === "certain",
    selected: read("selected", (text) => (atlas.byKey.has(text) ? text : null)),
    drawer: read("drawer", oneOf(DRAWERS)),
    sort: read("sort", (text) => (isSorted(text, atlas) ? text : null)),
    table: read("table", (text) => (atlas.layer(text)?.role === "sites" ? text : null)),
    group: read("group", (text) => (isCounted(text, atlas) ? text : null)),
    sum: read("sum", (text) => (isSummed(text, atlas) ? text : null)),
    shade: read("shade", oneOf(["1"])) !== null,
    compare: read("compare", (text) => (parseCompared(text, atlas) ? text : null)),
    basemap: read("basemap", oneOf(basemaps)),
    slides: read("slides", parseSlides) ?? [],
    ignored: ignored.concat([...new Set(given.keys())].filter((name) => !isRead(name))),
  };
}

/** @param {string} name */
function isRead(name) {
  return READ.has(name) || name.startsWith("utm_");
}

/** @param {string} text @returns {[number, number] | null} longitude, latitude */
function parseCenter(text) {
  const parts = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lon, lat] = parts;
  return parts.length === 2 && Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null;
}

/** Whether a text names something to sort by. @param {string} text @param {import("./atlas.js").Atlas} atlas */
function isSorted(text, atlas) {
  return [text, text.replace(/^-/, "")].some((name) => atlas.siteFields.has(name) || Object.values(MADE).includes(name));
}

/** @param {string} text @param {Set<string>} known @param {string[]} ignored */
function parseLayers(text, known, ignored) {
  const asked = text.split(",").filter(Boolean);
  const unknown = asked.filter((id) => !known.has(id));
  if (asked.length && unknown.length === asked.length) return null;
  if (unknown.length) ignored.push(`layers=${unknown.join(",")}`);
  return new Set(asked.filter((id) => known.has(id)));
}

/**
 * The address of a view; parts that are as they come by default stay out of it.
 * @param {import("leaflet").Map} map
 * @param {import("./state.js").State} state
 * @param {boolean} moved whether the map has left its first view
 */
export function addressOf(map, state, moved) {
  const params = viewParams();
  const put = (/** @type {string} */ name, /** @type {string | null} */ value) => (value === null ? params.delete(name) : params.set(name, value));
  const center = map.getCenter();
  put("center", moved ? `${center.lng.toFixed(5)},${center.lat.toFixed(5)}` : null);
  put("zoom", moved ? String(map.getZoom()) : null);
  const filter = state.filter();
  for (const [name, write] of Object.entries(WRITTEN)) put(name, write(state.choice, state.atlas, filter));
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  put("theme", dark === (state.choice.theme === "dark") && !params.has("theme") ? null : state.choice.theme);
  return addressWith(params);
}
