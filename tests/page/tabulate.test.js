/** Groups of the server as rows and columns: nothing lost, nothing counted twice in a total, no order where little is known. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "./globals.js";

const { conditionOf, tabulate } = await import("../../server/static/tabulate.js");
const { setWords } = await import("../../server/static/words.js");
setWords(await wordsOf("en"));

const text = (en) => ({ zh: en, en });
const field = (name, more = {}) => ({ name, type: "text", label: text(name), unit: null, lang: null, codes: null, role: null, expected: false, ...more });
const DISTRICT = { name: "district", field: field("district", { type: "list", role: "district" }), unit: null, isDistrict: true };
const KIND = { name: "kind", field: field("kind", { type: "list", codes: { b: text("B"), a: text("A"), c: text("C") } }), unit: null, isDistrict: false };

function group(values, count, inferred = 0, sum = null, known = 0) {
  const labels = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value).toUpperCase()]));
  return { values, labels, kind: "value", count, inferred, sums: { n: { known_sum: sum, known_count: known, count: count + inferred } }, layers: {} };
}

const stats = (groups, rankable = true) => ({ matched: groups.reduce((all, one) => all + one.count + one.inferred, 0), groups, totals: {}, rankable });
const rowsOf = (table) => table.rows.map(({ label, total }) => [label, total.count, total.inferred]);

const BY_DISTRICT = [group({ district: "d1" }, 3), group({ district: "d2" }, 8, 1), group({ district: ["d1", "d2"] }, 2), group({ district: ["d1", "d3"] }, 1), group({ district: null }, 1)];

test("districts come by size, several and unknown ones apart at the end", () => {
  const table = tabulate(stats(BY_DISTRICT), [DISTRICT], null);
  assert.deepEqual(rowsOf(table), [["D2", 8, 1], ["D1", 3, 0], ["Several districts", 3, 0], ["District not published", 1, 0]]);
  assert.deepEqual([table.total.count, table.total.inferred, table.overlaps], [15, 1, false]);
});

test("where little is known they keep the order that they came in", () => {
  assert.deepEqual(rowsOf(tabulate(stats(BY_DISTRICT, false), [DISTRICT], null)).map(([label]) => label), ["D1", "D2", "Several districts", "District not published"]);
});

test("of other lists each value counts, once a row, and the total counts each item once", () => {
  const table = tabulate(stats([group({ kind: "a" }, 2), group({ kind: ["a", "c"] }, 3, 1), group({ kind: null }, 1)], false), [KIND], null);
  assert.deepEqual(rowsOf(table), [["A", 5, 1], ["C", 3, 1], ["Not published", 1, 0]]);
  assert.deepEqual([table.total.count, table.total.inferred, table.overlaps], [6, 1, true]);
});

test("two fields cross: the rows of one, the columns of the other", () => {
  const groups = [group({ kind: "a", district: "d1" }, 2), group({ kind: ["a", "b"], district: "d2" }, 3), group({ kind: null, district: null }, 4)];
  const table = tabulate(stats(groups, false), [KIND, DISTRICT], null);
  assert.deepEqual(table.columns.map(({ label, total }) => [label, total.count]), [["D1", 2], ["D2", 3], ["District not published", 4]]);
  assert.deepEqual(table.rows.map(({ label, cells }) => [label, table.columns.map(({ key }) => cells.get(key)?.count ?? 0)]), [["B", [0, 3, 0]], ["A", [2, 3, 0]], ["Not published", [0, 0, 4]]]);
});

test("what is not known is no nought, and too little known is not put in order", () => {
  const groups = [group({ district: "d1" }, 2, 0, null, 0), group({ district: "d2" }, 2, 0, 7.5, 1)];
  const table = tabulate(stats(groups), [DISTRICT], "n");
  assert.deepEqual(table.rows.map(({ total }) => [total.sum, total.known]), [[null, 0], [7.5, 1]]);
  assert.deepEqual([table.total.sum, table.isRankable], [7.5, false]);
  const known = [group({ district: "d1" }, 2, 0, 5, 2), group({ district: "d2" }, 2, 0, 7.5, 2)];
  assert.deepEqual(tabulate(stats(known), [DISTRICT], "n").rows.map(({ label }) => label), ["D2", "D1"]);
});

test("whole numbers beyond a double stay exact", () => {
  const groups = [group({ district: "d1" }, 1, 0, 9007199254740993n, 1), group({ district: "d2" }, 1, 0, 2, 1)];
  assert.equal(tabulate(stats(groups), [DISTRICT], "n").total.sum, 9007199254740995n);
});

test("a row asks for its items", () => {
  const place = (value, kind = "value") => ({ key: "", label: "", value, kind });
  assert.deepEqual(conditionOf(KIND, place("a")), { kind: "values", field: "kind", values: ["a"], unknown: false });
  assert.deepEqual(conditionOf(KIND, place(null, "unknown")), { kind: "values", field: "kind", values: [], unknown: true });
  assert.equal(conditionOf(DISTRICT, place(null, "several")), null);
  const year = { name: "day:year", field: field("day", { type: "date" }), unit: "year", isDistrict: false };
  const month = { ...year, name: "at:month", field: field("at", { type: "datetime" }), unit: "month" };
  const ends = ({ least, greatest }) => [least, greatest];
  assert.deepEqual(ends(conditionOf(year, place("2024"))), ["2024-01-01", "2024-12-31"]);
  assert.deepEqual(ends(conditionOf({ ...month, field: year.field }, place("2024-02"))), ["2024-02-01", "2024-02-29"]);
  assert.deepEqual(ends(conditionOf(month, place("2023-02"))), ["2023-02-01T00:00:00Z", "2023-02-28T23:59:59.999Z"]);
});
