/** The view in the address bar: read once at the start, written as the reader goes on. */

/**
 * @typedef {{center: [number, number] | null, zoom: number | null, layers: string[] | null, selected: string | null,
 *   filter: string | null, basemap: string | null, ignored: string[]}} View
 */

/** `f` is the server's; campaign marks (utm_…) are everywhere and mean nothing here. */
const KNOWN = new Set(["center", "zoom", "layers", "selected", "filter", "basemap", "theme", "lang", "f"]);

/**
 * Reads the view parameters. A bad value is left out and named, never an error.
 * @param {string} search
 * @param {import("./atlas.js").Layer[]} layers
 * @param {string[]} basemaps
 * @returns {View}
 */
export function readView(search, layers, basemaps) {
  const given = new URLSearchParams(search);
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
  const known = new Set(layers.map((layer) => layer.id));
  const mention = mentionFilter(layers);
  read("lang", (text) => (text === "zh" || text === "en" ? text : null));
  const center = read("center", parseCenter);
  // A zoom is meant for its centre: without that it would show a place that nobody asked for.
  const lost = center === null && given.has("center");
  return {
    center,
    zoom: read("zoom", (text) => (/^\d{1,2}(\.\d+)?$/.test(text) && !lost ? Number(text) : null)),
    layers: read("layers", (text) => parseLayers(text, known, ignored)),
    selected: read("selected", (text) => (/^[^/]+\/.+$/.test(text) && known.has(text.split("/")[0]) ? text : null)),
    filter: read("filter", (text) => (text === mention ? text : null)),
    basemap: read("basemap", (text) => (basemaps.includes(text) ? text : null)),
    ignored: ignored.concat(unreadable(given)),
  };
}

/** Parts that are read elsewhere but may be wrong, and parts that nobody reads. @param {URLSearchParams} given */
function unreadable(given) {
  const wrong = (/** @type {string} */ name, /** @type {string[]} */ allowed) => given.has(name) && !allowed.includes(given.get(name) ?? "");
  return [
    ...(wrong("theme", ["light", "dark"]) ? ["theme"] : []),
    ...(wrong("lang", ["zh", "en"]) ? ["lang"] : []),
    ...[...new Set(given.keys())].filter((name) => !KNOWN.has(name) && !name.startsWith("utm_")),
  ];
}

/** @param {string} text @returns {[number, number] | null} longitude, latitude */
function parseCenter(text) {
  const parts = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lon, lat] = parts;
  return parts.length === 2 && Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null;
}

/** @param {string} text @param {Set<string>} known @param {string[]} ignored */
function parseLayers(text, known, ignored) {
  const asked = text.split(",").filter(Boolean);
  const unknown = asked.filter((id) => !known.has(id));
  if (asked.length && unknown.length === asked.length) return null;
  if (unknown.length) ignored.push(`layers=${unknown.join(",")}`);
  return asked.filter((id) => known.has(id));
}

/**
 * The filter that the switch "named in the report" stands for, as CQL2 text; null where no layer says.
 * @param {import("./atlas.js").Layer[]} layers
 */
export function mentionFilter(layers) {
  for (const layer of layers) {
    const field = layer.schema.fields.find((one) => one.role === "mentioned");
    if (field) return /^[A-Za-z_]\w*$/.test(field.name) ? `${field.name}=true` : `"${field.name}"=true`;
  }
  return null;
}

/**
 * Writes the view into the address without adding to the history; parts that are as they come by default stay out.
 * @param {import("leaflet").Map} map
 * @param {import("./state.js").Choice} choice
 * @param {import("./atlas.js").Layer[]} layers
 * @param {boolean} moved whether the map has left its first view
 */
export function writeView(map, choice, layers, moved) {
  const address = new URL(window.location.href);
  const put = (/** @type {string} */ name, /** @type {string | null} */ value) =>
    value === null ? address.searchParams.delete(name) : address.searchParams.set(name, value);
  const center = map.getCenter();
  put("center", moved ? `${center.lng.toFixed(5)},${center.lat.toFixed(5)}` : null);
  put("zoom", moved ? String(map.getZoom()) : null);
  const byDefault = layers.every((layer) => layer.visible === choice.layers.has(layer.id));
  put("layers", byDefault ? null : layers.filter((layer) => choice.layers.has(layer.id)).map((layer) => layer.id).join(","));
  put("selected", choice.selected);
  put("filter", choice.mentionedOnly ? mentionFilter(layers) : null);
  put("basemap", choice.basemap);
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  put("theme", dark === (choice.theme === "dark") && !address.searchParams.has("theme") ? null : choice.theme);
  // Commas and slashes are readable and allowed in a query (RFC 3986 3.4); URLSearchParams would escape them.
  const readable = address.href.replace(/%2C/g, ",").replace(/%2F/g, (part, at) => (at > address.href.indexOf("?") ? "/" : part));
  if (readable !== window.location.href) window.history.replaceState(null, "", readable);
}
