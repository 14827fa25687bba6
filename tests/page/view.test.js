/** The view in a link: whatever stands there is read or named, and nothing else than a view comes of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAtlas } from "./zone.js";

const { DRAWERS, readView } = await import("../../server/static/view.js");

const atlas = makeAtlas();
const BASEMAPS = ["osm"];
const KEYS = ["center", "zoom", "layers", "filter", "q", "area", "certainty", "selected", "drawer", "sort", "table", "group", "sum", "shade", "compare", "basemap", "slides", "theme", "lang", "f"];
const NAMED = KEYS.filter((key) => key !== "f");

const HOSTILE = [
  "", " ", ",", ",,,", "/", "//", "null", "undefined", "true", "NaN", "NaN,NaN", "Infinity,0", "-Infinity", "1e999", "1e999,0", "-1", "0x10", "1_000",
  "９", "１２０,３０", "181,0", "0,91", "120.9;31.0", "120.9,31.0,5", "31 120", "\0", "a\0b", "\ud800", "\u202e", "\n", "💥", "%", "%zz", "%00", "&", "=", "#",
  "__proto__", "constructor", "toString", "hasOwnProperty", "constructor/prototype", "__proto__=1", "mills/__proto__", "mills/", "/m1",
  "<script>alert(1)</script>", "javascript:alert(1)", "' OR 1=1 --", "\"", "'", "''", "(", ")", "()", "((((", "))))", "NOT", "AND", "a AND", "AND a", "OR OR OR",
  "kind='a", "kind IN ()", "kind IN ('a',)", "workers>='five'", "opened>=DATE('never')", "name LIKE '%", "BETWEEN AND", "tags='x'", "A_OVERLAPS(kind,('a'))",
  "box:", "box:1", "circle", "near:💥", "polygon:((", "feature:../../etc/passwd", "x".repeat(20_000), "9".repeat(20_000), "(".repeat(20_000),
  `${"(".repeat(10_000)}kind='a'${")".repeat(10_000)}`, "'".repeat(20_001), "kind='a' AND ".repeat(2_000), `kind IN (${"'a',".repeat(5_000)}'a')`, "NOT ".repeat(5_000),
];

function link(parts) {
  return `?${new URLSearchParams(parts)}`;
}

function read(search) {
  return readView(search, atlas, BASEMAPS);
}

/** What is true of every view, for the page relies on it. */
function check(view) {
  const { center, zoom, layers, conditions, other, q, area, certain, selected, drawer, sort, table, group, sum, shade, compare, basemap, slides, ignored } = view;
  if (center) assert.ok(center.length === 2 && Math.abs(center[0]) <= 180 && Math.abs(center[1]) <= 85);
  if (zoom !== null) assert.ok(zoom >= 0 && zoom < 100);
  for (const id of layers) assert.ok(atlas.layer(id), id);
  for (const { field } of conditions) assert.ok(atlas.field(field), field);
  assert.equal(new Set(conditions.map(({ field }) => field)).size, conditions.length);
  for (const text of [other, q, area]) assert.ok(text === null || typeof text === "string");
  if (q !== null) assert.ok(q.trim() === q && q.length > 0 && q.length <= 200);
  assert.ok(typeof certain === "boolean" && !(certain && area === null));
  assert.ok(selected === null || atlas.byKey.has(selected));
  for (const name of group?.split(",") ?? []) assert.ok(atlas.field(name.replace(/:(year|month)$/, "")), name);
  assert.ok(sum === null || ["integer", "number"].includes(atlas.field(sum).type));
  assert.equal(typeof shade, "boolean");
  for (const key of compare?.split(",") ?? []) assert.equal(atlas.byKey.get(key).layer.role, "areas");
  assert.ok(drawer === null || DRAWERS.includes(drawer));
  assert.ok(sort === null || atlas.field(sort.replace(/^-/, "")));
  assert.ok(table === null || atlas.layer(table)?.role === "sites");
  assert.ok(basemap === null || BASEMAPS.includes(basemap));
  assert.ok(Array.isArray(slides));
  for (const name of ignored) assert.equal(typeof name, "string");
}

test("a link without parameters is the view by default", () => {
  const view = read("");
  assert.deepEqual([...view.layers], ["districts", "mills"]);
  assert.deepEqual({ ...view, layers: null }, { center: null, zoom: null, layers: null, conditions: [], other: null, q: null, area: null, certain: false, selected: null, drawer: null, sort: null, table: null, group: null, sum: null, shade: false, compare: null, basemap: null, slides: [], ignored: [] });
});

test("a whole view is read whole", () => {
  const view = read(link({ center: "50.25,10.5", zoom: "11.25", layers: "wells", filter: "kind='a' AND workers>=3", q: " mill ", area: "box:50,10,51,11", certainty: "certain", selected: "wells/w/1?&=", drawer: "table", sort: "-workers", table: "wells", basemap: "osm", theme: "dark", lang: "zh", f: "html", utm_source: "mail" }));
  assert.deepEqual(view.center, [50.25, 10.5]);
  assert.equal(view.zoom, 11.25);
  assert.deepEqual([...view.layers], ["wells"]);
  assert.deepEqual(view.conditions.map(({ field }) => field), ["kind", "workers"]);
  assert.deepEqual([view.other, view.q, view.area, view.certain, view.selected, view.drawer, view.sort, view.table, view.basemap], [null, "mill", "box:50,10,51,11", true, "wells/w/1?&=", "table", "-workers", "wells", "osm"]);
  assert.deepEqual(view.ignored, []);
});

for (const key of NAMED) {
  test(`whatever is given as ${key}`, () => {
    const plain = read("");
    for (const value of HOSTILE) {
      const view = read(link({ [key]: value }));
      check(view);
      // One bad part takes no other with it.
      const rest = { ...view, ignored: null };
      for (const name of { filter: ["conditions", "other"], certainty: ["certain"] }[key] ?? [key]) delete rest[name];
      for (const [name, part] of Object.entries(rest)) assert.deepEqual(part, name === "ignored" ? null : plain[name], `${name} after ${key}=${value.slice(0, 40)}`);
    }
  });
}

test("a bad value is named", () => {
  const bad = { center: "💥", zoom: "💥", layers: "💥", q: " ", area: "💥", certainty: "certain", selected: "mills/m3", drawer: "💥", group: "kind,opened", sum: "kind", shade: "yes", compare: "districts/d1", basemap: "💥", slides: "[[💥]]", theme: "💥", lang: "💥" };
  for (const [key, value] of Object.entries(bad)) assert.deepEqual(read(link({ [key]: value })).ignored, [key]);
  assert.deepEqual(new Set(read(link(bad)).ignored), new Set(Object.keys(bad)));
});

test("what statistics count by, add up and compare", () => {
  for (const group of ["kind", "district", "kind,district", "opened:year", "opened:month,listed"]) assert.equal(read(link({ group })).group, group);
  for (const group of ["kind,kind", "kind,listed,district", "opened", "kind:year", "name", "tags", "kind,"]) assert.deepEqual(read(link({ group })).ignored, ["group"]);
  assert.deepEqual([read("?sum=workers").sum, read("?shade=1").shade], ["workers", true]);
  assert.equal(read(link({ compare: "districts/d2,districts/d1" })).compare, "districts/d2,districts/d1");
  for (const compare of ["districts/d1,districts/d1", "districts/d1,mills/m1", "districts/d1,districts/d3"]) assert.deepEqual(read(link({ compare })).ignored, ["compare"]);
});

test("of several layers those that are not there are named, and the others shown", () => {
  const view = read(link({ layers: "wells,constructor,mills,x" }));
  assert.deepEqual([[...view.layers], view.ignored], [["wells", "mills"], ["layers=constructor,x"]]);
  assert.deepEqual([...read("?layers=").layers], []);
});

test("a zoom without the centre that it was meant for shows the whole zone", () => {
  assert.deepEqual(read("?center=x&zoom=12").zoom, null);
  assert.deepEqual(read("?zoom=12").zoom, 12);
});

test("a parameter that nobody reads is named, whatever its name; a campaign's marks are not", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "Center", "layer", "💥", "<b>", " "]) {
    assert.deepEqual(read(link({ [name]: "1" })).ignored, [name]);
  }
  assert.deepEqual(read("?utm_source=a&utm_campaign=b").ignored, []);
});

test("any two parts together, the first of one that is given twice, and links that are none", () => {
  const some = HOSTILE.filter((value) => value.length < 100);
  for (const [at, key] of KEYS.entries()) {
    for (const [next, value] of some.entries()) check(read(link([[key, value], [KEYS[(at + next) % KEYS.length], some[(next * 7) % some.length]], [key, "1"]])));
  }
  for (const value of HOSTILE) check(read(value));
  assert.equal(read("?zoom=3&zoom=4").zoom, 3);
});
