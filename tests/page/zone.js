/** A small made-up zone: districts, and sites with a field of each type. */

import "./globals.js";

const { Atlas } = await import("../../server/static/atlas.js");

const text = (en) => ({ zh: en, en });
const field = (name, type, more = {}) => ({ name, type, label: text(name), unit: null, lang: null, codes: null, role: null, expected: false, ...more });

/** A layer with nothing in it but what is said. */
export function layer(id, fields, more = {}) {
  const style = { symbol: "circle", colour: "#333", dark: "#ccc", importance: 0, fills: { values: {} }, labels_at: null };
  const schema = { geometry: "Geometry", fields };
  return { id, title: text(id), description: text(""), role: "sites", order: 0, visible: true, schema, style, count: 0, url: "", count_as: null, figures: [], sources: [], licence: null, ...more };
}

export function feature(id, properties, geometry = null) {
  return { type: "Feature", id, geometry, properties };
}

export const FIELDS = [
  field("name", "text", { role: "name" }),
  field("kind", "text", { codes: { a: text("A"), b: text("B") } }),
  field("district", "text", { role: "district" }),
  field("workers", "integer", { unit: "people" }),
  field("area_ha", "number"),
  field("listed", "boolean", { role: "mentioned" }),
  field("opened", "date"),
  field("seen", "datetime"),
  field("tags", "list"),
  field("the \"odd\" one", "text"),
];

/** Districts d1 and d2 side by side; mills (shown by default) and wells (not). */
export function makeAtlas() {
  const square = (west) => ({ type: "Polygon", coordinates: [[[west, 10], [west + 1, 10], [west + 1, 11], [west, 11], [west, 10]]] });
  const features = new Map([
    ["districts", ["d1", "d2"].map((id, index) => feature(id, { name: id, district: id }, square(50 + index)))],
    ["mills", [
      feature("m1", { name: "One", kind: "a", district: "d1", workers: 5, area_ha: 1.5, listed: true, opened: "2020-01-02", seen: "2024-01-01T10:00:00Z", tags: ["x", "y"] }, { type: "Point", coordinates: [50.5, 10.5] }),
      feature("m2", { name: "It's “two”", kind: "b", district: "d2", workers: null, area_ha: 0, listed: false, opened: null, seen: null, tags: [] }),
    ]],
    ["wells", [feature("w/1?&=", { name: "Well" }, { type: "Point", coordinates: [51.5, 10.5] })]],
  ]);
  const layers = [
    layer("districts", FIELDS.slice(0, 3), { role: "areas" }),
    layer("mills", FIELDS),
    layer("wells", FIELDS.slice(0, 1), { visible: false }),
  ];
  return new Atlas(layers, features);
}
