/** Filters of the address: as many parentheses as there may be are taken off, quickly. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, feature, layer, makeAtlas } from "./zone.js";

const { askable } = await import("../../server/static/askable.js");
const { Atlas } = await import("../../server/static/atlas.js");
const { meets } = await import("../../server/static/conditions.js");
const { filterText, parseFilter } = await import("../../server/static/filter.js");

const atlas = makeAtlas();
const fieldOf = (name) => atlas.field(name);

test("parentheses around all of it mean nothing", () => {
  const plain = parseFilter("kind='a'", fieldOf);
  for (const text of ["(kind='a')", " ( ( kind='a' ) ) ", `${"(".repeat(50_000)}kind='a'${")".repeat(50_000)}`]) assert.deepEqual(parseFilter(text, fieldOf), plain);
  const apart = "(kind='a') OR (kind='b')";
  assert.deepEqual(parseFilter(apart, fieldOf), { conditions: [], other: apart });
});

test("a parenthesis in quotes is none, and one without its partner stays", () => {
  assert.deepEqual(parseFilter("(name=')')", fieldOf).conditions[0].values, [")"]);
  for (const text of ["(kind='a'", "kind='a')", "((kind='a')", ")("]) assert.deepEqual(parseFilter(text, fieldOf), { conditions: [], other: text });
});

test("what is read is written as it was", () => {
  for (const text of [
    "kind='a'", "kind IN ('a','b')", "(kind='a' OR kind IS NULL)", "workers IS NULL", "workers>=3", "(workers>=3 AND workers<=5)", "listed=true", "A_OVERLAPS(tags,('x','it''s'))",
    "opened>=DATE('2020-01-01')", "seen<=TIMESTAMP('2024-01-01T00:00:00Z')", "\"the \"\"odd\"\" one\"='x'", "kind='a' AND workers>=3 AND (name LIKE 'a%' OR name LIKE 'b%')",
  ]) {
    const { conditions, other } = parseFilter(text, fieldOf);
    assert.equal(filterText(conditions, other, fieldOf), text);
  }
});

test("backslashes are escapes, so those that are meant are doubled", () => {
  for (const [value, written] of [["C:\\new", "'C:\\\\new'"], ["end\\", "'end\\\\'"], ["\\'", "'\\\\'''"]]) {
    const text = `kind=${written}`;
    assert.equal(filterText([{ kind: "values", field: "kind", values: [value], unknown: false }], null, fieldOf), text);
    assert.deepEqual(parseFilter(`(${text} OR kind IS NULL) AND workers>=3`, fieldOf).conditions[0].values, [value]);
  }
  assert.deepEqual(parseFilter("kind='it\\'s\\ta \\d'", fieldOf).conditions[0].values, ["it's\ta \\d"]);
});

test("a name that is a word of the language stands in quotation marks", () => {
  for (const name of ["in", "Like", "NULL", "div"]) assert.equal(filterText([{ kind: "values", field: name, values: [], unknown: true }], null, fieldOf), `"${name}" IS NULL`);
});

test("what a double cannot hold, or no calendar has, is left to the server as it is written", () => {
  for (const text of ["workers>=9007199254740993", "workers=9007199254740993", "opened>=DATE('2024-02-31')", "opened>=DATE('soon')", "opened>=TIMESTAMP('2024-01-01T00:00:00Z')", "seen<=DATE('2024-01-01')", "seen<=TIMESTAMP('2024-01-01T10:00:00+02:00')"]) {
    assert.deepEqual(parseFilter(text, fieldOf), { conditions: [], other: text });
  }
  assert.equal(parseFilter("area_ha>=1e21", fieldOf).conditions[0].least, 1e21);
});

test("a large whole number is compared exactly", () => {
  const upTo = { kind: "range", field: "workers", least: null, greatest: 2 ** 53, unknown: false };
  assert.deepEqual([2n ** 53n, 2n ** 53n + 1n].map((workers) => meets(upTo, { workers })), [true, false]);
});

test("a field that is a text here and a number there can be asked about as neither", () => {
  const unlike = new Atlas([layer("one", [FIELDS[3]]), layer("two", [{ ...FIELDS[1], name: "workers" }])], new Map([["one", [feature("1", { workers: 1 }), feature("2", { workers: 2 })]]]));
  assert.deepEqual(parseFilter("workers>=1", (name) => unlike.field(name)), { conditions: [], other: "workers>=1" });
  assert.deepEqual(askable(unlike, new Set(["one", "two"])), []);
});
